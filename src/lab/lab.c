#include "config.h"
#include "lab/lab_private.h"
#include "lab/keeper.h"
#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Since another one was ready: a busy machine takes long for many pages. */
#define READY_WAIT_MS 60000

/* MEMBERS: there is no such name. */
static size_t
lab_member_index(char name)
{
	if (name == LAB_CLERK)
		return PROCESSES_MAX;
	return is_process_name(name) ? (size_t)(name - 'a') : MEMBERS;
}

struct lab_member *
lab_member(struct lab *lab, char name)
{
	size_t index = lab_member_index(name);

	return index < MEMBERS ? &lab->members[index] : NULL;
}

static const struct lab_member *
member_seen(const struct lab *lab, char name)
{
	size_t index = lab_member_index(name);

	return index < MEMBERS ? &lab->members[index] : NULL;
}

int
lab_file(const struct lab *lab)
{
	return lab->file.fd;
}

const char *
lab_path(const struct lab *lab)
{
	return lab->file.path;
}

bool
lab_can_link(const struct lab *lab)
{
	return lab->file.nameless;
}

const char *
lab_new_name(struct lab *lab)
{
	free(lab->name);
	lab->name = lab_file_new_name(lab->config.kind);
	return lab->name;
}

const char *
lab_name(const struct lab *lab)
{
	return lab->config.path ? lab->config.path : lab->name;
}

static bool
is_shown(const struct lab_member *member)
{
	return member->stage != STAGE_NONE && !member->hidden;
}

size_t
lab_workers(struct lab *lab, const struct lab_worker **workers)
{
	size_t count = 0;

	for (size_t i = 0; i < PROCESSES_MAX; i++)
		if (is_shown(&lab->members[i]))
			lab->view[count++] = lab->members[i].face;
	*workers = lab->view;
	return count;
}

const struct lab_worker *
lab_worker(const struct lab *lab, char name)
{
	const struct lab_member *member = member_seen(lab, name);

	return member && is_shown(member) ? &member->face : NULL;
}

static bool
lab_is_free(const struct lab_member *member)
{
	return member->stage == STAGE_NONE || (member->stage == STAGE_DEAD && !member->face.busy);
}

char
lab_free_name(const struct lab *lab)
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		if (lab_is_free(&lab->members[i]))
			return (char)('a' + (int)i);
	return 0;
}

static int
need_free_name(const struct lab *lab, char name, struct err *err)
{
	const struct lab_member *member = member_seen(lab, name);

	if (!name)
		return err_set(
		    err, ERR_USAGE, _("all names a to i are in use: kill a process first"));
	if (!member || name == LAB_CLERK)
		return err_set(err, ERR_USAGE, _("invalid process name %c: expected a to i"), name);
	if (!lab_is_free(member))
		return err_set(err, ERR_USAGE, _("there is a process %c already"), name);
	return 0;
}

static struct lab_member *
need_member(struct lab *lab, char name, struct err *err)
{
	struct lab_member *member = lab_member(lab, name);

	if (!member || !is_shown(member)) {
		if (name == LAB_CLERK)
			err_set(err, ERR_USAGE, _("this lab has no file"));
		else
			err_set(err, ERR_USAGE, _("there is no process %c"), name);
		return NULL;
	}
	if (member->face.dead) {
		if (name == LAB_CLERK)
			err_set(err, ERR_MACHINE,
			    _("the process that holds the file has ended: start a new lab"));
		else
			err_set(
			    err, ERR_USAGE, _("process %c has ended: spawn or fork another"), name);
		return NULL;
	}
	return member;
}

static const char *
op_name(enum lab_op op)
{
	static const char *const names[] = {
	    [LAB_READ] = "read",
	    [LAB_WRITE] = "write",
	    [LAB_SYNC] = "sync",
	    [LAB_ADVISE] = "advise",
	    [LAB_PROTECT] = "protect",
	    [LAB_UNMAP] = "unmap",
	    [LAB_MAP] = "map",
	    [LAB_LOCK] = "lock",
	    [LAB_UNLOCK] = "unlock",
	    [LAB_COPY] = "copy",
	    [LAB_EXEC] = "exec",
	    [LAB_EXIT] = "exit",
	    [LAB_ALLOC] = "alloc",
	    [LAB_OPEN] = "open",
	    [LAB_CLOSE] = "close",
	    [LAB_FILE_LINK] = "file link",
	    [LAB_FILE_UNLINK] = "file unlink",
	    [LAB_FORK] = "fork",
	    [LAB_FILE_READ] = "file read",
	    [LAB_FILE_WRITE] = "file write",
	    [LAB_FILE_RESIZE] = "file resize",
	    [LAB_FILE_SYNC] = "file sync",
	    [LAB_FILE_DROP] = "file drop",
	    [LAB_FILE_CACHED] = "mincore",
	};

	return names[op];
}

static int
need_idle(const struct lab_member *member, struct err *err)
{
	if (!member->face.busy)
		return 0;
	if (member->face.name == LAB_CLERK)
		return err_set(err, ERR_USAGE,
		    _("the file has not answered %s yet: the disk is slow or hangs"),
		    op_name(member->op));
	if (member->op == LAB_LOCK)
		return err_set(err, ERR_USAGE,
		    _("%1$c waits for a lock: its holder must unlock it or end first"),
		    member->face.name);
	return err_set(err, ERR_USAGE, _("%1$c has not answered %2$s yet: it is stopped or hangs"),
	    member->face.name, op_name(member->op));
}

static int
need_pages(const struct lab *lab, const struct lab_request *request, struct err *err)
{
	uint32_t pages = lab->config.pages;

	if ((request->op >= LAB_FORK && request->op <= LAB_CLOSE) || request->op == LAB_FILE_SYNC ||
	    request->op == LAB_FILE_DROP || request->op == LAB_FILE_LINK ||
	    request->op == LAB_FILE_UNLINK)
		return 0;
	if (request->op == LAB_FILE_RESIZE) {
		if (request->first <= PAGES_MAX)
			return 0;
		return err_set(err, ERR_USAGE, _("a file of %1$u pages is too large: at most %2$d"),
		    request->first, PAGES_MAX);
	}
	if (request->count && request->count <= pages && request->first <= pages - request->count)
		return 0;
	return err_set(err, ERR_USAGE, _("no such page: the lab has pages 0 to %u"), pages - 1);
}

static bool
is_path(enum lab_op op)
{
	return op == LAB_OPEN || op == LAB_FILE_LINK || op == LAB_FILE_UNLINK;
}

static int
need_text(const struct lab *lab, const struct lab_request *request, struct err *err)
{
	size_t most = lab->page_size < WIRE_TEXT_MAX ? lab->page_size : WIRE_TEXT_MAX;

	if (is_path(request->op))
		return request->length < WIRE_TEXT_MAX
		    ? 0
		    : err_sys(err, ERR_USAGE, ENAMETOOLONG, "%s", request->text);
	if (request->op != LAB_WRITE && request->op != LAB_FILE_WRITE)
		return 0;
	if (!request->text || request->length == 0)
		return err_set(
		    err, ERR_USAGE, _("nothing to write: give a text of at least one byte"));
	if (request->length > most)
		return err_set(err, ERR_USAGE,
		    _("a text of %1$zu bytes does not fit a page of %2$zu"), request->length, most);
	return 0;
}

static int
need_right_worker(const struct lab *lab, const struct lab_request *request, struct err *err)
{
	bool file_op = request->op >= LAB_FILE_READ && request->op <= LAB_FILE_CACHED;
	bool to_clerk = request->worker == LAB_CLERK;

	if (request->op == LAB_FILE_CACHED && !to_clerk && lab->file.fd < 0)
		return 0;
	if (request->op >= LAB_BORN || file_op != to_clerk)
		return err_set(err, ERR_USAGE, _("process %c cannot do that"), request->worker);
	return 0;
}

static int
lab_check(struct lab *lab, const struct lab_request *request, struct err *err)
{
	const struct lab_member *member = need_member(lab, request->worker, err);

	if (!member || need_right_worker(lab, request, err) < 0 ||
	    need_pages(lab, request, err) < 0 || need_text(lab, request, err) < 0 ||
	    need_idle(member, err) < 0)
		return -1;
	return request->op == LAB_FORK ? need_free_name(lab, request->child, err) : 0;
}

static void
begin_request(struct lab_member *member, const struct lab_request *request)
{
	lab_reply_free(&member->reply);
	member->face.busy = true;
	member->answered = false;
	member->forked = 0;
	member->op = request->op;
	member->first = request->first;
	member->count = request->op >= LAB_FORK && request->op <= LAB_CLOSE ? 0 : request->count;
	member->waits = false;
	member->child = request->child;
	member->mapping = request->mapping;
}

static int
send_request(
    struct lab *lab, struct lab_member *member, const struct wire_request *wire, struct err *err)
{
	if (wire->op == LAB_FORK)
		return process_fork(lab, member, wire, err);
	if (wire_send(member->sock, wire, wire_request_size(wire), NULL) == 0)
		return 0;
	if (errno == EPIPE && member->face.name == LAB_CLERK)
		return err_set(err, ERR_MACHINE,
		    _("the process that holds the file has ended: start a new lab"));
	if (errno == EPIPE)
		return err_set(err, ERR_USAGE, _("process %c has just ended"), member->face.name);
	if (member->face.name == LAB_CLERK)
		return err_sys(
		    err, ERR_MACHINE, errno, _("cannot reach the process that holds the file"));
	return err_sys(err, ERR_MACHINE, errno, _("cannot reach process %c"), member->face.name);
}

static bool
takes_text(enum lab_op op)
{
	return op == LAB_WRITE || op == LAB_FILE_WRITE || is_path(op);
}

int
lab_send(struct lab *lab, const struct lab_request *request, struct err *err)
{
	struct lab_member *member = lab_member(lab, request->worker);
	struct wire_request *wire;
	int sent;

	if (lab_check(lab, request, err) < 0)
		return -1;
	wire = mem_zero(1, sizeof(*wire));
	wire->op = (uint8_t)request->op;
	wire->child = request->child;
	wire->first = request->first;
	wire->count = request->count;
	wire->argument = request->argument;
	wire->mapping = request->mapping;
	if (takes_text(request->op)) {
		wire->length = (uint32_t)request->length;
		memcpy(wire->text, request->text, request->length);
	}
	sent = send_request(lab, member, wire, err);
	free(wire);
	if (sent == 0)
		begin_request(member, request);
	return sent;
}

int
lab_spawn(struct lab *lab, char name, struct err *err)
{
	if (!name)
		name = lab_free_name(lab);
	if (need_free_name(lab, name, err) < 0 || process_spawn(lab, name, err) < 0)
		return -1;
	return name;
}

int
lab_kill(struct lab *lab, char name, int signal, struct err *err)
{
	struct lab_member *member = need_member(lab, name, err);
	int errnum;

	if (!member)
		return -1;
	errnum = process_signal(member, signal);
	return errnum
	    ? err_sys(err, ERR_USAGE, errnum, _("cannot send a signal to process %c"), name)
	    : 0;
}

static void
add_fd(struct pollfd *fds, size_t room, size_t *count, int fd)
{
	if (fd < 0)
		return;
	if (*count < room)
		fds[*count] = (struct pollfd){.fd = fd, .events = POLLIN};
	(*count)++;
}

size_t
lab_poll(const struct lab *lab, struct pollfd *fds, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < MEMBERS; i++) {
		const struct lab_member *member = &lab->members[i];

		if (member->stage == STAGE_NONE || member->stage == STAGE_DEAD)
			continue;
		if (!member->silent)
			add_fd(fds, room, &count, member->sock);
		add_fd(fds, room, &count, member->pidfd);
	}
	return count;
}

int
lab_receive(struct lab *lab, struct lab_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	if (receive_report(lab, reply))
		return 1;
	receive_all(lab);
	return receive_report(lab, reply);
}

void
lab_reply_free(struct lab_reply *reply)
{
	free(reply->acts);
	free(reply->bytes);
	reply->acts = NULL;
	reply->bytes = NULL;
	reply->act_count = reply->byte_count = 0;
}

static int
await_report(struct lab *lab, struct lab_reply *reply, struct err *err)
{
	int64_t deadline = clock_ms() + READY_WAIT_MS;

	while (!lab_receive(lab, reply)) {
		struct pollfd fds[2 * MEMBERS];
		size_t count = lab_poll(lab, fds, sizeof(fds) / sizeof(fds[0]));
		int64_t left = deadline - clock_ms();

		if (left <= 0)
			return err_set(err, ERR_MACHINE,
			    _("no process of the lab became ready within %d seconds"),
			    READY_WAIT_MS / 1000);
		if (poll(fds, count, (int)left) < 0 && errno != EINTR)
			return err_sys(
			    err, ERR_MACHINE, errno, _("cannot wait for the processes of the lab"));
	}
	return 0;
}

static int
await_ready(struct lab *lab, struct err *err)
{
	struct lab_reply reply;

	if (await_report(lab, &reply, err) < 0)
		return -1;
	lab_reply_free(&reply);
	if (reply.worker == LAB_CLERK && reply.died)
		return err_set(err, ERR_MACHINE,
		    _("the process that holds the file ended before it was ready"));
	if (reply.errnum && reply.op == LAB_FORK)
		return err_sys(
		    err, ERR_MACHINE, reply.errnum, _("process %c cannot fork"), reply.worker);
	if (reply.errnum)
		return err_sys(err, ERR_MACHINE, reply.errnum,
		    _("process %1$c cannot map %2$u pages"), reply.worker, lab->config.pages);
	if (reply.died || reply.op == LAB_DIED)
		return err_set(err, ERR_MACHINE,
		    _("process %c of the lab ended before it was ready"), reply.worker);
	return 0;
}

/* They start in parallel while we fill the file. */
static int
start_side_by_side(struct lab *lab, struct err *err)
{
	for (unsigned i = 0; i < lab->config.processes; i++)
		if (process_spawn(lab, (char)('a' + (int)i), err) < 0)
			return -1;
	if (process_spawn(lab, LAB_CLERK, err) < 0)
		return -1;
	if (lab_file_fill(&lab->file, lab->config.pages, lab->page_size, err) < 0)
		return -1;
	for (unsigned i = 0; i < lab->config.processes + 1; i++)
		if (await_ready(lab, err) < 0)
			return -1;
	return 0;
}

/* Memory without a name can only be shared by descent. */
static int
start_by_descent(struct lab *lab, struct err *err)
{
	if (process_spawn(lab, 'a', err) < 0 || await_ready(lab, err) < 0)
		return -1;
	for (unsigned i = 1; i < lab->config.processes; i++) {
		struct lab_request request = {
		    .worker = 'a',
		    .op = LAB_FORK,
		    .child = (char)('a' + (int)i),
		};

		if (lab_send(lab, &request, err) < 0 || await_ready(lab, err) < 0)
			return -1;
	}
	return 0;
}

static int
check_config(const struct lab_config *config, struct err *err)
{
	if (config->pages < 1 || config->pages > PAGES_MAX)
		return err_set(err, ERR_USAGE,
		    _("invalid number of pages %1$u: expected 1 to %2$d"), config->pages,
		    PAGES_MAX);
	if (config->processes < 1 || config->processes > PROCESSES_MAX)
		return err_set(err, ERR_USAGE,
		    _("invalid number of processes %1$u: expected 1 to %2$d"), config->processes,
		    PROCESSES_MAX);
	return 0;
}

static int
lab_start(struct lab *lab, struct err *err)
{
	if (lab_file_open(&lab->file, &lab->config, lab->page_size, err) < 0)
		return -1;
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (kind_is_anonymous(lab->config.kind))
		return start_by_descent(lab, err);
	return start_side_by_side(lab, err);
}

struct lab *
lab_open(const struct lab_config *config, struct err *err)
{
	struct lab *lab;

	if (check_config(config, err) < 0)
		return NULL;
	lab = mem_zero(1, sizeof(*lab));
	lab->config = *config;
	lab->config.path = lab->own_path = config->path ? mem_string(config->path) : NULL;
	lab->file.fd = -1;
	lab->page_size = (size_t)sysconf(_SC_PAGESIZE);
	lab->cpu = sched_getcpu();
	lab->last_objects = mem_zero(config->pages, sizeof(*lab->last_objects));
	lab->view = mem_zero(PROCESSES_MAX, sizeof(*lab->view));
	if (lab_start(lab, err) < 0) {
		lab_close(lab);
		return NULL;
	}
	return lab;
}

void
lab_close(struct lab *lab)
{
	if (!lab)
		return;
	if (lab->name && lab->file.fd >= 0)
		/* the keeper would be too late for someone who looks at once */
		keeper_take_name(lab->file.fd, lab->name);
	process_end_all(lab);
	free(lab->name);
	lab_file_close(&lab->file);
	free(lab->own_path);
	free(lab->last_objects);
	free(lab->view);
	free(lab);
}
