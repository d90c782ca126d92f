#include "config.h"
#include "base/i18n.h"
#include "lang/target.h"
#include "lang/word_lists.h"
#include "model/lab/snapshot.h"

#include <stdlib.h>
#include <string.h>

#define LAST_LETTER (PROCESS_NAME_END - 1)

char
process_letter(const char *text)
{
	return text[0] >= 'a' && text[0] <= LAST_LETTER && text[1] == '\0' ? text[0] : 0;
}

static uint16_t
letters_of(const char *text, size_t length)
{
	uint16_t set = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] < 'a' || text[i] > LAST_LETTER)
			return 0;
		set |= (uint16_t)(1u << (text[i] - 'a'));
	}
	return set;
}

static int
not_a_process(const char *text, size_t length, bool file_too, struct err *err)
{
	char room[QUOTED_MAX];

	if (length == 4 && memcmp(text, "file", 4) == 0)
		return err_set(err, ERR_USAGE,
		    _("file is not a process: only expect takes it; expected a to i, all or @"));
	return err_set(err, ERR_USAGE,
	    file_too ? _("%s is not a process: processes are a to i, all, file or @")
		     : _("%s is not a process: processes are a to i, all or @"),
	    quoted_n(room, text, length));
}

static int
who_parse(struct target *target, const char *text, size_t length, bool file_too, struct err *err)
{
	if (length == 3 && memcmp(text, "all", 3) == 0)
		target->who = WHO_ALL;
	else if (length == 1 && text[0] == '@')
		target->who = WHO_CURSOR;
	else if (file_too && length == 4 && memcmp(text, "file", 4) == 0)
		target->who = WHO_FILE;
	else if (file_too && length == 6 && memcmp(text, "memory", 6) == 0)
		target->who = WHO_MEMORY;
	else if ((target->processes = letters_of(text, length)))
		target->who = WHO_NAMED;
	else
		return not_a_process(text, length, file_too, err);
	return 0;
}

static int
page_parse(uint32_t *page, const char *text, size_t length, struct err *err)
{
	char room[QUOTED_MAX];

	if (!number_of(text, length, page))
		return err_set(err, ERR_USAGE,
		    _("%s is not a page: pages are written 3, 0-4, 0,2,5-7 or *"),
		    quoted_n(room, text, length));
	if (*page >= PAGES_MAX)
		return err_set(err, ERR_USAGE, _("page %1$s is too large: expected at most %2$d"),
		    quoted_n(room, text, length), PAGES_MAX - 1);
	return 0;
}

static int
range_parse(struct page_range *range, const char *text, size_t length, struct err *err)
{
	const char *dash = memchr(text, '-', length);
	size_t first = dash ? (size_t)(dash - text) : length;
	char room[QUOTED_MAX];

	if (page_parse(&range->first, text, first, err) == -1)
		return -1;
	range->last = range->first;
	if (!dash)
		return 0;
	if (page_parse(&range->last, dash + 1, length - first - 1, err) == -1)
		return -1;
	if (range->first > range->last)
		return err_set(err, ERR_USAGE, _("%1$s runs backwards: did you mean %2$u-%3$u?"),
		    quoted_n(room, text, length), range->last, range->first);
	return 0;
}

static int
by_first(const void *one, const void *other)
{
	uint32_t a = ((const struct page_range *)one)->first,
		 b = ((const struct page_range *)other)->first;

	return (a > b) - (a < b);
}

/* A page named twice counts once. */
static void
target_merge(struct target *target)
{
	struct page_range *ranges = target->ranges;
	size_t kept = 0;

	qsort(ranges, target->range_count, sizeof(*ranges), by_first);
	for (size_t i = 1; i < target->range_count; i++) {
		if (ranges[i].first > ranges[kept].last)
			ranges[++kept] = ranges[i];
		else if (ranges[i].last > ranges[kept].last)
			ranges[kept].last = ranges[i].last;
	}
	target->range_count = kept + 1;
}

static int
ranges_parse(struct target *target, const char *text, struct err *err)
{
	char room[QUOTED_MAX];

	for (const char *at = text;; at++) {
		size_t length = strcspn(at, ",");

		if (target->range_count == RANGES_MAX)
			return err_set(err, ERR_USAGE,
			    _("%1$s has too many parts: %2$d at most, such as 0,2,5-7"),
			    quoted(room, text), RANGES_MAX);
		if (range_parse(&target->ranges[target->range_count++], at, length, err) == -1)
			return -1;
		at += length;
		if (*at == '\0')
			break;
	}
	target_merge(target);
	return 0;
}

int
pages_parse(struct target *target, const char *text, struct err *err)
{
	target->which = PAGES_ALL;
	if (strcmp(text, "*") == 0)
		return 0;
	target->which = strcmp(text, "@") == 0 ? PAGES_CURSOR : PAGES_RANGES;
	return target->which == PAGES_CURSOR ? 0 : ranges_parse(target, text, err);
}

int
target_parse(struct target *target, const char *text, bool file_too, struct err *err)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	char room[QUOTED_MAX];

	memset(target, 0, sizeof(*target));
	if (who_parse(target, text, length, file_too, err) == -1)
		return -1;
	if (colon && colon[1] == '\0')
		return err_set(err, ERR_USAGE,
		    _("%1$s names no page: pages are written %1$s3, %1$s0-4 or %1$s*"),
		    quoted(room, text));
	if (colon)
		return pages_parse(target, colon + 1, err);
	target->which = target->who == WHO_CURSOR ? PAGES_CURSOR : PAGES_ALL;
	return 0;
}

bool
target_is_one_process(const struct target *target)
{
	uint16_t set = target->processes;

	return target->who == WHO_CURSOR || (target->who == WHO_NAMED && (set & (set - 1)) == 0);
}

bool
target_is_one_page(const struct target *target)
{
	return target->which == PAGES_CURSOR ||
	    (target->which == PAGES_RANGES && target->range_count == 1 &&
		target->ranges[0].first == target->ranges[0].last);
}
