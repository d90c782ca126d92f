#include "config.h"
#include "attach/unseen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attach/held.h"
#include "base/by_pid.h"
#include "base/mem.h"
#include "base/thread.h"

#define BUFFER_BYTES (4 << 20)
#define FOLLOWED_MOST 65536

enum follow_state {
	FOLLOW_NEW,   /* no sample has read it yet */
	FOLLOW_READ,  /* one has */
	FOLLOW_ENDED, /* it was never read, unless the sample under way has read it */
};

struct followed {
	pid_t pid;
	enum follow_state state;
	bool born;       /* its own fork was reported */
	bool leaderless; /* its first thread had ended, others had not, when that was checked */
	struct unseen_fork last;
};

struct unseen {
	int socket, over; /* over: an eventfd, readable when the thread is to end */
	bool taking;      /* the thread runs */
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	struct by_pid all;    /* struct followed */
	uint64_t ended;       /* never read, and too late for the sample under way */
	uint64_t settled;     /* of these, up to the last sample */
	bool missed, missed_lately;
};

static void
add_followed(struct unseen *unseen, pid_t pid, bool born)
{
	if (unseen->all.count == FOLLOWED_MOST)
		unseen->missed = true;
	else
		*(struct followed *)by_pid_add(&unseen->all, pid) =
		    (struct followed){.pid = pid, .state = FOLLOW_NEW, .born = born};
}

static void
take_fork(struct unseen *unseen, pid_t parent, pid_t child)
{
	struct followed *known = by_pid_find(&unseen->all, child),
			*its = by_pid_find(&unseen->all, parent);

	if (!its)
		return;
	its->last = (struct unseen_fork){child, its->last.count + 1};
	if (!known) {
		add_followed(unseen, child, true);
	} else if (known->state == FOLLOW_ENDED || known->leaderless) {
		/* the PID was reused already */
		unseen->ended += known->state != FOLLOW_READ;
		*known = (struct followed){.pid = child, .state = FOLLOW_NEW, .born = true};
	}
}

/* Did the process end with its first thread? Other threads may go on without it, or one of them
 * took its PID (execve(2)). */
static bool
has_ended_all(pid_t pid)
{
	struct stat_facts facts;

	return !stat_facts_of(pid, &facts) || (facts.state == 'Z' && facts.threads <= 1) ||
	    facts.state == 'X';
}

static void
take_exit(struct unseen *unseen, pid_t pid)
{
	struct followed *followed = by_pid_find(&unseen->all, pid);

	if (!followed)
		return;
	followed->leaderless = !has_ended_all(pid);
	if (followed->leaderless)
		return;
	if (followed->state == FOLLOW_READ)
		by_pid_drop(&unseen->all, pid);
	else
		followed->state = FOLLOW_ENDED;
}

/* Locked, like all functions that follow. */
static void
unseen_take_event(struct unseen *unseen, const struct proc_event *event)
{
	if (event->what == PROC_EVENT_FORK)
		take_fork(
		    unseen, event->event_data.fork.parent_tgid, event->event_data.fork.child_tgid);
	else if (event->what == PROC_EVENT_EXIT)
		take_exit(unseen, event->event_data.exit.process_tgid);
}

/* A message from the kernel; the event in it is not aligned. */
#define EVENT_OFFSET (NLMSG_LENGTH(0) + sizeof(struct cn_msg))
#define EVENT_AT(field) (EVENT_OFFSET + offsetof(struct proc_event, field))

/* 1: an event; 0: none yet; -1: some were missed. */
static int
next_event(int socket, struct proc_event *event)
{
	char message[EVENT_OFFSET + sizeof(*event)];
	struct sockaddr_nl from;
	socklen_t length = sizeof(from);
	ssize_t got;

	do
		got = recvfrom(socket, message, sizeof(message), MSG_DONTWAIT,
		    (struct sockaddr *)&from, &length);
	/* from nobody else */
	while ((got < 0 && errno == EINTR) ||
	    (got >= 0 && (from.nl_pid || (size_t)got < sizeof(message))));
	if (got < 0)
		return errno == ENOBUFS ? -1 : 0;
	memcpy(event, message + EVENT_OFFSET, sizeof(*event));
	return 1;
}

/* Takes everything reported so far, in order; any thread may call it. */
static void
take_all_told(struct unseen *unseen)
{
	struct proc_event event;
	int found;

	while ((found = next_event(unseen->socket, &event)))
		if (found < 0)
			unseen->missed = unseen->missed_lately = true;
		else
			unseen_take_event(unseen, &event);
}

static void *
unseen_take_events(void *data)
{
	struct unseen *unseen = data;
	struct pollfd fds[] = {{unseen->socket, POLLIN, 0}, {unseen->over, POLLIN, 0}};

	while (!fds[1].revents && (poll(fds, 2, -1) >= 0 || errno == EINTR)) {
		pthread_mutex_lock(&unseen->lock);
		take_all_told(unseen);
		pthread_mutex_unlock(&unseen->lock);
	}
	return NULL;
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, EVENT_AT(field))
#define ON(event, then, otherwise) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(event), then, otherwise)

/* Lets through forks and exits of processes, not threads, and answers: nothing else is to wake us.
 * The filter loads numbers in network order. */
static bool
want_processes(int socket)
{
	struct sock_filter code[] = {
	    LOAD(what),
	    ON(PROC_EVENT_FORK, 2, 0),
	    ON(PROC_EVENT_EXIT, 5, 0),
	    ON(PROC_EVENT_NONE, 8, 9),
	    LOAD(event_data.fork.child_pid),
	    BPF_STMT(BPF_MISC | BPF_TAX, 0),
	    LOAD(event_data.fork.child_tgid),
	    BPF_STMT(BPF_JMP | BPF_JA, 3),
	    LOAD(event_data.exit.process_pid),
	    BPF_STMT(BPF_MISC | BPF_TAX, 0),
	    LOAD(event_data.exit.process_tgid),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

/* Asks for events. The kernel answers before the request returns, but stays silent where it will
 * report none. */
static bool
ask_for_events(int socket)
{
	static const enum proc_cn_mcast_op op = PROC_CN_MCAST_LISTEN;
	_Alignas(struct nlmsghdr) char question[NLMSG_SPACE(sizeof(struct cn_msg) + sizeof(op))] = {
	    0};
	struct nlmsghdr *head = (struct nlmsghdr *)question;
	struct cn_msg *connector = NLMSG_DATA(head);
	struct proc_event event;

	*head = (struct nlmsghdr){
	    .nlmsg_len = NLMSG_LENGTH(sizeof(*connector) + sizeof(op)), .nlmsg_type = NLMSG_DONE};
	connector->id = (struct cb_id){CN_IDX_PROC, CN_VAL_PROC};
	connector->len = sizeof(op);
	memcpy(connector->data, &op, sizeof(op));
	if (send(socket, question, head->nlmsg_len, 0) != (ssize_t)head->nlmsg_len)
		return false;
	while (next_event(socket, &event) > 0)
		if (event.what == PROC_EVENT_NONE)
			return event.event_data.ack.err == 0;
	return false;
}

static bool
prepare_socket(int socket)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
	const int bytes = BUFFER_BYTES;

	if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
		setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	return want_processes(socket) &&
	    bind(socket, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    ask_for_events(socket);
}

struct unseen *
unseen_open(void)
{
	struct unseen *unseen = mem_zero(1, sizeof(*unseen));

	pthread_mutex_init(&unseen->lock, NULL);
	unseen->all.each = sizeof(struct followed);
	unseen->over = eventfd(0, EFD_CLOEXEC);
	unseen->socket = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
	unseen->taking = unseen->over >= 0 && unseen->socket >= 0 &&
	    prepare_socket(unseen->socket) &&
	    thread_start(&unseen->thread, unseen_take_events, unseen);
	if (unseen->taking)
		return unseen;
	unseen_close(unseen);
	return NULL;
}

void
unseen_close(struct unseen *unseen)
{
	if (!unseen)
		return;
	if (unseen->taking && eventfd_write(unseen->over, 1) == 0)
		pthread_join(unseen->thread, NULL);
	if (unseen->socket >= 0)
		close(unseen->socket);
	if (unseen->over >= 0)
		close(unseen->over);
	pthread_mutex_destroy(&unseen->lock);
	free(unseen->all.list);
	free(unseen);
}

void
unseen_follow(struct unseen *unseen, pid_t pid)
{
	if (!unseen)
		return;
	pthread_mutex_lock(&unseen->lock);
	if (!by_pid_find(&unseen->all, pid))
		add_followed(unseen, pid, false);
	pthread_mutex_unlock(&unseen->lock);
}

enum unseen_since
unseen_last_fork(struct unseen *unseen, pid_t pid, struct unseen_fork *last)
{
	const struct followed *followed;
	enum unseen_since since = UNSEEN_NOTHING;

	*last = (struct unseen_fork){0};
	if (!unseen)
		return since;
	pthread_mutex_lock(&unseen->lock);
	take_all_told(unseen);
	followed = by_pid_find(&unseen->all, pid);
	if (followed && !unseen->missed) {
		*last = followed->last;
		since = followed->born ? UNSEEN_BIRTH : UNSEEN_FOLLOWED;
	}
	pthread_mutex_unlock(&unseen->lock);
	return since;
}

static const struct unseen_sighting *
sighting_of(const struct unseen_sighting *sightings, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (sightings[i].pid == pid)
			return &sightings[i];
	return NULL;
}

/* Its exit may have been missed with others, or gone unreported because its first thread's was. */
static bool
unseen_is_over(const struct unseen *unseen, const struct followed *followed)
{
	if (followed->leaderless)
		return has_ended_all(followed->pid);
	return unseen->missed_lately && kill(followed->pid, 0) < 0 && errno == ESRCH;
}

/* true: nothing more will be reported. */
static bool
settle_one(struct unseen *unseen, struct followed *followed, const struct unseen_sighting *sighting)
{
	bool read = sighting && sighting->read;

	if (followed->state == FOLLOW_READ)
		return !sighting || sighting->ended;
	if (followed->state == FOLLOW_ENDED || (sighting && sighting->ended) ||
	    unseen_is_over(unseen, followed)) {
		unseen->ended += !read;
		return true;
	}
	followed->state = read ? FOLLOW_READ : FOLLOW_NEW;
	return false;
}

void
unseen_settle(struct unseen *unseen, const struct unseen_sighting *sightings, size_t count)
{
	struct followed *list;
	size_t kept = 0;

	if (!unseen)
		return;
	pthread_mutex_lock(&unseen->lock);
	list = unseen->all.list;
	for (size_t i = 0; i < unseen->all.count; i++) {
		struct followed *followed = &list[i];

		if (!settle_one(unseen, followed, sighting_of(sightings, count, followed->pid)))
			list[kept++] = *followed;
	}
	unseen->all.count = kept;
	unseen->settled = unseen->ended;
	unseen->missed_lately = false;
	pthread_mutex_unlock(&unseen->lock);
}

bool
unseen_count(struct unseen *unseen, uint64_t *count)
{
	bool all;

	*count = 0;
	if (!unseen)
		return false;
	pthread_mutex_lock(&unseen->lock);
	*count = unseen->settled;
	all = !unseen->missed;
	pthread_mutex_unlock(&unseen->lock);
	return all;
}
