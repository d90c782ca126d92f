#include "config.h"
#include "app/lab/session_parts.h"

#include <string.h>

#include "base/i18n.h"

static uint16_t
known_processes(const struct snapshot *now, bool alive_only)
{
	uint16_t set = 0;

	for (size_t i = 0; i < now->process_count; i++)
		if (!alive_only || now->processes[i].life != LIFE_DEAD)
			set |= (uint16_t)(1u << (now->processes[i].name - 'a'));
	return set;
}

static int
missing_process(const struct session *session, char name, struct err *err)
{
	struct buf names = BUF_INIT;

	names_of(&names, known_processes(session_seen(session), false));
	err_set(err, ERR_USAGE, _("there is no process %1$c; the lab has %2$s"), name,
	    buf_text(&names));
	buf_free(&names);
	return -1;
}

int
target_processes(const struct session *session, const struct target *target, uint16_t *processes,
    struct err *err)
{
	uint16_t known = known_processes(session_seen(session), false), missing;

	if (target->who == WHO_ALL)
		*processes = known_processes(session_seen(session), true);
	else if (target->who == WHO_CURSOR)
		*processes =
		    session->cursor.process ? (uint16_t)(1u << (session->cursor.process - 'a')) : 0;
	else
		*processes = target->processes;
	missing = (uint16_t)(*processes & ~known);
	if (missing)
		return missing_process(session, (char)('a' + __builtin_ctz(missing)), err);
	if (!*processes)
		return err_set(err, ERR_USAGE,
		    _("no process is left; spawn starts one, reset starts the lab again"));
	return 0;
}

int
target_pages(const struct session *session, const struct target *target,
    struct page_range ranges[RANGES_MAX], size_t *count, struct err *err)
{
	uint32_t last = session_seen(session)->page_count - 1;

	*count = 1;
	if (target->which == PAGES_ALL) {
		ranges[0] = (struct page_range){0, last};
	} else if (target->which == PAGES_CURSOR) {
		ranges[0] = (struct page_range){session->cursor.page, session->cursor.page};
	} else {
		*count = target->range_count;
		memcpy(ranges, target->ranges, target->range_count * sizeof(*ranges));
	}
	for (size_t i = 0; i < *count; i++)
		if (ranges[i].last > last)
			return err_set(err, ERR_USAGE,
			    _("there is no page %1$u; the lab has pages 0 to %2$u"), ranges[i].last,
			    last);
	return 0;
}

/* What @ means at this place: a process, a page, or both. */
static void
add_cursor(
    struct buf *out, const struct session *session, const struct command *command, const char *at)
{
	bool after_colon = at > command->source && at[-1] == ':';
	bool process_only = at[1] == ':' || strstr(command->def->arguments, "PROCESS");

	if (!after_colon)
		buf_add_char(out, session->cursor.process ? session->cursor.process : '?');
	if (!after_colon && !process_only)
		buf_add_char(out, ':');
	if (after_colon || !process_only)
		buf_addf(out, "%u", session->cursor.page);
}

char *
command_resolved(const struct session *session, const struct command *command)
{
	const char *at = command->source;
	struct buf out = BUF_INIT;
	bool uses_cursor =
	    command->target.who == WHO_CURSOR || command->target.which == PAGES_CURSOR;

	for (bool quoted = false; *at; at++) {
		quoted ^= *at == '"';
		if (*at == '@' && uses_cursor && !quoted)
			add_cursor(&out, session, command, at);
		else
			buf_add_char(&out, *at);
	}
	return buf_take(&out);
}
