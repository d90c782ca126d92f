/*
 * Events: the difference between two snapshots of one lab.
 *
 * Pure. A struct events owns its list; the events are values. Sentences are whole, translated, and
 * name the processes that still share the old frame.
 */
#ifndef MODEL_LAB_EVENTS_H
#define MODEL_LAB_EVENTS_H

#include "base/buf.h"
#include "model/lab/snapshot.h"

/* constant, word in JSON. */
#define EVENT_TYPES(X) \
	X(STARTED, "started") /* a process joined: spawned or forked */ \
	X(EXITED, "exited")   /* a process ended */ \
	X(STOPPED, "stopped") /* a process was stopped by a signal */ \
	X(CONTINUED, "continued") \
	X(FAULTED, "faulted")       /* SIGSEGV or SIGBUS during an act */ \
	X(REFUSED, "refused")       /* an act's system call failed */ \
	X(COPIED, "copied")         /* copy-on-write: from one frame into a new one */ \
	X(FILLED, "filled")         /* a fresh frame replaced nothing or the page of zeros */ \
	X(MAPPED, "mapped")         /* a page table entry for a frame that existed already */ \
	X(DROPPED, "dropped")       /* the page table entry is gone */ \
	X(SWAPPED, "swapped")       /* the page went to swap */ \
	X(SWAPPED_IN, "swapped in") /* and came back into a frame */ \
	X(SHARED, "shared")         /* another process maps the frame now too */ \
	X(BECAME_PRIVATE, "became private") /* the other sharers left or copied */ \
	X(CHANGED, "changed")               /* other bytes that no process of the lab wrote */ \
	X(DIRTIED, "dirtied")               /* the file's page has changes not written back */ \
	X(CLEANED, "cleaned")               /* they were written back or thrown away */ \
	X(CACHED, "cached")       /* the file's page entered the page cache; no process maps it */ \
	X(EVICTED, "evicted")     /* the file's page left the page cache */ \
	X(RESIZED, "resized")     /* the file's length changed */ \
	X(NAMED, "named")         /* the file was given a name, or one was removed */ \
	X(OPENED, "opened")       /* a process opened the file by its name */ \
	X(CLOSED, "closed")       /* a process closed its descriptor of the file */ \
	X(PROTECTED, "protected") /* a page's protection changed */ \
	X(WAITING, "waiting")     /* a process waits for a lock that another one holds */ \
	X(LOCKED, "locked")       /* a process holds the lock in a page */ \
	X(UNLOCKED, "unlocked")   /* and gave it back */ \
	X(ALLOCATED, "allocated") /* malloc gave a process a block */ \
	X(EXECUTED, "executed")   /* a process runs another program: execve(2) */

#define X(constant, word) EVENT_##constant,
enum event_type { EVENT_TYPES(X) EVENT_TYPE_COUNT };
#undef X

#define EVENT_NO_PAGE UINT32_MAX

struct event {
	enum event_type type;
	char process;                                  /* whose page; 0 for an event of the file */
	uint32_t page;                                 /* EVENT_NO_PAGE for an event of a process */
	char from[FRAME_NAME_MAX], to[FRAME_NAME_MAX]; /* frame names; "" for none */
	/* other processes that map the frame it left (from) or, without one, came to (to); bit 0 is
	 * a */
	uint16_t others;
	/* FAULTED, REFUSED, EXITED; FAULTED: errnum is ENOSPC if the file system was full */
	int signal, code, errnum;
	uint64_t address;                /* FAULTED */
	uint64_t was, is;                /* RESIZED: bytes; NAMED: number of names */
	char old_perms[5], new_perms[5]; /* PROTECTED: "rw-p" */
};

struct events {
	struct event *list;
	size_t count;
};

const char *event_word(enum event_type type);

/* Fills *events. before may be NULL or of another lab: then nothing happened in between. */
void events_between(
    struct events *events, const struct snapshot *before, const struct snapshot *now);
void events_free(struct events *events);

/* "mmap", "msync": the system call of an act; "read", "write" if it makes none. */
const char *act_call(enum act_verb verb);

/* One sentence about one event. */
void event_sentence(struct buf *out, const struct event *event, const struct snapshot *now);

/* Everything that happened, equal events told once ("a, b and c mapped pages 0-9."), in one
 * paragraph. "" if nothing did. */
void events_paragraph(struct buf *out, const struct events *events, const struct snapshot *now);

/* "a", "a and b", "a, b and c" for a set of processes, bit 0 is a. */
void names_of(struct buf *out, uint16_t processes);

/* "3", "0-4", "0-2, 7" for ascending page numbers. */
void pages_of(struct buf *out, const uint32_t *pages, size_t count);

#endif
