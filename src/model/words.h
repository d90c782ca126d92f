/*
 * The words of the model, one list each: the enum, the name used in commands,
 * JSON and on the screen, and the name for people come from the same line.
 */
#ifndef MODEL_WORDS_H
#define MODEL_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* The state of a page in a process: constant, word, what it means. */
#define PAGE_STATES(X) \
	X(ABSENT, "absent", N_("no page table entry: never touched, dropped, or past the end")) \
	X(SHARED, "shared", N_("this process and at least one more map the same frame")) \
	X(PRIVATE, "private", N_("only this process maps the frame, and no copy made it so")) \
	X(COPIED, "copied", \
	    N_("only this process maps the frame, because copy-on-write duplicated it")) \
	X(ZERO, "zero", N_("the kernel's page of zeros: read before any write")) \
	X(SWAPPED, "swapped", N_("in swap")) \
	X(UNKNOWN, "unknown", N_("the kernel would not say"))

/* And of running processes alone: in the lab it is always known who wrote. */
#define FAMILY_PAGE_STATES(X) \
	PAGE_STATES(X) \
	X(PARTED, "parted", \
	    N_("this process and its parent or child no longer share the page; which of them wrote is not known"))

#define X(constant, word, meaning) PAGE_##constant,
enum page_state { FAMILY_PAGE_STATES(X) PAGE_STATE_COUNT };
#undef X

/* What the lab maps: constant, word, what it means. */
#define KINDS(X) \
	X(PRIVATE_FILE, "private-file", N_("MAP_PRIVATE of a file: a write copies the page")) \
	X(SHARED_FILE, "shared-file", N_("MAP_SHARED of a file: a write changes the file's page")) \
	X(PRIVATE_ANON, "private-anon", N_("MAP_PRIVATE without a file, inherited through fork")) \
	X(SHARED_ANON, "shared-anon", N_("MAP_SHARED without a file, inherited through fork")) \
	X(POSIX_SHM, "posix-shm", N_("MAP_SHARED of a shm_open object on a tmpfs"))

#define X(constant, word, meaning) KIND_##constant,
enum kind { KINDS(X) KIND_COUNT };
#undef X

/* How a frame came to be. */
enum birth {
	BIRTH_FILE,    /* a page of the file (or of a shared memory object) in the page cache */
	BIRTH_FILLED,  /* filled an absent or zero page of anonymous memory */
	BIRTH_COPIED,  /* copy-on-write duplicated another frame */
	BIRTH_ZERO,    /* the kernel's page of zeros */
	BIRTH_UNKNOWN, /* filled, or a copy of what was: bits alone do not tell */
};

/* What the kernel may keep to itself. */
#define COUNT_UNKNOWN UINT64_MAX
enum tri { TRI_UNKNOWN = -1, TRI_NO = 0, TRI_YES = 1 };

/* Static, never NULL. */
const char *page_state_word(enum page_state state);
const char *page_state_meaning(enum page_state state); /* translated */
const char *kind_word(enum kind kind);
const char *kind_meaning(enum kind kind); /* translated */

/* -1: no such word. */
int page_state_from_word(const char *word);
int lab_state_from_word(const char *word); /* of those that a page of the lab can be in */
int kind_from_word(const char *word);

/* private-file, shared-file, posix-shm: one file for all processes */
bool kind_has_file(enum kind kind);
/* private-file, shared-file: what is dirty can be written back */
bool kind_has_disk(enum kind kind);
bool kind_is_shared(enum kind kind);    /* MAP_SHARED: a write is everybody's */
bool kind_is_anonymous(enum kind kind); /* no descriptor: inherited through fork */

#endif
