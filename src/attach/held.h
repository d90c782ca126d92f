/*
 * A held process: a descriptor of its /proc directory, which never becomes another process's, even
 * if the PID is reused. Everything of it is opened through that descriptor.
 */
#ifndef ATTACH_HELD_H
#define ATTACH_HELD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel/maps.h"
#include "model/family/family.h"

/* What is used of /proc/PID/stat. */
struct stat_facts {
	char comm[64];
	char state;
	pid_t ppid;
	bool kernel; /* a thread of the kernel */
	bool execed; /* since it was forked */
	uint64_t threads;
	uint64_t start_ticks;
	uint64_t start_code, end_code, start_stack; /* 0 where we may not know */
	uint64_t
	    waited; /* faults and time of children that were waited for: 0 where there were none */
	uint64_t args, args_end; /* where its arguments lie; 0 where we may not know */
};

struct held {
	char name[MEMBER_NAME_MAX];
	pid_t pid;
	/* through which its memory is read: the first, or another one where that has ended */
	pid_t thread;
	int dir;             /* -1 where even /proc/PID cannot be seen (hidepid) */
	int pagemap;         /* opened anew for every sample; -1 */
	int contents;        /* /proc/PID/mem, opened where contents are compared; -1 */
	int contents_errnum; /* why it could not be, in this sample; 0 */
	struct stat_facts stat;
	enum member_life life;
	int errnum;
	uid_t uid;
	bool forgets_children; /* SIGCHLD was ignored when it was first held */
	char *command_line;
	/* name of the process of the family that it was forked from, or NULL */
	char *parent;
	/* who comes from one fork and did not exec since: where its code and stack are, and origin,
	 * which tells those apart that another exec put there, as without address randomisation */
	uint64_t lineage;
	uint64_t origin; /* of who exec'd: its own; of others their parent's, see held_descend() */
	uint64_t execs;  /* that were seen */
	struct maps maps;
	int memory_of;   /* index of the one whose memory it shares; MEMBER_NONE */
	bool lost;       /* its memory went while it was read, */
	int lost_errnum; /* or that failed; 0 */
	uint64_t left_ns;
	uint64_t rss_kib; /* of its pages in the last sample; 0: none */
	uint64_t pss_kib, pss_ns, pss_cost_ns;
};

/* What could not be read of it says nothing in this sample. */
void held_set_lost(struct held *held);

/* false: this is no such line. comm may hold anything, also ")" and newlines. */
bool stat_facts_parse(struct stat_facts *facts, const char *text, size_t length);

/* The facts of the stat file that has this name below a directory; false: errno is ESRCH or ENOENT
 * where there is none. */
bool stat_facts_at(int dir, const char *name, struct stat_facts *facts);

/* The facts of a process by its number; false where there is none, or none to be seen. */
bool stat_facts_of(pid_t pid, struct stat_facts *facts);

/* Are the pages of its arguments present, of the last one and the 128 KiB that are read, and what
 * follows their beginning, which is read where they don't end with a null byte? The kernel reads
 * /proc/PID/cmdline from them, and would fault in what is mapped and not there. */
bool stat_arguments_present(const struct stat_facts *facts, int pagemap, const struct maps *maps);

/* Opens it. false: there is no such process. A process that exists but cannot be read is held as
 * denied. */
bool held_open(struct held *held, pid_t pid);
void held_close(struct held *held);

/* Reads its state and opens its mappings and pagemap again. If that is not allowed, life and
 * errnum say why. */
void held_refresh(struct held *held, uint64_t now_ns);

/* Opens what held.contents is of. false: that takes more than to read its pagemap;
 * held.contents_errnum says what failed. */
bool held_open_contents(struct held *held);

/* All of a file of its directory, terminated; NULL and errno, 0 where it is empty. The caller frees
 * it. */
char *held_text(const struct held *held, const char *name, size_t *length);

/* It was forked by this one, if both are where one program's code and stack are. */
void held_descend(struct held *held, const struct held *parent);

/* Is it there still, if only as a zombie? Then its number is no other process's either. */
bool held_is_there(const struct held *held);

/* Their memories in the kernel's order, kcmp(2): 0 where they share one, less than 0 where its
 * comes first. */
#define HELD_NO_ORDER 2 /* one of them has none, or may not be asked about */
int held_memory_order(const struct held *held, const struct held *other);

/* It could not be read this time: not one that never may be, which lacks names. */
bool held_is_unread(const struct held *held);

/* Pss from smaps_rollup: walks all its pages. */
void held_read_pss(struct held *held, uint64_t now_ns);

#endif
