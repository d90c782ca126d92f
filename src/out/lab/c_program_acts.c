#include "config.h"
#include "out/lab/c_program_act.h"

#include <signal.h>
#include <string.h>

#include "base/i18n.h"
#include "model/lab/snapshot.h"

/* Of the process itself, not of pages. */
static void
act_tell_whole(
    const struct program_act *act, uint16_t processes, const char *function, const char *more)
{
	act_needs(act, NEEDS(TELL));
	buf_add(act_out(act), "\ttell(\"");
	act_names(act_out(act), processes);
	buf_addf(act_out(act), "\", %s, %s);\n", function, more);
}

static void
act_alloc(const struct program_act *act)
{
	struct buf more = BUF_INIT;

	act_needs(act, NEEDS(ALLOC) | NEEDS(TEXT));
	buf_addf(&more, "(struct order){.size = %llu}", (unsigned long long)act->command->size);
	act_tell_whole(act, act->processes, "allocate", buf_text(&more));
	buf_free(&more);
}

static void
act_exec(const struct program_act *act)
{
	act_needs(act, NEEDS(EXEC));
	act_tell_whole(act, act->processes, "begin_again", "(struct order){.how = 0}");
}

static char
act_name(uint16_t processes)
{
	return (char)('a' + __builtin_ctz(processes));
}

static void
act_exit(const struct program_act *act)
{
	char name = act_name(act->processes);

	act_needs(act, NEEDS(EXIT));
	buf_addf(act_out(act),
	    "\tsend_order('%c' - 'a', end, (struct order){.how = %u});\n\tgone('%c');\n", name,
	    act->command->count, name);
}

/* Who is there now and was not before. */
static uint16_t
act_born(const struct program_act *act)
{
	return act->after->alive & (uint16_t)~act->before->alive;
}

static void
act_fork(const struct program_act *act)
{
	if (!act_born(act))
		return;
	act_needs(act, NEEDS(FORK) | NEEDS(TELL));
	buf_addf(act_out(act), "\tfork_off('%c', '%c');\n", act_name(act->processes),
	    act_name(act_born(act)));
}

static void
act_spawn(const struct program_act *act)
{
	if (act_born(act))
		buf_addf(act_out(act), "\tstart('%c');\n", act_name(act_born(act)));
}

static void
act_kill(const struct program_act *act)
{
	char name = act_name(act->processes);
	int number = act->command->choice;

	if (number == SIGSTOP || number == SIGTSTP || number == SIGCONT) {
		act_needs(act, NEEDS(STOPS));
		buf_addf(act_out(act), "\tstop('%c', %s);\n", name,
		    number == SIGCONT ? "false" : "true");
		return;
	}
	if (act->after->alive & act->processes) {
		buf_addf(act_out(act), "\t/* %s */\n", _("the process ignores this signal"));
		return;
	}
	buf_addf(act_out(act), "\tkill(pids['%c' - 'a'], ", name);
	c_signal(act_out(act), number);
	buf_addf(act_out(act), ");\n\tgone('%c');\n", name);
}

static void
act_file_read(const struct program_act *act)
{
	act_needs(act, NEEDS(FILE_READ) | NEEDS(CHECK));
	for (size_t i = 0; i < act->count; i++)
		buf_addf(act_out(act), "\tfile_read(%u, %u);\n", act->ranges[i].first,
		    act->ranges[i].last);
}

static void
act_file_write(const struct program_act *act)
{
	size_t length;

	act_needs(act, NEEDS(FILE_WRITE) | NEEDS(CHECK));
	for (size_t i = 0; i < act->count; i++) {
		buf_addf(act_out(act), "\tfile_write(%u, %u, ", act->ranges[i].first,
		    act->ranges[i].last);
		length = act_text(act, act_out(act));
		buf_addf(act_out(act), ", %zu);\n", length);
	}
}

/* file truncate, file grow */
static void
act_file_size(const struct program_act *act)
{
	act_needs(act, NEEDS(CHECK));
	buf_addf(act_out(act), "\tcheck(\"ftruncate\", ftruncate(lab.fd, %u * PAGE + %llu));\n",
	    act->command->count, (unsigned long long)act->command->size);
}

static void
act_file_sync(const struct program_act *act)
{
	act_needs(act, NEEDS(CHECK));
	buf_add(act_out(act), "\tcheck(\"fsync\", fsync(lab.fd));\n");
}

static void
act_file_drop(const struct program_act *act)
{
	act_needs(act, NEEDS(CHECK) | NEEDS(DROP));
	buf_add(act_out(act), "\tcheck(\"posix_fadvise\", drop());\n");
}

static void
act_file_link(const struct program_act *act)
{
	bool shm = act->lab.kind == KIND_POSIX_SHM;

	act_needs(act, NEEDS(CHECK) | NEEDS(LINK) | (shm ? 0 : NEEDS(DIRECTORY)));
	buf_addf(act_out(act), "\tcheck(\"linkat\", link_file(%s));\n",
	    shm ? "\"/dev/shm\"" : "directory()");
}

static void
act_file_open(const struct program_act *act)
{
	bool shm = act->lab.kind == KIND_POSIX_SHM;
	struct buf what = BUF_INIT;

	act_needs(act, NEEDS(TEXT) | (shm ? NEEDS(OPEN_SHM) : NEEDS(OPEN)));
	buf_addf(&what, "by_name(%s, ", act->lab.read_only ? "O_RDONLY" : "O_RDWR");
	if (act->lab.path)
		c_string(&what, act->lab.path, strlen(act->lab.path));
	else
		buf_add(&what, "name");
	buf_add(&what, ")");
	act_tell_whole(act, act->before->alive, shm ? "open_object" : "open_file", buf_text(&what));
	buf_free(&what);
}

static void
act_file_close(const struct program_act *act)
{
	act_needs(act, NEEDS(CLOSE));
	act_tell_whole(act, act->before->alive, "close_file", "(struct order){.how = 0}");
}

static void
act_file_unlink(const struct program_act *act)
{
	if (act->draft->needs & NEEDS(LINK))
		buf_add(act_out(act), "\ttake_name();\n");
	else
		buf_addf(act_out(act), "\t/* %s */\n", _("the file has no name to take away"));
}

static act_writer *const act_writers[VERB_COUNT] = {
    [VERB_READ] = act_read,
    [VERB_WRITE] = act_write,
    [VERB_SYNC] = act_sync,
    [VERB_ADVISE] = act_advise,
    [VERB_PROTECT] = act_protect,
    [VERB_UNMAP] = act_unmap,
    [VERB_MAP] = act_map,
    [VERB_COPY] = act_copy,
    [VERB_LOCK] = act_lock,
    [VERB_UNLOCK] = act_unlock,
    [VERB_ALLOC] = act_alloc,
    [VERB_EXEC] = act_exec,
    [VERB_EXIT] = act_exit,
    [VERB_FORK] = act_fork,
    [VERB_SPAWN] = act_spawn,
    [VERB_KILL] = act_kill,
    [VERB_FILE_READ] = act_file_read,
    [VERB_FILE_WRITE] = act_file_write,
    [VERB_FILE_TRUNCATE] = act_file_size,
    [VERB_FILE_GROW] = act_file_size,
    [VERB_FILE_SYNC] = act_file_sync,
    [VERB_FILE_DROP] = act_file_drop,
    [VERB_FILE_LINK] = act_file_link,
    [VERB_FILE_OPEN] = act_file_open,
    [VERB_FILE_CLOSE] = act_file_close,
    [VERB_FILE_UNLINK] = act_file_unlink,
};

void
c_program_heading(struct program_draft *draft, uint32_t number, const char *command)
{
	buf_addf(&draft->main, "\n\tstep(%u, ", number);
	c_string(&draft->main, command, strlen(command));
	buf_add(&draft->main, ");\n");
}

/* Those that waited for a lock before the step, and do not any more. */
static void
c_program_locks(
    struct program_draft *draft, const struct past_step *before, const struct past_step *step)
{
	uint16_t went = before->waiting & (uint16_t)~step->waiting & step->alive;

	for (; went; went &= (uint16_t)(went - 1)) {
		draft->needs |= NEEDS(GOES_ON);
		buf_add(&draft->main, "\tone_goes_on();\n");
	}
}

struct c_lab
c_program_lab_of(const struct program_draft *draft, const struct past_step *step)
{
	struct c_lab lab = c_lab_at(step);

	lab.path = kind_has_disk(step->kind) ? draft->program->file : NULL;
	lab.read_only = lab.path && draft->program->read_only;
	return lab;
}

static void
c_program_act(struct program_draft *draft, const struct past_step *before,
    const struct past_step *step, const struct command *command)
{
	struct program_act act = {
	    .draft = draft,
	    .command = command,
	    .before = before,
	    .after = step,
	    .lab = c_program_lab_of(draft, step),
	    .processes = command->target.who == WHO_ALL ? before->alive : command->target.processes,
	};
	act_writer *write = act_writers[command->def->verb];

	act.count = c_ranges(act.ranges, &command->target, step->pages);
	if (write)
		write(&act);
	else
		buf_addf(&draft->main, "\t/* %s: %s */\n", command->def->name,
		    why_not_in_c(command->def->verb));
	c_program_locks(draft, before, step);
}

void
c_program_step(
    struct program_draft *draft, const struct past_step *before, const struct past_step *step)
{
	const char *line = step->command;
	struct command command;
	struct err err;

	c_program_heading(draft, step->step, step->command);
	if (command_parse(&command, &line, &err) == 1) {
		c_program_act(draft, before, step, &command);
		command_free(&command);
	} else {
		buf_addf(&draft->main, "\t/* %s */\n", err.text);
	}
	buf_add(&draft->main, "\tshow();\n");
}
