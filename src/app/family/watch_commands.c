#include "config.h"
#include "app/family/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lang/glossary.h"
#include "view/family/blame_view.h"
#include "view/canvas/help_text.h"

__attribute__((format(printf, 2, 0))) static void
refuse(struct watch *watch, const char *format, const char *name)
{
	struct err err;

	err_set(&err, ERR_USAGE, format, name);
	answer_fail(&watch->answer, &err);
}

static void
watch_select_target(struct watch *watch, const struct target *target)
{
	char name[MEMBER_NAME_MAX] = {0};
	const struct member *member;

	if (target->who == WHO_NAMED) {
		name[0] = (char)('a' + __builtin_ctz(target->processes));
		member = family_member(watch->now, name);
		if (!member) {
			refuse(watch, _("there is no process %s here"), name);
			return;
		}
		watch->cursor.member = (size_t)(member - watch->now->members);
		if (watch->cursor.erosion == EROSION_OF_ALL)
			watch->cursor.erosion = EROSION_OF_ONE;
	}
	if (target->which == PAGES_RANGES)
		watch->cursor.page = target->ranges[0].first;
	family_settle(&watch->cursor, watch->now);
}

static void
do_select(struct watch *watch, const struct command *command)
{
	struct family_scene scene = watch_scene(watch);

	watch->answer.type = ANSWER_SCREEN;
	if (command->choice == PLACE_TARGET)
		watch_select_target(watch, &command->target);
	else
		family_move(&watch->cursor, &scene, (enum place)command->choice,
		    watch->appearance.columns, watch->appearance.rows);
}

static enum family_view
deeper(struct watch *watch)
{
	struct family_scene scene = watch_scene(watch);
	uint64_t first, end;

	switch (watch->view) {
	case FAMILY_PROCESSES:
		return FAMILY_MAPPINGS;
	case FAMILY_MAPPINGS:
	case FAMILY_SAME:
		watch->cursor.zoom = 0;
		return FAMILY_MAP;
	case FAMILY_EROSION:
		if (watch->cursor.erosion == EROSION_OF_PROCESSES) {
			scene.cursor.erosion = watch->cursor.erosion = EROSION_OF_ALL;
			family_move(&watch->cursor, &scene, PLACE_FIRST, watch->appearance.columns,
			    watch->appearance.rows);
			return FAMILY_EROSION;
		}
		family_settle_erosion(&watch->cursor, &scene);
		watch->cursor.zoom = 0;
		return FAMILY_MAP;
	case FAMILY_MAP:
		family_cell(
		    &scene, watch->appearance.columns, watch->appearance.rows, &first, &end);
		if (end - first <= 1)
			return FAMILY_PAGE;
		family_zoom(&watch->cursor, &scene, ZOOM_PAGE, watch->appearance.columns,
		    watch->appearance.rows);
		return FAMILY_MAP;
	default:
		return watch->view;
	}
}

static void
refuse_view(struct watch *watch, const char *command)
{
	struct buf views = BUF_INIT;
	struct err err;

	for (size_t i = 0; i < FAMILY_VIEWS; i++)
		buf_addf(&views, "%s%s", i ? ", " : "", family_view_words[i]);
	err_set(&err, ERR_USAGE,
	    _("%1$s: panels, frames, code and guide are the lab's; here are %2$s"), command,
	    buf_text(&views));
	answer_fail(&watch->answer, &err);
	buf_free(&views);
}

static void
do_view(struct watch *watch, const struct command *command)
{
	int choice = command->choice, index = choice - VIEW_FAMILY_FIRST;

	watch->answer.type = ANSWER_SCREEN;
	if (choice == VIEW_DEEPER) {
		watch->view = deeper(watch);
		return;
	}
	if (choice == VIEW_NEXT)
		watch->view = watch->view + 1 < FAMILY_VIEWS ? watch->view + 1 : FAMILY_PROCESSES;
	else if (index >= 0)
		watch->view = (enum family_view)index;
	else
		refuse_view(watch, command->def->name);
	if (watch->answer.type != ANSWER_ERROR)
		watch->cursor.erosion = EROSION_OF_PROCESSES;
}

/* back, forward, first, last, goto: for saved samples. */
static void
do_step(struct watch *watch, const struct command *command)
{
	size_t last = watch->saved_count - 1, at = watch->seen;
	enum verb verb = command->def->verb;

	if (!watch->saved_count) {
		refuse(watch,
		    _("%s: earlier samples are kept in files alone: cowscope --open shows one"),
		    command->def->name);
		return;
	}
	watch->answer.type = ANSWER_SCREEN;
	watch_see(watch,
	    verb == VERB_FIRST         ? 0
		: verb == VERB_LAST    ? last
		: verb == VERB_GOTO    ? command->count
		: verb == VERB_FORWARD ? at + 1
		: at                   ? at - 1
				       : 0);
}

static void
do_zoom(struct watch *watch, const struct command *command)
{
	struct family_scene scene = watch_scene(watch);

	watch->answer.type = ANSWER_SCREEN;
	family_zoom(&watch->cursor, &scene, (enum zoom)command->choice, watch->appearance.columns,
	    watch->appearance.rows);
}

static void
do_sort(struct watch *watch, const struct command *command)
{
	struct family_scene scene = watch_scene(watch);
	int order = command->choice == ORDER_NEXT ? (int)watch->cursor.order + 1 : command->choice;

	watch->answer.type = ANSWER_SCREEN;
	if (watch->view == FAMILY_BLAME && command->choice == ORDER_NEXT) {
		blame_view_section(&watch->cursor, &scene);
		return;
	}
	watch->cursor.order = order < ORDER_COUNT ? (enum order)order : ORDER_COPIED;
}

static void
do_filter(struct watch *watch, const struct command *command)
{
	int filter =
	    command->choice == FILTER_NEXT ? (int)watch->cursor.filter + 1 : command->choice;

	watch->answer.type = ANSWER_SCREEN;
	watch->cursor.filter = filter < FILTER_COUNT ? (enum filter)filter : FILTER_ALL;
	family_settle(&watch->cursor, watch->now);
}

/* false: the search is for a mapping. */
static bool
search_blame(struct watch *watch)
{
	struct family_scene scene = watch_scene(watch);

	if (watch->view != FAMILY_BLAME || !*watch->cursor.search)
		return false;
	if (!blame_view_search(&watch->cursor, &scene, watch->cursor.search))
		refuse(watch, _("no row has %s in it"), watch->cursor.search);
	return true;
}

static void
do_search(struct watch *watch, const struct command *command)
{
	struct family_cursor *cursor = &watch->cursor;

	watch->answer.type = ANSWER_SCREEN;
	if (command->text)
		snprintf(cursor->search, sizeof(cursor->search), "%s", command->text);
	if (search_blame(watch))
		return;
	if (!*cursor->search)
		refuse(watch, _("%s needs a TEXT: / asks for it"), command->def->name);
	else if (!family_search(cursor, watch->now, cursor->search))
		refuse(watch, _("no listed mapping has %s in its name or address"), cursor->search);
	else if (watch->view != FAMILY_MAPPINGS && watch->view != FAMILY_MAP)
		watch->view = FAMILY_MAPPINGS;
	cursor->page = 0;
}

static void
do_capture(struct watch *watch, const struct command *command)
{
	if (watch->reading)
		refuse(watch, _("%s: the first sample is still being read"), command->def->name);
	else
		answer_save(&watch->answer, command);
}

/* The page under the cursor, or another one, to which the cursor doesn't move. */
static void
do_explain(struct watch *watch, const struct command *command)
{
	struct family_cursor cursor = watch->cursor;
	enum family_view view = watch->view;
	struct family_scene scene;

	watch->answer.type = ANSWER_TEXT;
	watch->view = FAMILY_PAGE;
	watch_select_target(watch, &command->target);
	if (watch->answer.type == ANSWER_TEXT) {
		watch_look(watch);
		scene = watch_scene(watch);
		family_explain(&watch->answer.text, &scene);
	}
	watch->cursor = cursor;
	watch->view = view;
}

static void
do_help(struct watch *watch, const struct command *command)
{
	watch->answer.type = ANSWER_TEXT;
	if (!command->topic)
		help_family(&watch->answer.text);
	else if (family_command_find(command->topic->verb))
		help_family_command(&watch->answer.text, command->topic->verb);
	else
		refuse(
		    watch, _("%s is for the lab, not for running processes"), command->topic->name);
}

static void
do_glossary(struct watch *watch, const struct command *command)
{
	watch->answer.type = ANSWER_TEXT;
	glossary_text(&watch->answer.text, command->choice < 0 ? NULL : &terms[command->choice]);
}

static void
do_prompt(struct watch *watch, const struct command *command)
{
	watch->answer.type = ANSWER_SCREEN;
	if (command->text)
		buf_add_n(&watch->answer.text, command->text, command->text_length);
}

static void
do_redraw(struct watch *watch, const struct command *command)
{
	(void)command;
	watch->answer.type = ANSWER_SCREEN;
}

static void
do_quit(struct watch *watch, const struct command *command)
{
	(void)command;
	watch->answer.type = ANSWER_QUIT;
}

typedef void doer(struct watch *watch, const struct command *command);

static doer *const doers[VERB_COUNT] = {
#define FAMILY(constant, doer, help) [VERB_##constant] = do_##doer,
#include "lang/family_commands.def"
#undef FAMILY
};

static bool
would_change(const struct command *command)
{
	enum command_group group = command->def->group;

	return group == GROUP_PAGES || group == GROUP_PROCESSES || group == GROUP_FILE ||
	    group == GROUP_LAB;
}

void
watch_do(struct watch *watch, const struct command *command)
{
	answer_begin(&watch->answer, command, mem_string(command->source));
	if (would_change(command))
		refuse(watch, _("%s changes processes, and -p only reads"), command->def->name);
	else if (!doers[command->def->verb])
		refuse(
		    watch, _("%s is for the lab, not for running processes"), command->def->name);
	else
		doers[command->def->verb](watch, command);
}
