/*
 * A family: running processes that are not ours, read once. What they share, in one value.
 *
 * It is filled by src/attach, finished by family_finish(), and from then on never changed. It
 * stands beside the lab's struct snapshot and shares its words (PAGE_STATES) only. Reference
 * counted: family_hold(), family_free().
 *
 * A region is a mapping, lined up across the processes that have it: by address where they come
 * from one fork, by file and offset for mapped files. Its pages count from 0 at region.start. A
 * strip is a region in one process, one byte (a cell) a page, kept only for granules of 512 pages
 * in which some cell is not 0. Granules that did not change are shared between one family and the
 * next.
 *
 * Units: pages where no unit is named, else KiB or bytes as the name says; addresses are virtual;
 * intervals are [start, end); times are CLOCK_REALTIME in nanoseconds, 0 for never. COUNT_UNKNOWN:
 * the kernel would not tell. Text from outside (commands, paths) went through utf8_clean().
 */
#ifndef MODEL_FAMILY_FAMILY_H
#define MODEL_FAMILY_FAMILY_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/family/blame.h"
#include "model/words.h"

#define GRANULE_PAGES 512
#define MEMBER_NAME_MAX 8
#define MEMBER_NONE (-1)

/* A cell: the state in the low bits, facts above it. 0 is an absent page about which nothing is
 * known. Two bits have a second meaning on pages where the first is impossible: use cell_same(),
 * cell_file() and the like. */
#define CELL_STATE 0x07 /* enum page_state */
#define CELL_WAS_SHARED \
	0x08 /* shared in the baseline, or when it was forked since, whatever it is now */
#define CELL_MOVED 0x10 /* two readings of this sample contradict each other */
#define CELL_HUGE 0x20  /* part of a huge page, mapped as one */
#define CELL_SAME 0x40  /* copied or parted, and its bytes equal the parent's: --compare only */
#define CELL_FILLED \
	0x40 /* private: it filled a hole, so that nobody else's frame there is of one origin with \
		it */
#define CELL_FILE 0x80    /* bit 61: of a file or of shared memory; never parted */
#define CELL_COUNTED 0x80 /* parted: a copy that is counted here, and at no relative's page */

static_assert(PAGE_STATE_COUNT <= CELL_STATE + 1, "a cell's byte has room for each state");

/* Every state but absent, in the order of JSON and reports. */
#define FAMILY_STATES (PAGE_STATE_COUNT - 1)
extern const enum page_state states_told[FAMILY_STATES];

static inline enum page_state
cell_state(uint8_t cell)
{
	return (enum page_state)(cell & CELL_STATE);
}

static inline bool
cell_same(uint8_t cell)
{
	return cell & CELL_SAME &&
	    (cell_state(cell) == PAGE_COPIED || cell_state(cell) == PAGE_PARTED);
}

static inline bool
cell_filled(uint8_t cell)
{
	return (cell & (CELL_STATE | CELL_FILLED)) == (PAGE_PRIVATE | CELL_FILLED);
}

static inline bool
cell_file(uint8_t cell)
{
	return cell & CELL_FILE && cell_state(cell) != PAGE_PARTED;
}

static inline bool
cell_counted(uint8_t cell)
{
	return (cell & (CELL_STATE | CELL_COUNTED)) == (PAGE_PARTED | CELL_COUNTED);
}

/* What the knowledge about copies is based on: constant, word. */
#define BASES(X) \
	X(SAMPLE, "sample")   /* some of it from one sample: its past is unknown */ \
	X(WATCHED, "watched") /* all of it was seen to come, since watching began or the process \
				 was forked */ \
	X(FAULTS, "faults")   /* and fault events told who wrote: --blame */

#define X(constant, word) BASIS_##constant,
enum basis { BASES(X) BASIS_COUNT };
#undef X

/* The life of a process of the family: constant, word. */
#define MEMBER_LIVES(X) \
	X(RUNNING, "running") \
	X(STOPPED, "stopped") \
	X(ZOMBIE, "zombie") /* ended, not waited for yet: it has no memory */ \
	X(KERNEL, "kernel") /* a kernel thread: it has no memory of its own */ \
	X(GONE, "gone")     /* ended, or its PID belongs to another process now */ \
	X(DENIED, "denied") /* alive, but we may not read it: member.errnum says why */

#define X(constant, word) MEMBER_##constant,
enum member_life { MEMBER_LIVES(X) MEMBER_LIFE_COUNT };
#undef X

/* What a region maps: constant, word. */
#define REGION_KINDS(X) \
	X(HEAP, "heap") \
	X(STACK, "stack") \
	X(ANON, "anonymous") \
	X(FILE, "file") /* MAP_PRIVATE or MAP_SHARED, see perms[3] */ \
	X(SHM, "shm")   /* memory shared without a file on a disk: memfd, /dev/shm, MAP_SHARED \
			   anonymous, SysV */ \
	X(VDSO, "vdso") \
	X(DEVICE, "device") /* no page frames of memory back it: its pages are unknown, \
			       and in no process's numbers */

#define X(constant, word) REGION_##constant,
enum region_kind { REGION_KINDS(X) REGION_KIND_COUNT };
#undef X

/* Pages counted, of a strip or of a whole process. counts[PAGE_ABSENT] is 0. */
struct tally {
	uint32_t counts[PAGE_STATE_COUNT];
	uint32_t was_shared;   /* shared in the baseline */
	uint32_t still_shared; /* of these: shared now */
	uint32_t went_copied;  /* of these: copied now */
	uint32_t went_parted;  /* of these: parted now */
	uint32_t counted;      /* of what went parted: cell_counted() */
	uint32_t left_alone;   /* of these: private now, because the others left it */
	uint32_t same;         /* cell_same() */
	uint32_t huge, moved;
	/* bit 56: mapped exactly once, as far as known (private, copied and parted) */
	uint32_t apart;
};

struct granule {
	/* counts its holders; NULL: static, all cells alike */
	struct granule *self;
	unsigned holders;
	uint8_t cells[GRANULE_PAGES];
};

struct strip_part {
	uint64_t index; /* pages [index * 512, index * 512 + 512) of the region */
	const struct granule *granule;
};

/* Pages [first, end) of a region that a process has mapped. */
struct span {
	uint64_t first, end;
};

struct strip {
	uint16_t member;     /* index into family.member */
	bool unread;         /* not read in this sample or any before */
	char perms[5];       /* "rw-p", of the part with most pages */
	uint64_t address;    /* of the region's page 0 in this process */
	uint64_t first, end; /* pages of the region between which this process maps something */
	struct span *spans;  /* its parts, ascending; none: everywhere in between */
	size_t span_count;
	uint64_t read_ns;     /* when its cells were read: they may be older than the family */
	uint64_t compared_ns; /* --compare: when; 0: never */
	struct tally tally;
	struct strip_part *parts; /* ascending */
	size_t part_count, part_room;
};

/* --compare=siblings, of a region or all of them: pages; if sampled, extrapolated. */
struct siblings {
	uint64_t equal;    /* frames that one at the same place, of the same bytes, would do for */
	uint64_t copies;   /* of these: copies of what was shared once */
	uint64_t zeros;    /* frames that hold nothing but zeros; not in equal */
	uint64_t compared; /* pages whose bytes were read */
	uint64_t unread;   /* and those that could not be read */
};

/* False if nothing could be read. */
static inline bool
siblings_known(const struct siblings *siblings)
{
	return siblings->compared || !siblings->unread;
}

struct region {
	uint64_t start, end; /* addresses in the first process that has it */
	uint64_t offset;     /* of start, bytes into the file; 0: no file */
	uint64_t device;     /* major << 32 | minor, as maps has it */
	uint64_t inode;      /* 0: anonymous */
	enum region_kind kind;
	char perms[5]; /* of the first process that has it */
	/* as in maps, "[heap]", "/usr/lib/x.so"; "": none; never NULL */
	char *path;
	struct strip *strips; /* ascending member; processes without it have none */
	size_t strip_count, strip_room;
	struct tally tally; /* over its strips */
	struct siblings siblings;
};

struct member {
	/* "a" to "z", "aa"..: in the order of joining, never reused */
	char name[MEMBER_NAME_MAX];
	pid_t pid, ppid;
	/* index of the process of the family that it was forked from; MEMBER_NONE */
	int parent;
	int memory_of;        /* index of the process whose memory it shares (CLONE_VM, vfork);
				 MEMBER_NONE: it has its own. Otherwise it has no strips, and its tally is
				 that process's */
	uint64_t start_ticks; /* field 22 of stat: identifies it together with the pid */
	uid_t uid;
	char *command;      /* comm; never NULL */
	char *command_line; /* arguments separated by blanks; "": unreadable; never NULL */
	enum member_life life;
	int errnum; /* MEMBER_DENIED: EACCES, EPERM, ENOENT (hidepid), EIO.. */
	/* its memory went away while it was read: it has no numbers in this sample */
	bool lost;
	uint64_t read_ns; /* of its oldest strip */
	uint64_t left_ns; /* MEMBER_GONE: when that was noticed */
	uint64_t pss_kib; /* smaps_rollup, as of pss_ns, which is older than the rest */
	uint64_t pss_ns;
	uint64_t tables_kib; /* its page tables: VmPTE of status */
	struct tally tally;
};

/* What a permission or a newer kernel would add: bits of family.lacks. */
#define LACKS_PFN 1u        /* CAP_SYS_ADMIN: frames counted once; sharing of huge pages */
#define LACKS_KPAGECOUNT 2u /* root: sharing of huge pages with processes outside the family */
#define LACKS_SCAN 4u       /* Linux 6.7: the page of zeros and huge pages for ordinary users */
#define LACKS_PROCESS 8u    /* a process of the family may not be read */
#define LACKS_CONTENTS 16u  /* permission of ptrace(2): contents to compare */
#define LACKS_READING 32u   /* another try: a reading failed in this sample */

struct family {
	struct family *self; /* counts its holders */
	unsigned holders;
	uint64_t number;      /* of the sample: 1, 2.. */
	uint64_t time_ns;     /* when its reading began */
	uint64_t end_ns;      /* and ended */
	uint64_t interval_ns; /* from the sample before; 0 for the first */
	uint64_t baseline_ns; /* of the baseline; 0: there is none */
	uint32_t page_size;
	int8_t pfn;    /* enum tri: the kernel shows PFNs */
	bool frozen;   /* its processes stood still while they were read */
	bool restless; /* they were meant to, and didn't, or not until the end */
	bool whole;    /* false: shown before a first complete reading */
	unsigned lacks;
	struct member *members; /* ascending names; those that left stay for a while */
	size_t member_count, member_room;
	struct region *regions; /* most copied first, then most present, then by address */
	size_t region_count, region_room;
	uint64_t sum_rss_kib; /* the sum of the Rss that top shows */
	/* every frame that the family maps, once; COUNT_UNKNOWN without PFNs */
	uint64_t frames_kib;
	/* processes that came and went since the first sample without being read; COUNT_UNKNOWN */
	uint64_t unseen;
	uint64_t unseen_least; /* at least this many, even if unseen is unknown */
	/* frames that copying added: at each page those of one origin, less one; COUNT_UNKNOWN */
	uint64_t copied_kib;
	/* parted pages, each once however many processes it is parted in; COUNT_UNKNOWN */
	uint64_t parted_kib;
	struct tally tally; /* over all strips but those of devices */
	struct siblings siblings;
	uint64_t siblings_ns;  /* when they were compared; 0: never */
	uint32_t siblings_in;  /* one place in this many was compared; 1: all */
	uint64_t equal_places; /* frames that one anywhere would do for: pages; COUNT_UNKNOWN */
	/* mappings that a saved sample counts without naming them: in no region, */
	size_t left_out;
	struct tally left_tally; /* but included in the numbers above */
	/* time spent reading and classifying pages, without Pss and pauses */
	double read_ms;
	double cpu_ms;  /* its processor time, all threads */
	uint64_t pages; /* entries of pagemap that were read */
	/* what fault events told up to this sample, held; NULL: not asked */
	const struct blame *blame;
};

/* For building, also in tests. Pointers into the family are valid until the next call that adds the
 * like.
 */
struct family *family_new(void); /* one holder, page size 4096 */
struct member *family_add_member(
    struct family *family, const char *name, pid_t pid, const char *command);
void member_set_command_line(struct member *member, const char *text); /* NULL: "" */
struct region *family_add_region(
    struct family *family, uint64_t start, uint64_t end, enum region_kind kind, const char *path);
/* all of the region, at its address; ascending member */
struct strip *region_add_strip(struct region *region, size_t member);
void strip_fill(struct strip *strip, uint64_t first, uint64_t count, uint8_t cell);
/* ascending index */
void strip_add_granule(struct strip *strip, uint64_t index, const uint8_t cells[GRANULE_PAGES]);
/* the same, shared */
void strip_keep_granule(struct strip *strip, uint64_t index, const struct granule *granule);
void strip_clear(struct strip *strip);     /* as if it had never been read */
void family_finish(struct family *family); /* tallies, sum_rss_kib, the order of regions */

/* Takes it over; call it once, before anything else uses the family. */
void family_take_blame(const struct family *family, const struct blame *blame);

const struct family *family_hold(const struct family *family);
void family_free(const struct family *family); /* NULL does nothing */

/* Looking. */
/* NULL: not mapped in that process */
const struct strip *region_strip(const struct region *region, size_t member);
uint64_t region_pages(const struct family *family, const struct region *region);
uint8_t strip_cell(const struct strip *strip, uint64_t page);
/* NULL: all absent */
const struct granule *strip_granule(const struct strip *strip, uint64_t index);
/* of these pages; adds */
void strip_tally(const struct strip *strip, uint64_t first, uint64_t end, struct tally *tally);
/* the first page at or after it whose cell is not 0; UINT64_MAX */
uint64_t strip_next(const struct strip *strip, uint64_t page);
/* NULL: nobody */
const struct member *family_member(const struct family *family, const char *name);
/* NULL: none */
const struct region *family_region_at(const struct family *family, size_t member, uint64_t address);
const char *basis_word(enum basis basis);
const char *member_life_word(enum member_life life);
const char *region_kind_word(enum region_kind kind);
void member_name(char name[MEMBER_NAME_MAX], size_t number); /* 0: "a", 26: "aa" */

void tally_add(struct tally *to, const struct tally *from);

/* Numbers of a tally, in KiB. */
uint64_t tally_kib(const struct family *family, const struct tally *tally, enum page_state state);
uint64_t tally_copies(const struct tally *tally); /* pages: copied or parted */
/* those of them that were shared in the baseline */
uint64_t tally_went(const struct tally *tally);
/* shared in the baseline and gone now: dropped, swapped, or unknown */
uint64_t tally_let_go(const struct tally *tally);
/* of a tally of this family */
enum basis tally_basis(const struct family *family, const struct tally *tally);
uint64_t tally_present(const struct tally *tally); /* pages: everything but absent and swapped */
/* counted: present, without zeros */
uint64_t member_rss_kib(const struct family *family, const struct member *member);
/* COUNT_UNKNOWN while some are unknown */
uint64_t member_uss_kib(const struct family *family, const struct member *member);

/* One page across the family, read when a person looks at it: attach_look(). */
struct page_look {
	bool mapped; /* this process maps something there */
	bool known;  /* the entry could be read */
	uint64_t address;
	uint64_t pagemap;    /* see model/pagemap_bits.h */
	uint64_t kpageflags; /* 0: not known */
	uint64_t kpagecount; /* COUNT_UNKNOWN */
	int8_t zero, huge;   /* enum tri */
	uint8_t cell;        /* as in the family shown */
	/* processes of the family that map the same frame at this page; bit 0 is member 0; 0:
	 * unknown */
	uint64_t sharers;
};

#endif
