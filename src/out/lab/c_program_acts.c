#include "config.h"
#include "out/lab/c_program_parts.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/i18n.h"
#include "model/lab/snapshot.h"

#define DEFAULT_BYTES "W"

/* What is known while one step is written. */
struct program_act {
	struct program_draft *draft;
	const struct command *command;
	const struct past_step *before, *after;
	struct c_lab lab;
	uint16_t processes; /* that it names, bit 0 is a */
	struct page_range ranges[RANGES_MAX];
	size_t count;
};

typedef void act_writer(const struct program_act *act);

static struct buf *
act_out(const struct program_act *act)
{
	return &act->draft->main;
}

static void
act_needs(const struct program_act *act, uint64_t needs)
{
	act->draft->needs |= needs;
}

static void
act_names(struct buf *out, uint16_t processes)
{
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (processes & 1u << (name - 'a'))
			buf_add_char(out, name);
}

/* A line for each range; more says what else is in the order. */
static void
act_tell(const struct program_act *act, const char *function, const char *more)
{
	act_needs(act, NEEDS(TELL));
	for (size_t i = 0; i < act->count; i++) {
		buf_add(act_out(act), "\ttell(\"");
		act_names(act_out(act), act->processes);
		buf_addf(act_out(act), "\", %s, (struct order){.first = %u, .last = %u%s%s});\n",
		    function, act->ranges[i].first, act->ranges[i].last, *more ? ", " : "", more);
	}
}

static void
act_read(const struct program_act *act)
{
	act_needs(act, NEEDS(LOAD));
	act_tell(act, "load", "");
}

static void
act_text(const struct program_act *act, struct buf *out)
{
	const char *text = act->command->text ? act->command->text : DEFAULT_BYTES;
	size_t length = act->command->text ? act->command->text_length : strlen(DEFAULT_BYTES);

	act_needs(act, NEEDS(TEXT));
	if (length > act->draft->text)
		act->draft->text = length;
	c_string(out, text, length);
}

static void
act_write(const struct program_act *act)
{
	struct buf more = BUF_INIT;

	buf_add(&more, ".text = ");
	act_text(act, &more);
	buf_addf(&more, ", .size = %zu",
	    act->command->text ? act->command->text_length : strlen(DEFAULT_BYTES));
	act_needs(act, NEEDS(STORE));
	act_tell(act, "store", buf_text(&more));
	buf_free(&more);
}

static void
act_tell_how(const struct program_act *act, const char *function,
    void write(struct buf *out, int value), const char *more)
{
	struct buf how = BUF_INIT;

	buf_add(&how, ".how = ");
	write(&how, act->command->choice);
	buf_add(&how, more);
	act_tell(act, function, buf_text(&how));
	buf_free(&how);
}

static void
act_sync(const struct program_act *act)
{
	act_needs(act, NEEDS(SYNC));
	act_tell_how(act, "sync_page", c_sync, "");
}

static void
act_protect(const struct program_act *act)
{
	act_needs(act, NEEDS(PROTECT));
	act_tell_how(act, "protect", c_protection, "");
}

/* As src/lab/evidence.c has it: after any other advice a write may copy a frame that nobody else
 * has. */
static bool
advice_loosens(const char *constant)
{
	static const char *const others[] = {"MADV_NORMAL", "MADV_RANDOM", "MADV_SEQUENTIAL",
	    "MADV_WILLNEED", "MADV_DONTNEED", "MADV_COLD", "MADV_DONTFORK", "MADV_DOFORK",
	    "MADV_NOHUGEPAGE", "MADV_POPULATE_READ", "MADV_POPULATE_WRITE"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i], constant) == 0)
			return false;
	return true;
}

static void
act_advise(const struct program_act *act)
{
	struct buf advice = BUF_INIT;
	bool loosens;

	c_advice(&advice, act->command->choice);
	loosens = advice_loosens(buf_text(&advice));
	act_needs(act, act->lab.one_vma ? NEEDS(ADVISE_ALL) : NEEDS(ADVISE));
	act_needs(act, loosens ? NEEDS(LOOSE) : 0);
	if (strcmp(buf_text(&advice), "MADV_HUGEPAGE") == 0 ||
	    strcmp(buf_text(&advice), "MADV_COLLAPSE") == 0)
		act_needs(act, NEEDS(HUGE));
	act_tell_how(act, act->lab.one_vma ? "advise_all" : "advise", c_advice,
	    loosens ? ", .loosens = true" : "");
	if (strcmp(buf_text(&advice), "MADV_MERGEABLE") == 0) {
		act_needs(act, NEEDS(MERGES));
		buf_add(act_out(act), "\tlet_merge();\n");
	}
	buf_free(&advice);
}

static void
act_unmap(const struct program_act *act)
{
	act_needs(act, NEEDS(UNMAP));
	act_tell(act, "unmap", "");
}

static void
act_map_flags(struct buf *out, const struct mapping_wish *wish, enum kind kind)
{
	bool shared = wish->sharing ? wish->sharing == MAP_SHARED : kind_is_shared(kind);

	buf_add(out, shared ? "MAP_SHARED" : "MAP_PRIVATE");
	if (kind_is_anonymous(kind) && wish->of == MAP_OF_LAB)
		buf_add(out, " | MAP_ANONYMOUS");
	buf_add(out, wish->fixed ? " | MAP_FIXED" : " | MAP_FIXED_NOREPLACE");
}

/* A range by itself: where it begins in the file. */
static void
act_map_range(const struct program_act *act, size_t range)
{
	const struct mapping_wish *wish = &act->command->mapping;
	struct program_act one = *act;
	uint64_t first = act->ranges[range].first, behind = first - act->ranges[0].first;
	struct buf more = BUF_INIT;

	buf_add(&more, ".protection = ");
	if (wish->has_protection)
		c_protection(&more, wish->protection);
	else
		buf_add(&more, act->lab.read_only ? "PROT_READ" : "PROT_READ | PROT_WRITE");
	buf_add(&more, ", .flags = ");
	act_map_flags(&more, wish, act->lab.kind);
	if (wish->has_length)
		buf_addf(&more, ", .length = %lluu", (unsigned long long)wish->length);
	else
		buf_add(&more, ", .length = PAGE");
	if (wish->has_offset)
		buf_addf(&more, ", .offset = %llu + %llu * PAGE", (unsigned long long)wish->offset,
		    (unsigned long long)behind);
	else
		buf_addf(&more, ", .offset = %llu * PAGE", (unsigned long long)first);
	if (wish->of != MAP_OF_LAB)
		buf_addf(&more, ", .how = '%c'", "lcpdrw"[wish->of]);
	one.ranges[0] = act->ranges[range];
	one.count = 1;
	act_tell(&one, "map_page", buf_text(&more));
	buf_free(&more);
}

static void
act_map(const struct program_act *act)
{
	act_needs(act, NEEDS(MAP));
	act_needs(act, act->command->mapping.of != MAP_OF_LAB ? NEEDS(ODD) : 0);
	act_needs(act, act->command->mapping.has_offset ? NEEDS(OFFSET) : 0);
	for (size_t i = 0; i < act->count; i++)
		act_map_range(act, i);
}

static void
act_copy(const struct program_act *act)
{
	static const struct {
		uint64_t needs;
		const char *function;
	} hows[] = {
	    [COPY_LOAD] = {NEEDS(COPY_LOAD), "copy_load"},
	    [COPY_STORE] = {NEEDS(COPY_STORE), "copy_store"},
	    [COPY_READ] = {NEEDS(COPY_READ), "copy_read"},
	    [COPY_WRITE] = {NEEDS(COPY_WRITE), "copy_write"},
	};

	act_needs(act, hows[act->command->choice].needs);
	act_tell(act, hows[act->command->choice].function, "");
}

static void
act_lock(const struct program_act *act)
{
	act_needs(act, NEEDS(LOCK));
	act_tell(act, "lock_page", "");
}

static void
act_unlock(const struct program_act *act)
{
	act_needs(act, NEEDS(UNLOCK));
	act_tell(act, "unlock_page", "");
}

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
	act_needs(act, NEEDS(FILE_WRITE) | NEEDS(CHECK));
	for (size_t i = 0; i < act->count; i++) {
		buf_addf(act_out(act), "\tfile_write(%u, %u, ", act->ranges[i].first,
		    act->ranges[i].last);
		act_text(act, act_out(act));
		buf_addf(act_out(act), ", %zu);\n",
		    act->command->text ? act->command->text_length : strlen(DEFAULT_BYTES));
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

static void
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

static struct c_lab
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

static void
c_program_file(struct program_draft *draft, const struct c_lab *lab)
{
	struct buf *out = &draft->main;

	if (kind_is_anonymous(lab->kind)) {
		buf_add(out, "\tlab.fd = -1;\n");
	} else if (lab->path) {
		buf_add(out, "\tlab.fd = open(");
		c_string(out, lab->path, strlen(lab->path));
		buf_addf(out, ", %s);\n", lab->read_only ? "O_RDONLY" : "O_RDWR");
	} else {
		draft->needs |= NEEDS(OWN_FILE);
		draft->needs |= lab->kind == KIND_POSIX_SHM ? 0 : NEEDS(DIRECTORY);
		buf_addf(out, "\tlab.fd = make_file(%s);\n\tfill(%u);\n",
		    lab->kind == KIND_POSIX_SHM ? "\"/dev/shm\"" : "directory()", lab->pages);
	}
}

/* Anonymous memory is inherited: all but the first are forked. */
static void
c_program_processes(struct program_draft *draft, const struct past_step *step)
{
	for (unsigned i = 0; i < step->processes; i++)
		if (i == 0 || kind_has_file(step->kind)) {
			buf_addf(&draft->main, "\tstart('%c');\n", 'a' + (int)i);
		} else {
			draft->needs |= NEEDS(FORK) | NEEDS(TELL);
			buf_addf(&draft->main, "\tfork_off('a', '%c');\n", 'a' + (int)i);
		}
}

static void
c_program_lab_command(struct buf *out, const struct past_step *step)
{
	if (step->command)
		buf_add(out, step->command);
	else
		buf_addf(out, "lab %s pages=%u processes=%u%s", kind_word(step->kind), step->pages,
		    step->processes, step->one_vma ? " vmas=one" : "");
}

void
c_program_lab(struct program_draft *draft, const struct past_step *step)
{
	struct c_lab lab = c_program_lab_of(draft, step);
	struct buf *out = &draft->main, command = BUF_INIT;

	c_program_lab_command(&command, step);
	c_program_heading(draft, step->step, buf_text(&command));
	buf_addf(out, "\tlab.pages = %u;\n\tlab.one_vma = %s;\n\tlab.protection = %s;\n",
	    step->pages, step->one_vma ? "true" : "false",
	    lab.read_only && step->kind == KIND_SHARED_FILE ? "PROT_READ"
							    : "PROT_READ | PROT_WRITE");
	buf_addf(out, "\tlab.flags = %s%s;\n",
	    kind_is_shared(step->kind) ? "MAP_SHARED" : "MAP_PRIVATE",
	    kind_is_anonymous(step->kind) ? " | MAP_ANONYMOUS" : "");
	c_program_file(draft, &lab);
	c_program_processes(draft, step);
	buf_add(out, "\tshow();\n");
	buf_free(&command);
}
