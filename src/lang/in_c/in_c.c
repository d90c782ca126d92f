#include "config.h"
#include "lang/in_c/in_c.h"
#include "lang/in_c/in_c_private.h"

#include "base/i18n.h"

#define LOOKS N_("only looks: a program would do nothing")
#define PAST N_("looks at what is past, or does it again: the C is that of those steps")
#define LEADS N_("is for whoever follows a lesson: a program would do nothing")
#define SEES N_("is of the screen: a program would do nothing")

/* One for each command: who writes its C, or why there is none. */
#define C_READ c_of_read, NULL
#define C_WRITE c_of_write, NULL
#define C_SYNC c_of_sync, NULL
#define C_ADVISE c_of_advise, NULL
#define C_PROTECT c_of_protect, NULL
#define C_UNMAP c_of_unmap, NULL
#define C_MAP c_of_map, NULL
#define C_COPY c_of_copy, NULL
#define C_LOCK c_of_lock, NULL
#define C_UNLOCK c_of_unlock, NULL
#define C_ALLOC c_of_alloc, NULL
#define C_EXEC c_of_exec, NULL
#define C_EXIT c_of_exit, NULL
#define C_FORK c_of_fork, NULL
#define C_SPAWN c_of_spawn, NULL
#define C_KILL c_of_kill, NULL
#define C_FILE_READ c_of_file_read, NULL
#define C_FILE_WRITE c_of_file_write, NULL
#define C_FILE_TRUNCATE c_of_file_size, NULL
#define C_FILE_GROW c_of_file_size, NULL
#define C_FILE_SYNC c_of_file_sync, NULL
#define C_FILE_DROP c_of_file_drop, NULL
#define C_FILE_LINK c_of_file_link, NULL
#define C_FILE_OPEN c_of_file_open, NULL
#define C_FILE_CLOSE c_of_file_close, NULL
#define C_FILE_UNLINK c_of_file_unlink, NULL
#define C_WEIGH c_of_weigh, NULL
#define C_LOOP NULL, N_("does its commands again and again: the C is that of each of them")
#define C_LAB c_of_lab, NULL
#define C_RESET c_of_lab, NULL
#define C_SHOW NULL, LOOKS
#define C_EXPECT NULL, LOOKS
#define C_AWAIT NULL, LOOKS
#define C_EXPLAIN NULL, LOOKS
#define C_GLOSSARY NULL, LOOKS
#define C_CAPTURE NULL, LOOKS
#define C_NOTES NULL, LOOKS
#define C_RECORD NULL, LOOKS
#define C_BACK NULL, PAST
#define C_FORWARD NULL, PAST
#define C_FIRST NULL, PAST
#define C_LAST NULL, PAST
#define C_GOTO NULL, PAST
#define C_REPLAY NULL, PAST
#define C_ZOOM NULL, SEES
#define C_SORT NULL, SEES
#define C_FILTER NULL, SEES
#define C_SEARCH NULL, SEES
#define C_LESSON NULL, LEADS
#define C_NEXT NULL, LEADS
#define C_ANSWER NULL, LEADS
#define C_POINT NULL, LEADS
#define C_VOTE NULL, LEADS
#define C_ANYWAY NULL, LEADS
#define C_SELECT NULL, SEES
#define C_VIEW NULL, SEES
#define C_PROMPT NULL, SEES
#define C_REDRAW NULL, SEES
#define C_MOUSE NULL, SEES
#define C_HELP NULL, LOOKS
#define C_QUIT NULL, N_("ends the lab: a program would return from main")

static const struct {
	c_writer *write;
	const char *why_not; /* untranslated */
} c_table[VERB_COUNT] = {
#define COMMAND(constant, name, arguments, group, help) [VERB_##constant] = {C_##constant},
#include "lang/commands.def"
#undef COMMAND
};

struct c_lab
c_lab_at(const struct past_step *step)
{
	return (struct c_lab){
	    .kind = step->kind,
	    .pages = step->pages,
	    .page_size = step->page_size,
	    .processes = step->processes,
	    .one_vma = step->one_vma,
	};
}

const char *
why_not_in_c(enum verb verb)
{
	return c_table[verb].why_not ? _(c_table[verb].why_not) : NULL;
}

bool
in_c(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	c_writer *write = c_table[command->def->verb].write;

	if (write)
		write(out, command, lab);
	return write != NULL;
}

void
in_c_line(struct buf *out, const char *line, const struct c_lab *lab)
{
	struct command command;
	struct err err;
	int found;

	while ((found = command_parse(&command, &line, &err)) != 0) {
		if (found < 0) {
			buf_addf(out, "/* %s */\n", err.text);
			continue;
		}
		if (!in_c(out, &command, lab))
			buf_addf(out, "/* %s: %s */\n", command.def->name,
			    why_not_in_c(command.def->verb));
		command_free(&command);
	}
}
