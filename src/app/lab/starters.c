#include "config.h"
#include "app/lab/job.h"
#include "app/lab/session_parts.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"

#define DEFAULT_TEXT "W"

static void
add_request(struct job *job, struct lab_request request)
{
	job->requests = mem_resize(job->requests, job->count + 1, sizeof(*job->requests));
	request.text = job->text;
	job->requests[job->count++] = request;
}

static int
require_alive(const struct session *session, uint16_t processes, struct err *err)
{
	for (size_t i = 0; i < session->now->process_count; i++) {
		const struct process *process = &session->now->processes[i];

		if (process->life == LIFE_DEAD && processes & 1u << (process->name - 'a'))
			return err_set(err, ERR_USAGE,
			    _("%1$c is dead; spawn %1$c starts a new one"), process->name);
	}
	return 0;
}

static void
starter_set_text(struct job *job, const struct command *command)
{
	const char *text = command->text ? command->text : DEFAULT_TEXT;
	size_t length = command->text ? command->text_length : strlen(DEFAULT_TEXT);

	job->text = mem_string_n(text, length);
	for (size_t i = 0; i < job->count; i++) {
		job->requests[i].text = job->text;
		job->requests[i].length = length;
	}
}

/* For the pages from first on, of those that the command names from start on. */
static struct lab_mapping
mapping_of(
    const struct session *session, const struct mapping_wish *wish, uint32_t start, uint32_t first)
{
	return (struct lab_mapping){
	    .has_offset = wish->has_offset,
	    .has_length = wish->has_length,
	    .has_protection = wish->has_protection,
	    .offset = wish->offset + (uint64_t)(first - start) * session->now->machine.page_size,
	    .length = wish->length,
	    .protection = wish->protection,
	    .sharing = wish->sharing,
	    .fixed = wish->fixed,
	    .of = (enum lab_mapped)wish->of,
	};
}

/* read, write, sync, advise, protect, unmap, map, copy, lock, unlock */
static int
start_pages(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	static const enum lab_op ops[VERB_COUNT] = {
	    [VERB_READ] = LAB_READ,
	    [VERB_WRITE] = LAB_WRITE,
	    [VERB_SYNC] = LAB_SYNC,
	    [VERB_ADVISE] = LAB_ADVISE,
	    [VERB_PROTECT] = LAB_PROTECT,
	    [VERB_UNMAP] = LAB_UNMAP,
	    [VERB_MAP] = LAB_MAP,
	    [VERB_LOCK] = LAB_LOCK,
	    [VERB_UNLOCK] = LAB_UNLOCK,
	    [VERB_COPY] = LAB_COPY,
	};
	struct page_range ranges[RANGES_MAX];
	uint16_t processes;
	size_t count;

	if (target_processes(session, &command->target, &processes, err) < 0 ||
	    target_pages(session, &command->target, ranges, &count, err) < 0 ||
	    require_alive(session, processes, err) < 0)
		return -1;
	if (command->def->verb == VERB_WRITE &&
	    command->text_length > session->now->machine.page_size)
		return err_set(err, ERR_USAGE, _("the text has %1$zu bytes; a page has %2$u"),
		    command->text_length, session->now->machine.page_size);
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		for (size_t i = 0; i < count && processes & 1u << (name - 'a'); i++)
			add_request(job,
			    (struct lab_request){
				.worker = name,
				.op = ops[command->def->verb],
				.first = ranges[i].first,
				.count = ranges[i].last - ranges[i].first + 1,
				.argument = command->choice,
				.mapping = mapping_of(
				    session, &command->mapping, ranges[0].first, ranges[i].first),
			    });
	if (command->def->verb == VERB_WRITE)
		starter_set_text(job, command);
	return 0;
}

static int
starter_free_name(const struct session *session, char wanted, char *name, struct err *err)
{
	const struct lab_worker *worker = wanted ? lab_worker(session->lab, wanted) : NULL;

	if (worker && !worker->dead)
		return err_set(err, ERR_USAGE, _("there is a process %c already"), wanted);
	*name = wanted ? wanted : lab_free_name(session->lab);
	if (!*name)
		return err_set(err, ERR_USAGE, _("the lab has %d processes, the most there can be"),
		    PROCESSES_MAX);
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
require_file(const struct session *session, bool writes, struct err *err)
{
	if (!kind_has_file(session->config.kind))
		return err_set(err, ERR_USAGE,
		    _("this lab maps no file: it is %1$s; lab private-file starts one that does"),
		    kind_word(session->config.kind));
	if (writes && session->config.path && !session->config.allow_write)
		return err_set(err, ERR_USAGE,
		    _("%1$s is read-only; --allow-write lets cowscope change it"),
		    session->config.path);
	return 0;
}

static int
start_copy(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	if (command->choice >= COPY_READ &&
	    require_file(session, command->choice == COPY_WRITE, err) < 0)
		return -1;
	return start_pages(session, job, command, err);
}

/* exec, alloc */
static int
start_whole(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	struct lab_request request = {
	    .op = command->def->verb == VERB_EXEC ? LAB_EXEC : LAB_ALLOC,
	    .mapping.length = command->size,
	};

	if (one_process(session, command, &request.worker, err) < 0)
		return -1;
	add_request(job, request);
	return 0;
}

static int
start_exit(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	struct lab_request request = {.op = LAB_EXIT, .argument = (int)command->count};

	if (one_process(session, command, &job->awaited, err) < 0)
		return -1;
	request.worker = job->awaited;
	job->end = END_DEATH;
	return lab_send(session->lab, &request, err);
}

static int
start_fork(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	char parent, child;

	if (one_process(session, command, &parent, err) < 0 ||
	    starter_free_name(session, command->name, &child, err) < 0)
		return -1;
	since_settle(session);
	add_request(job, (struct lab_request){.worker = parent, .op = LAB_FORK, .child = child});
	return 0;
}

static int
start_spawn(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	char name;

	if (starter_free_name(session, command->name, &name, err) < 0 ||
	    lab_spawn(session->lab, name, err) < 0)
		return -1;
	job->end = END_BIRTH;
	job->awaited = name;
	return 0;
}

static int
start_kill(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	int signum = command->choice;

	if (one_process(session, command, &job->awaited, err) < 0 ||
	    lab_kill(session->lab, job->awaited, signum, err) < 0)
		return -1;
	job->end = signum == SIGSTOP || signum == SIGTSTP ? END_STOP
	    : signum == SIGCONT                           ? END_CONTINUE
							  : END_DEATH;
	return 0;
}

static int
start_file_pages(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	bool writes = command->def->verb == VERB_FILE_WRITE;
	struct page_range ranges[RANGES_MAX];
	size_t count;

	if (require_file(session, writes, err) < 0 ||
	    target_pages(session, &command->target, ranges, &count, err) < 0)
		return -1;
	if (writes && command->text_length > session->now->machine.page_size)
		return err_set(err, ERR_USAGE, _("the text has %1$zu bytes; a page has %2$u"),
		    command->text_length, session->now->machine.page_size);
	for (size_t i = 0; i < count; i++)
		add_request(job,
		    (struct lab_request){
			.worker = LAB_CLERK,
			.op = writes ? LAB_FILE_WRITE : LAB_FILE_READ,
			.first = ranges[i].first,
			.count = ranges[i].last - ranges[i].first + 1,
		    });
	if (writes)
		starter_set_text(job, command);
	return 0;
}

static int
start_file_resize(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	uint64_t page_size = session->now->machine.page_size,
		 wanted = command->count * page_size + command->size;
	uint64_t pages = (session->now->file_bytes + page_size - 1) / page_size;

	if (require_file(session, true, err) < 0)
		return -1;
	if (command->size >= page_size)
		return err_set(err, ERR_USAGE,
		    _("%1$llu bytes do not fit into a page: it has %2$u"),
		    (unsigned long long)command->size, session->now->machine.page_size);
	if (command->def->verb == VERB_FILE_TRUNCATE && wanted > session->now->file_bytes)
		return err_set(err, ERR_USAGE,
		    _("the file has %1$llu pages; file grow %2$u lengthens it"),
		    (unsigned long long)pages, command->count);
	if (command->def->verb == VERB_FILE_GROW && wanted < session->now->file_bytes)
		return err_set(err, ERR_USAGE,
		    _("the file has %1$llu pages; file truncate %2$u shortens it"),
		    (unsigned long long)pages, command->count);
	add_request(job,
	    (struct lab_request){
		.worker = LAB_CLERK,
		.op = LAB_FILE_RESIZE,
		.first = command->count,
		.argument = (int)command->size,
	    });
	return 0;
}

static int
start_file_whole(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	if (require_file(session, false, err) < 0)
		return -1;
	add_request(job,
	    (struct lab_request){
		.worker = LAB_CLERK,
		.op = command->def->verb == VERB_FILE_SYNC ? LAB_FILE_SYNC : LAB_FILE_DROP,
		.count = session->config.pages,
	    });
	return 0;
}

static int
start_await(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	if (session_expect(session, command, &job->holds, &job->text_out, err) < 0)
		return -1;
	job->facts = (struct command){.target = command->target, .fact_count = command->fact_count};
	memcpy(job->facts.facts, command->facts, sizeof(command->facts));
	job->end = END_FACTS;
	job->deadline_ms = clock_ms() + AWAIT_MS;
	return 0;
}

static int
start_file_close(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	(void)command;
	if (require_file(session, false, err) < 0)
		return -1;
	for (size_t i = 0; i < session->now->process_count; i++)
		if (session->now->processes[i].life != LIFE_DEAD)
			add_request(job,
			    (struct lab_request){
				.worker = session->now->processes[i].name,
				.op = LAB_CLOSE,
			    });
	return 0;
}

static void
add_named(struct job *job, struct lab_request request, const char *path)
{
	if (!job->text)
		job->text = mem_string(path);
	request.length = strlen(job->text) + 1;
	add_request(job, request);
}

/* For our own file only: one that the user named has its name. */
static int
start_file_link(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	(void)command;
	if (require_file(session, true, err) < 0)
		return -1;
	if (lab_name(session->lab))
		return err_set(
		    err, ERR_USAGE, _("the file already has a name: %s"), lab_name(session->lab));
	if (!lab_can_link(session->lab))
		return err_set(err, ERR_MACHINE,
		    _("the file cannot be given a name: its file system lacks O_TMPFILE; TMPDIR chooses another directory"));
	add_named(job, (struct lab_request){.worker = LAB_CLERK, .op = LAB_FILE_LINK},
	    lab_new_name(session->lab));
	return 0;
}

static int
start_file_open(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	bool writable = !session->config.path || session->config.allow_write;

	(void)command;
	if (require_file(session, false, err) < 0)
		return -1;
	if (!lab_name(session->lab))
		return err_set(err, ERR_USAGE,
		    _("the file has no name to open it by: file link gives it one"));
	for (size_t i = 0; i < session->now->process_count; i++)
		if (session->now->processes[i].life != LIFE_DEAD)
			add_named(job,
			    (struct lab_request){
				.worker = session->now->processes[i].name,
				.op = LAB_OPEN,
				.argument = writable ? O_RDWR : O_RDONLY,
			    },
			    lab_name(session->lab));
	return 0;
}

static int
start_file_unlink(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	(void)command;
	if (require_file(session, true, err) < 0)
		return -1;
	if (!lab_name(session->lab)) {
		buf_add(&job->text_out,
		    _("The file has no name to take away: it was made without one, and it works all the same. file link gives it one."));
		return 0;
	}
	add_named(job, (struct lab_request){.worker = LAB_CLERK, .op = LAB_FILE_UNLINK},
	    lab_name(session->lab));
	return 0;
}

/* lab, reset: carried out at once */
static int
start_lab(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	struct lab_config config = session->config;

	(void)job;
	if (command->def->verb == VERB_LAB) {
		config.kind = command->choice >= 0 ? (enum kind)command->choice : config.kind;
		config.pages = command->pages ? command->pages : config.pages;
		config.one_vma = command->one_vma;
		config.processes = command->processes ? command->processes : config.processes;
	}
	return session_new_lab(session, &config, err);
}

typedef int starter(
    struct session *session, struct job *job, const struct command *command, struct err *err);

static starter *const starters[VERB_COUNT] = {
    [VERB_READ] = start_pages,
    [VERB_WRITE] = start_pages,
    [VERB_SYNC] = start_pages,
    [VERB_ADVISE] = start_pages,
    [VERB_PROTECT] = start_pages,
    [VERB_UNMAP] = start_pages,
    [VERB_MAP] = start_pages,
    [VERB_COPY] = start_copy,
    [VERB_LOCK] = start_pages,
    [VERB_UNLOCK] = start_pages,
    [VERB_ALLOC] = start_whole,
    [VERB_EXEC] = start_whole,
    [VERB_EXIT] = start_exit,
    [VERB_FILE_LINK] = start_file_link,
    [VERB_FILE_OPEN] = start_file_open,
    [VERB_FILE_CLOSE] = start_file_close,
    [VERB_FILE_UNLINK] = start_file_unlink,
    [VERB_FORK] = start_fork,
    [VERB_SPAWN] = start_spawn,
    [VERB_KILL] = start_kill,
    [VERB_FILE_READ] = start_file_pages,
    [VERB_FILE_WRITE] = start_file_pages,
    [VERB_FILE_TRUNCATE] = start_file_resize,
    [VERB_FILE_GROW] = start_file_resize,
    [VERB_FILE_SYNC] = start_file_whole,
    [VERB_FILE_DROP] = start_file_whole,
    [VERB_AWAIT] = start_await,
    [VERB_WEIGH] = scales_start,
    [VERB_LAB] = start_lab,
    [VERB_RESET] = start_lab,
};

int
job_begin(struct session *session, struct job *job, const struct command *command, struct err *err)
{
	return starters[command->def->verb](session, job, command, err);
}
