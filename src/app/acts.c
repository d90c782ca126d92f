#include "config.h"
#include "app/session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#define DEFAULT_TEXT "W"
#define DEATH_MS 1000

/*
 * A job is an acting command taken apart into requests to workers. They go out
 * one after the other, each when the one before is answered, so that the acts
 * stand in the order in which they happened.
 */
struct job {
	enum verb verb;
	struct lab_request *requests;
	size_t count, next;
	char *text;           /* of the requests */
	bool asked;           /* the request before next is under way */
	char awaited;         /* a worker whose birth, death, stop or continuing ends the job */
	enum job_end { END_ANSWERS, END_BIRTH, END_DEATH, END_STOP, END_CONTINUE } end;
	bool ended;
	int64_t deadline_ms;
	struct act *acts;
	size_t act_count;
	struct err failure;   /* of a worker that did not answer or a call that failed as a whole */
	size_t answered;
	char died;            /* who died instead of answering */
	struct buf text_out;  /* what file read brought */
};

void
job_free(struct job *job)
{
	if (!job)
		return;
	free(job->requests);
	free(job->text);
	free(job->acts);
	buf_free(&job->text_out);
	free(job);
}

static void
add_request(struct job *job, struct lab_request request)
{
	job->requests = mem_resize(job->requests, job->count + 1, sizeof(*job->requests));
	request.text = job->text;
	job->requests[job->count++] = request;
}

static void
add_acts(struct act **acts, size_t *count, const struct act *more, size_t more_count)
{
	if (!more_count)
		return;
	*acts = mem_resize(*acts, *count + more_count, sizeof(**acts));
	memcpy(*acts + *count, more, more_count * sizeof(**acts));
	*count += more_count;
}

static int
require_alive(const struct session *session, uint16_t processes, struct err *err)
{
	for (size_t i = 0; i < session->now->process_count; i++) {
		const struct process *process = &session->now->processes[i];

		if (process->life == LIFE_DEAD && processes & 1u << (process->name - 'a'))
			return err_set(err, ERR_USAGE, _("%1$c is dead; spawn %1$c starts a new one"), process->name);
	}
	return 0;
}

static void
set_text(struct job *job, const struct command *command)
{
	const char *text = command->text ? command->text : DEFAULT_TEXT;
	size_t length = command->text ? command->text_length : strlen(DEFAULT_TEXT);

	job->text = mem_string_n(text, length);
	for (size_t i = 0; i < job->count; i++) {
		job->requests[i].text = job->text;
		job->requests[i].length = length;
	}
}

/* For pages from first on, of those that the command names from start on. */
static struct lab_mapping
mapping_of(const struct session *session, const struct mapping_wish *wish, uint32_t start,
    uint32_t first)
{
	return (struct lab_mapping){
	    .has_offset = wish->has_offset,
	    .has_length = wish->has_length,
	    .has_protection = wish->has_protection,
	    .offset = wish->offset + (uint64_t)(first - start) * session->now->machine.page_size,
	    .length = wish->length,
	    .protection = wish->protection,
	    .sharing = wish->sharing,
	};
}

/* read, write, sync, advise, protect, unmap, map */
static int
start_pages(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	static const enum lab_op ops[VERB_COUNT] = {
	    [VERB_READ] = LAB_READ, [VERB_WRITE] = LAB_WRITE, [VERB_SYNC] = LAB_SYNC, [VERB_ADVISE] = LAB_ADVISE,
	    [VERB_PROTECT] = LAB_PROTECT, [VERB_UNMAP] = LAB_UNMAP, [VERB_MAP] = LAB_MAP};
	struct page_range ranges[RANGES_MAX];
	uint16_t processes;
	size_t count;

	if (target_processes(session, &command->target, &processes, err) < 0
	    || target_pages(session, &command->target, ranges, &count, err) < 0
	    || require_alive(session, processes, err) < 0)
		return -1;
	if (command->def->verb == VERB_WRITE && command->text_length > session->now->machine.page_size)
		return err_set(err, ERR_USAGE, _("the text has %1$zu bytes; a page has %2$u"), command->text_length,
		    session->now->machine.page_size);
	for (char name = 'a'; name < 'a' + PROCESSES_MAX; name++)
		for (size_t i = 0; i < count && processes & 1u << (name - 'a'); i++)
			add_request(job, (struct lab_request){.worker = name, .op = ops[command->def->verb],
			    .first = ranges[i].first, .count = ranges[i].last - ranges[i].first + 1,
			    .argument = command->choice,
			    .mapping = mapping_of(session, &command->mapping, ranges[0].first,
				ranges[i].first)});
	if (command->def->verb == VERB_WRITE)
		set_text(job, command);
	return 0;
}

static int
one_process(struct session *session, const struct command *command, char *name, struct err *err)
{
	uint16_t processes;

	if (target_processes(session, &command->target, &processes, err) < 0)
		return -1;
	*name = (char)('a' + __builtin_ctz(processes));
	return require_alive(session, processes, err);
}

static int
free_name(const struct session *session, char wanted, char *name, struct err *err)
{
	const struct lab_worker *worker = wanted ? lab_worker(session->lab, wanted) : NULL;

	if (worker && !worker->dead)
		return err_set(err, ERR_USAGE, _("there is a process %c already"), wanted);
	*name = wanted ? wanted : lab_free_name(session->lab);
	if (!*name)
		return err_set(err, ERR_USAGE, _("the lab has %d processes, the most there can be"), PROCESSES_MAX);
	return 0;
}

static int
start_fork(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	char parent, child;

	if (one_process(session, command, &parent, err) < 0 || free_name(session, command->name, &child, err) < 0)
		return -1;
	add_request(job, (struct lab_request){.worker = parent, .op = LAB_FORK, .child = child});
	return 0;
}

static int
start_spawn(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	char name;

	if (free_name(session, command->name, &name, err) < 0 || lab_spawn(session->lab, name, err) < 0)
		return -1;
	job->end = END_BIRTH;
	job->awaited = name;
	return 0;
}

static int
start_kill(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	int signum = command->choice;

	if (one_process(session, command, &job->awaited, err) < 0
	    || lab_kill(session->lab, job->awaited, signum, err) < 0)
		return -1;
	job->end = signum == SIGSTOP || signum == SIGTSTP ? END_STOP : signum == SIGCONT ? END_CONTINUE : END_DEATH;
	return 0;
}

static int
require_file(const struct session *session, bool writes, struct err *err)
{
	if (!kind_has_file(session->config.kind))
		return err_set(err, ERR_USAGE, _("this lab maps no file: it is %1$s; lab private-file starts one that does"),
		    kind_word(session->config.kind));
	if (writes && session->config.path && !session->config.allow_write)
		return err_set(err, ERR_USAGE, _("%1$s is only read; --allow-write lets cowscope change it"), session->config.path);
	return 0;
}

static int
start_file_pages(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	bool writes = command->def->verb == VERB_FILE_WRITE;
	struct page_range ranges[RANGES_MAX];
	size_t count;

	if (require_file(session, writes, err) < 0 || target_pages(session, &command->target, ranges, &count, err) < 0)
		return -1;
	if (writes && command->text_length > session->now->machine.page_size)
		return err_set(err, ERR_USAGE, _("the text has %1$zu bytes; a page has %2$u"), command->text_length,
		    session->now->machine.page_size);
	for (size_t i = 0; i < count; i++)
		add_request(job, (struct lab_request){.worker = LAB_CLERK, .op = writes ? LAB_FILE_WRITE : LAB_FILE_READ,
		    .first = ranges[i].first, .count = ranges[i].last - ranges[i].first + 1});
	if (writes)
		set_text(job, command);
	return 0;
}

static int
start_file_resize(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	uint64_t page_size = session->now->machine.page_size, wanted = command->count * page_size;
	uint64_t pages = (session->now->file_bytes + page_size - 1) / page_size;

	if (require_file(session, true, err) < 0)
		return -1;
	if (command->def->verb == VERB_FILE_TRUNCATE && wanted > session->now->file_bytes)
		return err_set(err, ERR_USAGE, _("the file has %1$llu pages; file grow %2$u lengthens it"),
		    (unsigned long long)pages, command->count);
	if (command->def->verb == VERB_FILE_GROW && wanted < session->now->file_bytes)
		return err_set(err, ERR_USAGE, _("the file has %1$llu pages; file truncate %2$u shortens it"),
		    (unsigned long long)pages, command->count);
	add_request(job, (struct lab_request){.worker = LAB_CLERK, .op = LAB_FILE_RESIZE, .first = command->count});
	return 0;
}

static int
start_file_whole(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	if (require_file(session, false, err) < 0)
		return -1;
	add_request(job, (struct lab_request){.worker = LAB_CLERK,
	    .op = command->def->verb == VERB_FILE_SYNC ? LAB_FILE_SYNC : LAB_FILE_DROP, .count = session->config.pages});
	return 0;
}

/* lab, reset: done at once */
static int
start_lab(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	struct lab_config config = session->config;

	(void)job;
	if (command->def->verb == VERB_LAB) {
		config.kind = command->choice >= 0 ? (enum kind)command->choice : config.kind;
		config.pages = command->pages ? command->pages : config.pages;
		config.processes = command->processes ? command->processes : config.processes;
	}
	return session_new_lab(session, &config, err);
}

typedef int starter(struct session *session, struct job *job, const struct command *command, struct err *err);

static starter *const starters[VERB_COUNT] = {
    [VERB_READ] = start_pages,
    [VERB_WRITE] = start_pages,
    [VERB_SYNC] = start_pages,
    [VERB_ADVISE] = start_pages,
    [VERB_PROTECT] = start_pages,
    [VERB_UNMAP] = start_pages,
    [VERB_MAP] = start_pages,
    [VERB_FORK] = start_fork,
    [VERB_SPAWN] = start_spawn,
    [VERB_KILL] = start_kill,
    [VERB_FILE_READ] = start_file_pages,
    [VERB_FILE_WRITE] = start_file_pages,
    [VERB_FILE_TRUNCATE] = start_file_resize,
    [VERB_FILE_GROW] = start_file_resize,
    [VERB_FILE_SYNC] = start_file_whole,
    [VERB_FILE_DROP] = start_file_whole,
    [VERB_LAB] = start_lab,
    [VERB_RESET] = start_lab,
};

/* A worker that is known to be stopped gets its request, but is not waited for. */
static int
patience_with(const struct session *session, char name)
{
	const struct process *process = snapshot_process(session->now, name);

	return process && process->life == LIFE_STOPPED ? 0 : session->patience_ms;
}

/* Sends the next request; what cannot be sent is a failure of that worker only. */
static void
send_next(struct session *session, struct job *job)
{
	while (!job->asked && job->next < job->count) {
		const struct lab_request *request = &job->requests[job->next++];

		if (lab_send(session->lab, request, &job->failure) == 0) {
			job->asked = true;
			job->deadline_ms = now_ms() + patience_with(session, request->worker);
		}
	}
}

static const char *
call_name(enum lab_op op)
{
	switch (op) {
	case LAB_FORK:
		return "fork";
	case LAB_FILE_READ:
		return "pread";
	case LAB_FILE_WRITE:
		return "pwrite";
	case LAB_FILE_RESIZE:
		return "ftruncate";
	case LAB_FILE_SYNC:
	case LAB_FILE_DROP:
		return "fsync";
	default:
		return "mmap";
	}
}

static void
take_file_bytes(struct job *job, const struct lab_reply *reply)
{
	const struct lab_request *request = &job->requests[job->next - 1];
	size_t each = request->count ? reply->byte_count / request->count : 0;

	for (uint32_t i = 0; each && i < request->count; i++) {
		buf_addf(&job->text_out, "%s%u: ", job->text_out.length ? "\n" : "", request->first + i);
		for (size_t j = 0; j < each; j++) {
			unsigned char byte = reply->bytes[i * each + j];

			buf_add_char(&job->text_out, byte >= 0x20 && byte < 0x7f ? (char)byte : '.');
		}
	}
}

/* An answer to the request that the job waits for. */
static void
take_answer(struct job *job, const struct lab_reply *reply)
{
	job->asked = false;
	if (reply->died) {
		job->died = reply->worker;
		err_set(&job->failure, ERR_USAGE, _("%c died before it answered"), reply->worker);
		return;
	}
	if (reply->errnum) {
		err_sys(&job->failure, ERR_USAGE, reply->errnum, "%s", call_name(reply->op));
		return;
	}
	job->answered++;
	add_acts(&job->acts, &job->act_count, reply->acts, reply->act_count);
	if (reply->op == LAB_FILE_READ)
		take_file_bytes(job, reply);
}

static bool
is_awaited(const struct job *job, const struct lab_reply *reply)
{
	return job && job->asked && job->requests[job->next - 1].worker == reply->worker
	    && (job->requests[job->next - 1].op == reply->op || reply->died);
}

/* One reply to where it belongs. true: it came from outside the job and may have changed what is seen. */
static bool
take_reply(struct session *session, struct lab_reply *reply, struct act **late, size_t *late_count)
{
	struct job *job = session->job;

	if (is_awaited(job, reply)) {
		take_answer(job, reply);
		return false;
	}
	if (resident_take(session, reply))
		return false;
	if (job && job->awaited == reply->worker
	    && (reply->op == LAB_BORN || reply->op == LAB_DIED || reply->died)) {
		job->ended = true;
		return false;
	}
	add_acts(late, late_count, reply->acts, reply->act_count);
	return true;
}

static bool
has_ended(struct session *session, struct job *job)
{
	enum life life;

	if (job->end == END_ANSWERS)
		return !job->asked && job->next == job->count;
	if (job->end == END_BIRTH || job->end == END_DEATH)
		return job->ended;
	life = session_life(session, job->awaited);
	return life == LIFE_DEAD || (life == LIFE_STOPPED) == (job->end == END_STOP);
}

/* The worker keeps its request; the job goes on without it. */
static void
give_up(struct session *session, struct job *job)
{
	char name = job->asked ? job->requests[job->next - 1].worker : job->awaited;

	if (job->asked && name == LAB_CLERK)
		err_set(&job->failure, ERR_USAGE, _("the file has not answered yet; what comes of it will show"));
	else if (job->asked && session_life(session, name) == LIFE_STOPPED)
		err_set(&job->failure, ERR_USAGE, _("%1$c has not answered: it is stopped; kill %1$c CONT lets it go on"), name);
	else if (job->asked)
		err_set(&job->failure, ERR_USAGE, _("%c has not answered yet; what comes of it will show"), name);
	else if (job->end == END_BIRTH)
		err_set(&job->failure, ERR_MACHINE, _("%c has not started yet"), name);
	job->asked = false;
	job->ended = true;
	if (job->end == END_STOP || job->end == END_CONTINUE)
		job->end = END_DEATH;
}

/* Did every act fail, so that the command as a whole did? */
static bool
all_refused(const struct job *job, struct err *err)
{
	for (size_t i = 0; i < job->act_count; i++)
		if (!job->acts[i].errnum)
			return false;
	if (job->act_count)
		err_sys(err, ERR_USAGE, job->acts[0].errnum, _("%1$s was refused for page %2$u of %3$c"),
		    act_call((enum act_verb)job->acts[0].verb), job->acts[0].page, job->acts[0].process);
	return job->act_count > 0;
}

static void
finish(struct session *session)
{
	struct job *job = session->job;
	struct err refused;

	if (job->failure.kind && !job->answered && !job->died) {
		answer_error(session, &job->failure);
	} else if (all_refused(job, &refused)) {
		answer_error(session, &refused);
	} else {
		session_step(session, session->answer.command, job->acts, job->act_count);
		session->answer.type = ANSWER_STEP;
		if (job->failure.kind)
			buf_add(&session->answer.text, job->failure.text);
		buf_add_n(&session->answer.text, job->text_out.data, job->text_out.length);
	}
	session->job = NULL;
	job_free(job);
}

void
job_start(struct session *session, const struct command *command)
{
	struct job *job;
	struct err err;

	if (session->saved) {
		err_set(&err, ERR_USAGE, _("this is a saved session: its steps can be looked at, not acted on"));
		answer_error(session, &err);
		return;
	}
	job = mem_zero(1, sizeof(*job));
	session_see(session, SEEN_LIVE);
	job->verb = command->def->verb;
	job->deadline_ms = now_ms() + DEATH_MS;
	if (starters[command->def->verb](session, job, command, &err) < 0) {
		answer_error(session, &err);
		job_free(job);
		return;
	}
	session->job = job;
	send_next(session, job);
	if (has_ended(session, job))
		finish(session);
}

bool
job_pump(struct session *session)
{
	struct lab_reply reply;
	struct act *late = NULL;
	size_t late_count = 0;
	bool changed = false, look = false;

	while (session_receive(session, &reply) == 1) {
		look |= take_reply(session, &reply, &late, &late_count);
		lab_reply_free(&reply);
		if (session->job)
			send_next(session, session->job);
	}
	if (look)
		changed = session_refresh(session, late, late_count);
	free(late);
	if (session->job && now_ms() >= session->job->deadline_ms)
		give_up(session, session->job);
	if (session->job)
		send_next(session, session->job);
	if (session->job && has_ended(session, session->job)) {
		finish(session);
		changed = true;
	}
	return changed;
}

int
session_timeout(const struct session *session)
{
	int64_t left;

	if (!session->job)
		return -1;
	if (session->job->end == END_STOP || session->job->end == END_CONTINUE)
		return 1;
	left = session->job->deadline_ms - now_ms();
	return left > 0 ? (int)left : 0;
}
