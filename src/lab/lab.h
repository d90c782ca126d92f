/*
 * The lab: real worker processes a to i that map the same pages, the file they map, and the wire
 * between them and us.
 *
 * Each request goes to one worker, which answers when its system calls are done. Sending never
 * waits; an answer is collected when its socket is readable. Each worker has at most one request
 * under way. A worker that is stopped or hangs keeps its request; one that dies is noticed through
 * its socket. No worker and no file outlives us, whatever ends us. All workers run on one CPU if
 * the kernel allows it: only then does it reliably reuse a frame that has no other user.
 *
 * Beside the workers there is the clerk ('F'), a process without the mapping that performs file
 * operations, so that a slow disk never blocks the screen.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/lab/snapshot.h"

#define LAB_CLERK 'F'

struct lab;

struct lab_config {
	enum kind kind;
	uint32_t pages;     /* 1 to PAGES_MAX */
	unsigned processes; /* 1 to PROCESSES_MAX */
	const char *path;   /* a file that the user names, or NULL for one of our own */
	bool allow_write;   /* the named file may be written to */
	bool one_vma; /* all pages in one VMA: fault-around happens, and smaps has only their sum */
};

enum lab_op {
	LAB_READ,    /* touch: loads the first byte of each page */
	LAB_WRITE,   /* stores text at the start of each page */
	LAB_SYNC,    /* msync; argument: MS_ flags */
	LAB_ADVISE,  /* madvise; argument: MADV_ */
	LAB_PROTECT, /* mprotect; argument: PROT_ flags */
	LAB_UNMAP,
	/* maps the pages anew at their addresses; in the anonymous kinds to fresh memory, of
	 * another object */
	LAB_MAP,
	/* a robust mutex for all processes in the second half of the page, made by the first to
	 * lock it */
	LAB_LOCK,
	LAB_UNLOCK,
	LAB_COPY, /* copies a page between the process and the file; argument: enum lab_copy */
	LAB_PAGES_LAST = LAB_COPY, /* those up to here are done page by page, an act for each */
	/* child: the new worker's name; answered when the child is ready, or has ended before
	 * that */
	LAB_FORK,
	/* execve of our own program: the mapping is gone, the process continues to obey */
	LAB_EXEC,
	LAB_EXIT, /* argument: the status */
	/* malloc of mapping.length bytes, kept; answered with a struct allocation in bytes */
	LAB_ALLOC,
	/* opens the file in the worker by its name in text; argument: O_RDWR or O_RDONLY; a POSIX
	 * shm with shm_open(3) */
	LAB_OPEN,
	LAB_CLOSE, /* closes the worker's descriptor of the file */
	/* the clerk's */
	/* answers with the first CONTENT_MAX bytes of each page, up to the file's end */
	LAB_FILE_READ,
	LAB_FILE_WRITE,  /* pwrite of text at the start of each page */
	LAB_FILE_RESIZE, /* ftruncate to `first` pages and `argument` bytes */
	LAB_FILE_SYNC,   /* fsync */
	LAB_FILE_DROP,   /* fsync, then posix_fadvise DONTNEED */
	/* gives our own file the name in text, from lab_new_name(): only once, and it is removed
	 * when the lab ends */
	LAB_FILE_LINK,
	LAB_FILE_UNLINK, /* unlink of the name in text, if it still is the file's */
	/* mincore, for kernels without cachestat: a byte a page; for anonymous kinds ask a
	 * worker */
	LAB_FILE_CACHED,
	/* never requested, only reported by lab_receive() */
	/* a worker that lab_spawn() made is ready; or it died, and errnum says why if mmap failed:
	 * then it never existed */
	LAB_BORN,
	LAB_DIED, /* a worker ended without a request under way */
	/* a worker waits for a lock that holder has; its answer to LAB_LOCK comes once it has the
	 * lock */
	LAB_WAITS,
};

/* LAB_COPY: through memory, or by system calls on the file. */
enum lab_copy { LAB_COPY_LOAD, LAB_COPY_STORE, LAB_COPY_READ, LAB_COPY_WRITE };

/* The arguments of mmap(2) for LAB_MAP, where they differ from the first mapping's. Nothing is
 * checked: the kernel may refuse. */
struct lab_mapping {
	bool has_offset, has_length, has_protection;
	/* of the request's first page, into the file; the others follow it page by page */
	uint64_t offset;
	uint64_t length; /* of the mapping that begins at each page */
	int protection;  /* PROT_ flags */
	int sharing;     /* MAP_SHARED or MAP_PRIVATE; 0: as the lab's kind */
	bool fixed; /* MAP_FIXED, which replaces what is mapped there; else MAP_FIXED_NOREPLACE */
	enum lab_mapped {
		LAB_MAPPED_OWN, /* the lab's file, or memory */
		/* a closed descriptor */
		LAB_MAPPED_CLOSED,
		LAB_MAPPED_PIPE,
		LAB_MAPPED_DIRECTORY,
		/* the lab's file, opened read-only */
		LAB_MAPPED_READ_ONLY,
		LAB_MAPPED_WRITE_ONLY,
	} of;
};

struct lab_request {
	char worker; /* 'a' to 'i', or LAB_CLERK */
	enum lab_op op;
	uint32_t first, count; /* pages [first, first + count) */
	int argument;
	char child; /* LAB_FORK */
	/* LAB_WRITE, LAB_FILE_WRITE: 1 to page size bytes; LAB_OPEN, LAB_FILE_LINK,
	 * LAB_FILE_UNLINK: a path; borrowed during the call */
	const char *text;
	size_t length;
	struct lab_mapping mapping; /* LAB_MAP */
};

/* An answer. acts and bytes belong to the reply: lab_reply_free(). */
struct lab_reply {
	char worker;
	enum lab_op op;
	bool died;   /* the worker ended instead of answering */
	char holder; /* LAB_WAITS */
	int errnum;  /* of a call for the whole request (fork, the clerk's calls); 0 */
	/* one per page: evidence, see snapshot.h. None for the clerk's operations */
	struct act *acts;
	size_t act_count;
	/* LAB_ALLOC: a struct allocation; LAB_FILE_READ: contents; LAB_FILE_CACHED: mincore's
	 * vector */
	unsigned char *bytes;
	size_t byte_count;
};

struct lab_worker {
	char name, forked_from;
	pid_t pid, ppid;
	bool dead, busy;
	bool waits;         /* busy: for a lock */
	int exit_signal;    /* the signal that ended it; 0 */
	int exit_status;    /* -1: none, or unknown */
	int pagemap, smaps; /* -1 once dead */
	struct doings did;
	uint64_t address;
	/* for each page: processes with equal numbers have the same file or memory object there. 1:
	 * the file, or the object of the beginning; 0: unmapped */
	const uint32_t *objects;
};

/* Call it first in main(): a worker that called execve continues here, and this doesn't return. */
void lab_go_on(int argc, char *argv[]);

/* Starts the file and the workers and waits until they are ready. NULL on error. From then on we
 * ignore SIGXFSZ and are the subreaper (prctl(2)) of our children's orphans. */
struct lab *lab_open(const struct lab_config *config, struct err *err);

/* Ends every worker, waits for them, gives back the file. NULL does nothing. */
void lab_close(struct lab *lab);

/* descriptor, or -1 for the anonymous kinds; borrowed */
int lab_file(const struct lab *lab);
/* by which another program can open it; NULL for the anonymous kinds */
const char *lab_path(const struct lab *lab);

/* Can our own file be given a name? Not if the file system lacks O_TMPFILE. */
bool lab_can_link(const struct lab *lab);

/* A name that LAB_FILE_LINK can give our own file; lab_name() returns it from then on. Borrowed. */
const char *lab_new_name(struct lab *lab);

/* The name that the file has, had, or was to be given. NULL: it never had one. */
const char *lab_name(const struct lab *lab);

/* The workers by ascending name, including dead ones until their name is reused. Borrowed until the
 * next call that changes the lab. */
size_t lab_workers(struct lab *lab, const struct lab_worker **workers);
/* LAB_CLERK too. NULL: there never was one */
const struct lab_worker *lab_worker(const struct lab *lab, char name);

/* Sends a request. -1 with a sentence if the worker doesn't exist, is busy or has died. */
int lab_send(struct lab *lab, const struct lab_request *request, struct err *err);

/* A new worker of its own (not forked from another) that maps the pages afresh. name 0: the first
 * free one. LAB_BORN reports when it is ready. Returns the name, or -1. */
int lab_spawn(struct lab *lab, char name, struct err *err);

/* kill(2), through a pidfd where there is one. */
int lab_kill(struct lab *lab, char name, int signal, struct err *err);

/* Descriptors to wait on: fills at most room entries and returns how many there are (at most 2 *
 * PROCESSES_MAX + 2 = 20). */
size_t lab_poll(const struct lab *lab, struct pollfd *fds, size_t room);

/* Collects one answer or report without waiting. 1: *reply filled; 0: there is none. */
int lab_receive(struct lab *lab, struct lab_reply *reply);
void lab_reply_free(struct lab_reply *reply);

/* The first name that no living worker has, or 0. */
char lab_free_name(const struct lab *lab);

#endif
