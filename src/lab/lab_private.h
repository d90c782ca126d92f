/*
 * Our side of the lab, for this room's own files only.
 *
 * A member is a worker or the clerk, as we see it. It stays hidden from the caller until it is
 * ready and has been reported: as LAB_BORN if we spawned it, with its parent's answer to LAB_FORK
 * if it was forked.
 */
#ifndef LAB_LAB_PRIVATE_H
#define LAB_LAB_PRIVATE_H

#include "lab/file.h"
#include "lab/lab.h"
#include "lab/wire.h"

#define MEMBERS (PROCESSES_MAX + 1) /* the last one is the clerk */

enum stage {
	STAGE_NONE,    /* the name is free */
	STAGE_AWAITED, /* no hello yet */
	STAGE_ALIVE,
	STAGE_DEAD,
};

struct lab_member {
	struct lab_worker face; /* busy: a request is under way and not yet reported */
	enum stage stage;
	int sock, lifeline, pidfd; /* -1: there is none */
	uint32_t *objects;         /* face.objects */
	bool hidden;
	bool silent; /* nothing more is read from it */
	bool killed; /* by us, with SIGKILL */
	bool reaped;
	bool mourned; /* its death was reported */
	int birth_errnum;
	enum lab_op op; /* the request under way; valid while busy */
	uint32_t first, count;
	struct lab_mapping mapping;
	char child;
	bool answered;
	bool waits; /* for a lock, and not reported yet */
	char holder;
	pid_t forked;
	pid_t keeper; /* of the clerk: the process that removes the file's name; 0: none */
	struct lab_reply reply; /* the answer, as far as it has arrived */
};

struct lab {
	struct lab_config config;
	char *own_path; /* what config.path points to */
	struct lab_file file;
	char *name; /* given to our own file; NULL */
	size_t page_size;
	int cpu;                /* on which all workers run; -1: any */
	uint32_t *last_objects; /* for each page, the highest number given so far */
	struct lab_member members[MEMBERS];
	struct lab_worker *view; /* PROCESSES_MAX */
};

struct lab_member *lab_member(struct lab *lab, char name); /* NULL: no such name */

/* process.c: how workers begin and end */
int process_spawn(struct lab *lab, char name, struct err *err);
int process_fork(struct lab *lab, struct lab_member *parent, const struct wire_request *request,
    struct err *err);
int process_signal(struct lab_member *member, int signum); /* 0 or an errno */
bool process_ended(const struct lab_member *member);
void process_fresh_objects(
    struct lab *lab, struct lab_member *member, uint32_t first, uint64_t count);
void process_bury(struct lab *lab, struct lab_member *member);
void process_end_all(struct lab *lab);

/* receive.c: what they send */
void receive_all(struct lab *lab);
bool receive_report(struct lab *lab, struct lab_reply *reply);

#endif
