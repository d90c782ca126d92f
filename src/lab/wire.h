/*
 * The messages between us and one worker: each is one packet of a SOCK_SEQPACKET socket, of bounded
 * size.
 *
 * We send one struct wire_request; the worker answers with any number of WIRE_ACTS or WIRE_BYTES
 * and one WIRE_DONE. A new worker speaks first, with WIRE_HELLO; so does one after execve, before
 * that request's WIRE_DONE. WIRE_WAITS may precede the acts of LAB_LOCK. Descriptors travel with a
 * message and belong to the receiver.
 */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lab/lab.h"

#define WIRE_TEXT_MAX 65536
#define WIRE_ACTS_MAX 64
#define WIRE_BYTES_MAX 4096
#define WIRE_FDS_MAX 3

struct wire_request {
	uint8_t op; /* enum lab_op */
	char child;
	uint32_t first, count;
	int32_t argument;
	struct lab_mapping mapping;
	uint32_t length;
	unsigned char text[WIRE_TEXT_MAX]; /* length bytes of it are sent */
};

/* What a new worker hands over: bit 1 << HELLO_X of hello.handed is set if the descriptor could be
 * opened. */
enum { HELLO_PAGEMAP, HELLO_SMAPS, HELLO_PIDFD, HELLO_FD_COUNT };

struct wire_hello {
	pid_t pid, ppid;
	uint64_t address;
	uint32_t handed;
};

enum wire_type { WIRE_HELLO, WIRE_ACTS, WIRE_BYTES, WIRE_DONE, WIRE_WAITS };

struct wire_answer {
	uint32_t type;  /* enum wire_type */
	uint32_t count; /* of acts or bytes */
	int32_t errnum; /* WIRE_HELLO: mmap's; WIRE_DONE: of the whole request */
	/* WIRE_DONE of LAB_FORK, LAB_FILE_LINK (its keeper); WIRE_WAITS: the name of the lock's
	 * holder, or 0 */
	pid_t child;
	union {
		struct wire_hello hello;
		struct act acts[WIRE_ACTS_MAX];
		unsigned char bytes[WIRE_BYTES_MAX];
	} u;
};

struct wire_fds {
	int fd[WIRE_FDS_MAX];
	size_t count;
};

/* 0, or -1 with errno. No SIGPIPE. fds may be NULL. */
int wire_send(int sock, const void *message, size_t size, const struct wire_fds *fds);

/* Bytes received; 0 at the end of the connection; -1 with errno. */
ssize_t wire_receive(int sock, void *message, size_t room, struct wire_fds *fds);

void wire_fds_close(struct wire_fds *fds);

size_t wire_request_size(const struct wire_request *request);
size_t wire_answer_size(const struct wire_answer *answer); /* 0 for an impossible one */

/* The worker's side of an answer: collects, and sends when a message is full. A send that fails
 * ends the worker. */
struct wire_writer {
	int sock;
	struct wire_answer answer;
};

void wire_put_act(struct wire_writer *writer, const struct act *act);
void wire_put_bytes(struct wire_writer *writer, const void *bytes, size_t count);
void wire_put_waits(struct wire_writer *writer, char holder);
void wire_put_done(struct wire_writer *writer, int errnum, pid_t child);

#endif
