#include "config.h"
#include "lab/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int) * WIRE_FDS_MAX)];
};

static void
attach_fds(struct msghdr *msg, union control *control, const struct wire_fds *fds)
{
	struct cmsghdr *header;

	memset(control, 0, sizeof(*control));
	msg->msg_control = control->room;
	msg->msg_controllen = CMSG_SPACE(sizeof(int) * fds->count);
	header = CMSG_FIRSTHDR(msg);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int) * fds->count);
	memcpy(CMSG_DATA(header), fds->fd, sizeof(int) * fds->count);
}

int
wire_send(int sock, const void *message, size_t size, const struct wire_fds *fds)
{
	struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = size};
	struct msghdr msg = {.msg_iov = &part, .msg_iovlen = 1};
	union control control;
	ssize_t sent;

	if (fds && fds->count)
		attach_fds(&msg, &control, fds);
	do
		sent = sendmsg(sock, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

static void
detach_fds(struct msghdr *msg, struct wire_fds *fds)
{
	for (struct cmsghdr *at = CMSG_FIRSTHDR(msg); at; at = CMSG_NXTHDR(msg, at)) {
		size_t count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS ||
		    count > WIRE_FDS_MAX)
			continue;
		memcpy(fds->fd, CMSG_DATA(at), sizeof(int) * count);
		fds->count = count;
	}
}

ssize_t
wire_receive(int sock, void *message, size_t room, struct wire_fds *fds)
{
	struct iovec part = {.iov_base = message, .iov_len = room};
	union control control;
	struct msghdr msg = {
	    .msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control.room,
	    .msg_controllen = sizeof(control.room),
	};
	ssize_t got;

	fds->count = 0;
	do
		got = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	detach_fds(&msg, fds);
	if (msg.msg_flags & MSG_TRUNC) {
		wire_fds_close(fds);
		errno = EMSGSIZE;
		return -1;
	}
	return got;
}

void
wire_fds_close(struct wire_fds *fds)
{
	while (fds->count)
		close(fds->fd[--fds->count]);
}

size_t
wire_request_size(const struct wire_request *request)
{
	return offsetof(struct wire_request, text) + request->length;
}

size_t
wire_answer_size(const struct wire_answer *answer)
{
	size_t head = offsetof(struct wire_answer, u);

	switch (answer->type) {
	case WIRE_HELLO:
		return head + sizeof(answer->u.hello);
	case WIRE_ACTS:
		return answer->count <= WIRE_ACTS_MAX ? head + answer->count * sizeof(struct act)
						      : 0;
	case WIRE_BYTES:
		return answer->count <= WIRE_BYTES_MAX ? head + answer->count : 0;
	case WIRE_DONE:
	case WIRE_WAITS:
		return head;
	default:
		return 0;
	}
}

static void
wire_flush(struct wire_writer *writer)
{
	if (wire_send(writer->sock, &writer->answer, wire_answer_size(&writer->answer), NULL) < 0)
		_exit(1);
	writer->answer.count = 0;
}

static void
wire_begin(struct wire_writer *writer, enum wire_type type, uint32_t most)
{
	if (writer->answer.count && (writer->answer.type != type || writer->answer.count == most))
		wire_flush(writer);
	writer->answer.type = type;
}

void
wire_put_act(struct wire_writer *writer, const struct act *act)
{
	wire_begin(writer, WIRE_ACTS, WIRE_ACTS_MAX);
	writer->answer.u.acts[writer->answer.count++] = *act;
}

void
wire_put_bytes(struct wire_writer *writer, const void *bytes, size_t count)
{
	const unsigned char *from = bytes;

	for (size_t i = 0; i < count; i++) {
		wire_begin(writer, WIRE_BYTES, WIRE_BYTES_MAX);
		writer->answer.u.bytes[writer->answer.count++] = from[i];
	}
}

void
wire_put_waits(struct wire_writer *writer, char holder)
{
	wire_begin(writer, WIRE_WAITS, 0);
	writer->answer.child = holder;
	wire_flush(writer);
}

void
wire_put_done(struct wire_writer *writer, int errnum, pid_t child)
{
	wire_begin(writer, WIRE_DONE, 0);
	writer->answer.errnum = errnum;
	writer->answer.child = child;
	wire_flush(writer);
}
