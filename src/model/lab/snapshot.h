/*
 * A snapshot: everything that was read of the lab at one moment, as one value.
 *
 * It is filled by src/kernel (what was read), completed by classify() (what follows from it), and
 * never changes after that: history, JSON, captures and tests look at the same value. Reference
 * counted: snapshot_hold(), snapshot_free().
 *
 * Units: pages count from 0; sizes in KiB where the name says so, else bytes; addresses are
 * virtual; times are CLOCK_REALTIME in nanoseconds. COUNT_UNKNOWN: the kernel doesn't tell the
 * number.
 */
#ifndef MODEL_LAB_SNAPSHOT_H
#define MODEL_LAB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/words.h"

#define PROCESSES_MAX 9 /* named a to i */
#define PROCESS_NAME_END ((char)('a' + PROCESSES_MAX))
#define PAGES_MAX 4096
#define CONTENT_MAX 16
#define FRAME_NONE UINT32_MAX
#define FRAME_NAME_MAX 16

static inline bool
is_process_name(char name)
{
	return name >= 'a' && name < PROCESS_NAME_END;
}

/* One entry of /proc/PID/smaps. Sizes in KiB. */
struct smaps {
	uint64_t start, end; /* addresses [start, end) */
	uint64_t offset;     /* of start, bytes into the file */
	char perms[5];       /* "rw-p" */
	uint32_t rss, pss;
	uint32_t shared_clean, shared_dirty;
	uint32_t private_clean, private_dirty;
	uint32_t referenced, anonymous, ksm, swap;
	uint32_t huge; /* AnonHugePages: the part that is mapped in units of 2 MiB */
};

/* The first bytes of a page. */
struct content {
	uint8_t length; /* 0: unknown or not present */
	unsigned char bytes[CONTENT_MAX];
};

/* One page of the lab's mapping in one process. */
struct page {
	/* read */
	uint64_t pagemap;    /* the entry as read; 0 if !pagemap_known */
	uint64_t kpageflags; /* of its frame; 0 if not allowed or not present */
	struct content content;
	int32_t vma;     /* index into process.vmas; -1: nothing is mapped at this address */
	uint32_t object; /* which file or memory object is mapped here: equal in two processes that
			    have the same at one page. 1: the lab's original; 0: none */
	/* enum tri: the kernel's page of zeros (PFNZERO, ZERO_PAGE, or present with Rss 0) */
	int8_t zero;
	bool pagemap_known;
	bool disagrees; /* pagemap and smaps contradict each other, even on a second reading */

	/* classify() */
	uint8_t state;     /* enum page_state */
	bool inferred;     /* follows from what was read, without the PFN */
	int8_t dirty;      /* enum tri: smaps counts the page as dirty */
	uint8_t mapped_by; /* processes of the lab that map the same frame */
	uint32_t frame;    /* index into snapshot.frames; FRAME_NONE: not present, or unknown */
};

/* Where malloc took a block from: addresses, and what sbrk(2) and /proc/self/maps said. */
struct allocation {
	uint64_t block, size;             /* size 0: no block */
	uint64_t heap_before, heap_after; /* where the heap ended */
	uint64_t start, end;              /* the mapping that holds the block; 0, 0: not found */
};

/* How often a process was told to do, and did, what no page shows. */
struct doings {
	bool closed;             /* its descriptor of the file */
	uint32_t opens;          /* of the file, by its name */
	uint32_t programs;       /* execve */
	uint32_t blocks;         /* malloc */
	struct allocation block; /* the last of them */
};

/* How a process is. */
enum life {
	LIFE_RUNNING,
	LIFE_STOPPED, /* by a signal: T in /proc/PID/stat */
	LIFE_BUSY,    /* has not answered its last command */
	LIFE_DEAD,
};

struct process {
	char name;        /* 'a' to 'i' */
	char forked_from; /* the parent's name if fork made it; 0 */
	pid_t pid, ppid;
	enum life life;
	bool asked;      /* a request was under way in it while it was read */
	bool waits;      /* LIFE_BUSY: it waits for a lock that another process holds */
	int exit_signal; /* LIFE_DEAD: the signal that ended it; 0 */
	int exit_status; /* LIFE_DEAD: its exit status; -1: unknown */
	struct doings did;
	uint64_t address;                    /* of page 0 */
	uint64_t minor_faults, major_faults; /* /proc/PID/stat through libproc2 */
	/* of the whole process: /proc/PID/status through libproc2 */
	uint64_t rss_anon_kib, rss_file_kib, rss_shmem_kib;
	/* of the lab's mapping: sums over its smaps entries */
	uint64_t rss_kib, pss_kib;
	struct page *pages; /* snapshot.page_count of them */
	struct smaps *vmas; /* ascending addresses */
	size_t vma_count;
};

/* A page frame that some process maps. */
struct frame {
	uint64_t pfn;    /* 0: not known */
	uint32_t page;   /* of the file, or of the process that was given it */
	uint32_t object; /* BIRTH_FILE: the memory object; else 0 */
	/* 'F' the file or object, 'Z' the page of zeros, else the process that was given it */
	char owner;
	uint8_t birth; /* enum birth */
	/* a write that faults may copy it even if only one process has it: see act.loosens */
	bool loose;
	/* tells apart two live frames with the same owner and page: a2, a2', a2'' */
	uint8_t generation;
	uint8_t mapped_by;  /* processes of the lab */
	uint16_t processes; /* which: bit 0 is a, bit 8 is i */
};

/* One page of the file (or shared memory object) in the page cache. Each is an enum tri. */
struct file_page {
	int8_t cached, dirty, writeback; /* cachestat(2); mincore(2) tells only cached */
	struct content content;          /* where cached */
};

struct memory { /* system, KiB: /proc/meminfo through libproc2 */
	uint64_t used_kib, buff_cache_kib, shared_kib, available_kib, dirty_kib;
	uint64_t anon_kib; /* AnonPages; only from kernel_memory() */
};

/* What a process was told to do to a page, and the result: evidence that the process itself
 * gathered around the act. Acts are in the order in which they happened. */
enum act_verb {
	ACT_READ,
	ACT_WRITE,
	ACT_SYNC,
	ACT_ADVISE,
	ACT_PROTECT,
	ACT_UNMAP,
	ACT_MAP,
	ACT_LOCK,
	ACT_UNLOCK,
	ACT_COPY,
	ACT_VERB_COUNT
};

struct act {
	char process;
	uint8_t verb;          /* enum act_verb */
	uint16_t minor, major; /* page faults during the act: getrusage(2) */
	/* ACT_ADVISE: after this advice bit 56 doesn't promise that a write reuses the frame */
	bool loosens;
	uint16_t calls; /* ACT_COPY: system calls that it took */
	/* ACT_COPY: bytes that they copied between the kernel and the process */
	uint32_t copied;
	uint32_t page;
	/* its pagemap entry around the act; 0, 0 if it could not be read */
	uint64_t before, after;
	int errnum;       /* the system call's errno; 0 */
	int signal, code; /* SIGSEGV or SIGBUS and si_code; 0 */
	bool no_room;     /* SIGBUS: the file system was full at that moment */
	uint64_t address; /* si_addr */
	struct content
	    content; /* of the page after the act, as the process saw it through its own mapping;
			length 0 if it did not look: it does after a read or write */
};

struct machine {
	char release[66]; /* uname(2) */
	uint32_t page_size;
	int8_t pfn; /* enum tri: TRI_YES if the kernel shows PFNs to us */
	/* enum tri: TRI_NO if reading memory that was never written doesn't map the page of
	 * zeros */
	int8_t zero_page;
};

struct snapshot {
	struct snapshot *self; /* counts its holders */
	unsigned holders;
	uint32_t step; /* 0 when the lab starts; each acting command adds one */
	/* which lab of this session: two labs have no frame or process in common */
	uint32_t lab;
	char *command; /* the command that led to this step; NULL */
	uint64_t time_ns;
	struct machine machine;
	enum kind kind;
	uint32_t page_count;
	bool one_vma;                            /* the lab keeps all pages in one VMA */
	bool read_only;                          /* the lab maps its pages read-only */
	char *path;                              /* of the mapped file; NULL: none */
	char *filesystem;                        /* "ext4"; NULL: unknown */
	uint64_t file_bytes;                     /* size of the file; COUNT_UNKNOWN: no file */
	uint64_t file_links;                     /* how many names it has; COUNT_UNKNOWN: no file */
	struct process processes[PROCESSES_MAX]; /* ascending names */
	size_t process_count;
	/* page_count of them; NULL: no file or object */
	struct file_page *file_pages;
	/* whether a page of the file is dirty is known only while some process maps it */
	bool dirty_by_map;
	struct memory memory;
	struct act *acts; /* of the command that led to this step */
	size_t act_count;

	/* classify() */
	struct frame *frames; /* ascending pages; the page of zeros last */
	size_t frame_count;
};

/* A snapshot with page_count pages for each of process_count processes, all unknown or absent. */
struct snapshot *snapshot_new(uint32_t page_count, size_t process_count);

/* Adds or removes a holder; the last one frees it. A new snapshot has one. NULL does nothing. */
const struct snapshot *snapshot_hold(const struct snapshot *snapshot);
void snapshot_free(const struct snapshot *snapshot);

/* The bytes that the snapshot occupies. */
size_t snapshot_bytes(const struct snapshot *snapshot);

/* By name; NULL: there is none. */
const struct process *snapshot_process(const struct snapshot *snapshot, char name);

/* The smaps entry that holds the page, or NULL. */
const struct smaps *page_smaps(const struct process *process, uint32_t page);

/* Which page of the file the process has mapped at this page: not the same number if mmap was told
 * otherwise, and possibly one past the last. The page's own number if nothing is mapped, or without
 * a file. */
uint32_t page_file_page(
    const struct snapshot *snapshot, const struct process *process, uint32_t page);

/* The frame of that page of the file, or of this page of the memory object. */
struct frame page_file_frame(
    const struct snapshot *snapshot, const struct process *process, uint32_t page);

/* Does it map a page of the file or of a memory object? Bit 61 alone doesn't tell: the huge page of
 * zeros has it. */
bool page_is_of_file(const struct page *page);

/* Does its protection differ from the one that the lab gives its pages at first? */
bool page_is_protected(
    const struct snapshot *snapshot, const struct process *process, uint32_t page);

/* Is it mapped MAP_SHARED, so that a write reaches all? If nothing is mapped: as the lab's kind. */
bool page_is_shared(const struct snapshot *snapshot, const struct process *process, uint32_t page);

/* Does the smaps entry cover only this page, so that its numbers are the page's? */
bool smaps_is_single(const struct smaps *smaps, uint32_t page_size);

/* Is it known whether the act kept the anonymous frame that it found? */
bool act_is_sure(const struct act *act, const struct frame *frame);

/* "F2", "a2", "a2'", "Z"; "" for FRAME_NONE. Returns name. */
const char *frame_name(const struct frame *frame, char name[FRAME_NAME_MAX]);
const char *snapshot_frame_name(
    const struct snapshot *snapshot, uint32_t frame, char name[FRAME_NAME_MAX]);

/* The index of the first frame of this page or a later one; if there is none, that of the page of
 * zeros, or frame_count. */
size_t snapshot_first_frame(const struct snapshot *snapshot, uint32_t page);

/* This snapshot's entry for a frame of another snapshot of the lab; NULL if no process maps it
 * here. */
const struct frame *snapshot_find_frame(const struct snapshot *snapshot, const struct frame *frame);

/* Does it belong to a process, not to the file or a memory object, and isn't the page of zeros? */
bool frame_is_anonymous(const struct frame *frame);

/* Are they the same frame, in two snapshots of one lab? */
bool frame_same(const struct frame *one, const struct frame *other);

#endif
