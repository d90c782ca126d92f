#include "config.h"
#include "lab/lab_private.h"
#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A worker that broke the protocol is dropped. */
static void
disown(struct lab_member *member)
{
	process_signal(member, SIGKILL);
	member->silent = true;
}

static int
take_fd(const struct wire_answer *answer, const struct wire_fds *fds, size_t *next, int which)
{
	if (!(answer->u.hello.handed & 1u << which) || *next >= fds->count)
		return -1;
	return fds->fd[(*next)++];
}

static void
take_hello(struct lab_member *member, const struct wire_answer *answer, struct wire_fds *fds)
{
	size_t next = 0;
	int pidfd;

	member->face.pid = answer->u.hello.pid;
	member->face.ppid = answer->u.hello.ppid;
	member->face.address = answer->u.hello.address;
	member->face.pagemap = take_fd(answer, fds, &next, HELLO_PAGEMAP);
	member->face.smaps = take_fd(answer, fds, &next, HELLO_SMAPS);
	pidfd = take_fd(answer, fds, &next, HELLO_PIDFD);
	if (member->pidfd < 0)
		member->pidfd = pidfd;
	else if (pidfd >= 0)
		close(pidfd);
	while (next < fds->count)
		close(fds->fd[next++]);
	fds->count = 0;
	member->birth_errnum = answer->errnum;
	if (!answer->errnum)
		member->stage = STAGE_ALIVE;
}

static bool
act_fits(const struct lab_member *member, const struct act *act)
{
	return act->page >= member->first && act->page - member->first < member->count &&
	    act->verb == (int)member->op && act->content.length <= CONTENT_MAX;
}

static bool
take_acts(struct lab_member *member, const struct wire_answer *answer)
{
	struct lab_reply *reply = &member->reply;

	if (member->op > LAB_PAGES_LAST || answer->count > member->count - reply->act_count)
		return false;
	reply->acts =
	    mem_resize(reply->acts, reply->act_count + answer->count, sizeof(*reply->acts));
	for (uint32_t i = 0; i < answer->count; i++) {
		struct act act = answer->u.acts[i];

		if (!act_fits(member, &act))
			return false;
		act.process = member->face.name;
		reply->acts[reply->act_count++] = act;
	}
	return true;
}

static bool
receive_take_bytes(struct lab_member *member, const struct wire_answer *answer)
{
	struct lab_reply *reply = &member->reply;
	size_t most = member->op == LAB_ALLOC ? sizeof(struct allocation)
					      : (size_t)member->count * CONTENT_MAX;

	if ((member->op != LAB_FILE_READ && member->op != LAB_FILE_CACHED &&
		member->op != LAB_ALLOC) ||
	    answer->count > most - reply->byte_count)
		return false;
	reply->bytes = mem_resize(reply->bytes, reply->byte_count + answer->count, 1);
	memcpy(reply->bytes + reply->byte_count, answer->u.bytes, answer->count);
	reply->byte_count += answer->count;
	return true;
}

static bool
take_done(struct lab_member *member, const struct wire_answer *answer)
{
	if (member->op <= LAB_PAGES_LAST && !answer->errnum &&
	    member->reply.act_count != member->count)
		return false;
	member->reply.errnum = answer->errnum;
	member->forked = answer->child;
	if (member->op == LAB_FILE_LINK)
		member->keeper = answer->child;
	member->answered = true;
	return true;
}

/* After execve it has another address space: what described the old one is void. */
static bool
take_new_program(struct lab_member *member, const struct wire_answer *answer, struct wire_fds *fds)
{
	if (!member->face.busy || member->op != LAB_EXEC || answer->u.hello.pid != member->face.pid)
		return false;
	if (member->face.pagemap >= 0)
		close(member->face.pagemap);
	if (member->face.smaps >= 0)
		close(member->face.smaps);
	take_hello(member, answer, fds);
	return true;
}

static bool
receive_take(struct lab_member *member, const struct wire_answer *answer, struct wire_fds *fds)
{
	if (answer->type == WIRE_HELLO) {
		if (member->stage != STAGE_AWAITED)
			return take_new_program(member, answer, fds);
		take_hello(member, answer, fds);
		return true;
	}
	if (!member->face.busy || member->answered)
		return false;
	switch (answer->type) {
	case WIRE_ACTS:
		return take_acts(member, answer);
	case WIRE_BYTES:
		return receive_take_bytes(member, answer);
	case WIRE_WAITS:
		member->waits = true;
		member->face.waits = true;
		member->holder = (char)answer->child;
		return member->op == LAB_LOCK;
	case WIRE_DONE:
		return take_done(member, answer);
	default:
		return false;
	}
}

/* false: there is nothing more. */
static bool
receive_one(struct lab_member *member)
{
	struct wire_answer answer;
	struct wire_fds fds;
	ssize_t got = wire_receive(member->sock, &answer, sizeof(answer), &fds);

	if (got < 0 && errno == EAGAIN)
		return false;
	if (got <= 0) {
		member->silent = true;
		return false;
	}
	if ((size_t)got < offsetof(struct wire_answer, u) ||
	    (size_t)got != wire_answer_size(&answer) || !receive_take(member, &answer, &fds))
		disown(member);
	wire_fds_close(&fds);
	return !member->silent;
}

static void
receive_from(struct lab *lab, struct lab_member *member)
{
	bool ended;

	if (member->stage != STAGE_AWAITED && member->stage != STAGE_ALIVE)
		return;
	ended = process_ended(member); /* checked first: what it sent before that is read below */
	while (!member->silent && receive_one(member))
		;
	if (ended || (member->silent && process_ended(member)))
		process_bury(lab, member);
}

void
receive_all(struct lab *lab)
{
	for (size_t i = 0; i < MEMBERS; i++)
		receive_from(lab, &lab->members[i]);
}

static bool
hand_out(struct lab_member *member, enum lab_op op, struct lab_reply *reply)
{
	*reply = member->reply;
	memset(&member->reply, 0, sizeof(member->reply));
	reply->worker = member->face.name;
	reply->op = op;
	return true;
}

static bool
report_birth(struct lab_member *member, struct lab_reply *reply)
{
	hand_out(member, LAB_BORN, reply);
	reply->errnum = member->birth_errnum;
	reply->died = member->stage == STAGE_DEAD;
	member->hidden = false;
	if (reply->died)
		member->stage = STAGE_NONE;
	return true;
}

/* The child appears with its parent's answer; one that never came to be returns to the free names.
 */
static void
show_child(struct lab *lab, const struct lab_member *parent)
{
	struct lab_member *child = lab_member(lab, parent->child);

	child->hidden = false;
	if (child->face.pid == 0 && parent->answered && parent->forked > 0)
		child->face.pid = parent->forked;
	if (child->stage == STAGE_DEAD && child->face.pid == 0)
		child->stage = STAGE_NONE;
}

static void
note_mapped(struct lab *lab, struct lab_member *member, const struct lab_reply *reply)
{
	const struct lab_mapping *told = &member->mapping;
	uint64_t pages =
	    told->has_length ? (told->length + lab->page_size - 1) / lab->page_size : 1;

	for (size_t i = 0; i < reply->act_count; i++) {
		uint32_t page = reply->acts[i].page;

		if (reply->acts[i].errnum)
			continue;
		if (reply->op == LAB_MAP)
			process_fresh_objects(lab, member, page, pages);
		else
			member->objects[page] = 0;
	}
}

static void
note_doing(struct doings *did, const struct lab_reply *reply)
{
	if (reply->op == LAB_CLOSE)
		did->closed = true;
	if (reply->op == LAB_OPEN)
		did->closed = false;
	did->opens += reply->op == LAB_OPEN;
	did->programs += reply->op == LAB_EXEC;
	did->blocks += reply->op == LAB_ALLOC;
	if (reply->op == LAB_ALLOC && reply->byte_count == sizeof(did->block))
		memcpy(&did->block, reply->bytes, sizeof(did->block));
}

static bool
report_answer(struct lab *lab, struct lab_member *member, struct lab_reply *reply)
{
	if (member->op == LAB_FORK) {
		if (lab_member(lab, member->child)->stage == STAGE_AWAITED)
			return false;
		show_child(lab, member);
	}
	hand_out(member, member->op, reply);
	reply->died = !member->answered;
	member->face.busy = member->face.waits = false;
	if (reply->died)
		member->mourned = true;
	if (!reply->died && !reply->errnum)
		note_doing(&member->face.did, reply);
	if (reply->op == LAB_EXEC && !reply->died && !reply->errnum)
		memset(member->objects, 0, lab->config.pages * sizeof(*member->objects));
	if (reply->op == LAB_MAP || reply->op == LAB_UNMAP)
		note_mapped(lab, member, reply);
	return true;
}

static bool
report_waits(struct lab_member *member, struct lab_reply *reply)
{
	member->waits = false;
	*reply = (struct lab_reply){
	    .worker = member->face.name,
	    .op = LAB_WAITS,
	    .holder = member->holder,
	};
	return true;
}

static bool
report_death(struct lab_member *member, struct lab_reply *reply)
{
	member->mourned = true;
	hand_out(member, LAB_DIED, reply);
	reply->died = true;
	return true;
}

static bool
report_of(struct lab *lab, struct lab_member *member, struct lab_reply *reply)
{
	if (member->stage == STAGE_NONE || member->stage == STAGE_AWAITED)
		return false;
	if (member->hidden)
		return !member->face.forked_from && report_birth(member, reply);
	if (member->waits)
		return report_waits(member, reply);
	if (member->face.busy && (member->answered || member->stage == STAGE_DEAD))
		return report_answer(lab, member, reply);
	if (member->stage == STAGE_DEAD && !member->mourned && !member->face.busy)
		return report_death(member, reply);
	return false;
}

bool
receive_report(struct lab *lab, struct lab_reply *reply)
{
	for (size_t i = 0; i < MEMBERS; i++)
		if (report_of(lab, &lab->members[i], reply))
			return true;
	return false;
}
