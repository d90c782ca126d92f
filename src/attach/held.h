/*
 * A held process: a descriptor of its /proc directory, which never becomes another process's even
 * if the PID is reused. Everything is opened through that descriptor.
 */
#ifndef ATTACH_HELD_H
#define ATTACH_HELD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel/maps.h"
#include "model/family/family.h"

/* The fields of /proc/PID/stat that are used. */
struct stat_facts {
	char comm[64];
	char state;
	pid_t ppid;
	bool kernel; /* a kernel thread */
	bool execed; /* since it was forked */
	uint64_t threads;
	uint64_t start_ticks;
	uint64_t start_code, end_code, start_stack; /* 0 where we may not see them */
	uint64_t waited; /* faults and time of children that were waited for; 0: there were none */
	uint64_t args, args_end; /* where its arguments lie; 0 where we may not see them */
};

struct held {
	char name[MEMBER_NAME_MAX];
	pid_t pid;
	/* the thread through which its memory is read: the first, or another if that has ended */
	pid_t thread;
	int dir;             /* -1 where not even /proc/PID can be seen (hidepid) */
	int pagemap;         /* reopened for every sample; -1 */
	int contents;        /* /proc/PID/mem, opened when contents are compared; -1 */
	int contents_errnum; /* why it could not be opened in this sample; 0 */
	struct stat_facts stat;
	enum member_life life;
	int errnum;
	uid_t uid;
	bool forgets_children; /* SIGCHLD was ignored when it was first held */
	char *command_line;
	/* name of the process of the family that it was forked from, or NULL */
	char *parent;
	/* common to processes that come from one fork and did not exec since: derived from where
	 * code and stack lie, and from origin, which separates programs that exec put at the same
	 * addresses (no address randomisation) */
	uint64_t lineage;
	uint64_t origin; /* its own PID if it exec'd, else its parent's: see held_descend() */
	uint64_t execs;  /* that were seen */
	struct maps maps;
	int memory_of;   /* index of the process whose memory it shares; MEMBER_NONE */
	bool lost;       /* its memory went away while it was read, */
	int lost_errnum; /* or that failed; 0 */
	uint64_t left_ns;
	uint64_t rss_kib; /* of its pages in the last sample; 0: none */
	uint64_t pss_kib, pss_ns, pss_cost_ns;
	uint64_t tables_kib; /* VmPTE of status, of this sample */
};

/* What could not be read in this sample is unknown. */
void held_set_lost(struct held *held);

/* false: this is not such a line. comm may hold anything, including ")" and newlines. */
bool stat_facts_parse(struct stat_facts *facts, const char *text, size_t length);

/* Reads the stat file of this name below a directory; false: errno is ESRCH or ENOENT if there is
 * none. */
bool stat_facts_at(int dir, const char *name, struct stat_facts *facts);

/* The facts of a process by its PID; false: there is none, or it is hidden. */
bool stat_facts_of(pid_t pid, struct stat_facts *facts);

/* Are its arguments' pages present: the last one and the 128 KiB that are read, and, if they don't
 * end with a null byte, the one after them, which is then read too? The kernel reads
 * /proc/PID/cmdline from these pages and would fault in any that are mapped but not present. */
bool stat_arguments_present(const struct stat_facts *facts, int pagemap, const struct maps *maps);

/* Opens it. false: there is no such process. A process that exists but can't be read is held as
 * denied. */
bool held_open(struct held *held, pid_t pid);
void held_close(struct held *held);

/* Reads its state and reopens its mappings and pagemap. If that is not allowed, life and errnum say
 * why. */
void held_refresh(struct held *held, uint64_t now_ns);

/* Opens held.contents. false: that takes more privilege than its pagemap; held.contents_errnum says
 * what failed. */
bool held_open_contents(struct held *held);

/* A whole file of its directory, terminated; NULL and errno, 0 if it is empty. The caller frees
 * it. */
char *held_text(const struct held *held, const char *name, size_t *length);

/* Records that it was forked by this parent, if code and stack of both lie at the same
 * addresses. */
void held_descend(struct held *held, const struct held *parent);

/* Does it still exist, if only as a zombie? Its PID then belongs to no other process. */
bool held_is_there(const struct held *held);

/* The kernel's order of their memories, kcmp(2): 0 if they share one, below 0 if its own comes
 * first. */
#define HELD_NO_ORDER 2 /* one of them has no memory, or kcmp is not allowed */
int held_memory_order(const struct held *held, const struct held *other);

/* Did reading it fail this time? Not one that never may be read: lacks names that. */
bool held_is_unread(const struct held *held);

/* Pss from smaps_rollup, for which the kernel walks all its pages. */
void held_read_pss(struct held *held, uint64_t now_ns);

#endif
