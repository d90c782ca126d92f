/*
 * The glossary explains every word that states, kinds and events use, in one or two sentences each.
 */
#include "config.h"
#include "lang/command.h"
#include "lang/glossary.h"
#include "model/lab/events.h"
#include "model/words.h"
#include "tap.h"

#include <string.h>
#include <strings.h>

static const char *const used[] = {
#define X(constant, word, meaning) word,
    FAMILY_PAGE_STATES(X) KINDS(X)
#undef X
#define X(constant, word) word,
	EVENT_TYPES(X)
#undef X
	    "dirty",
    "clean",
    "cached",
    "mapped",
    "exact",
    "inferred",
    "page fault",
    "minor fault",
    "major fault",
    "Rss",
    "Pss",
    "page cache",
    "writeback",
    "MAP_PRIVATE",
    "MAP_SHARED",
    "copy-on-write",
    "frame",
    "PFN",
    "pagemap",
    "smaps",
    "VMA",
    "Shared_Clean",
    "Shared_Dirty",
    "Private_Clean",
    "Private_Dirty",
    "Referenced",
    "Anonymous",
    "KSM",
    "swap",
    "kpageflags",
    "used",
    "buff/cache",
    "available",
    "recorded",
    "step",
};

static void
is_explained(const struct term *term)
{
	size_t length = strlen(term->text), sentences = 0;

	for (const char *at = term->text; *at; at++)
		sentences += (*at == '.' || *at == '?') && (at[1] == '\0' || at[1] == ' ');
	ok(length > 20 && length < 260 && term->text[length - 1] == '.', "%s: a sentence",
	    term->name);
	ok(sentences <= 2, "or two");
}

static void
is_found_by_command(const char *line, const char *name)
{
	struct command command;
	struct err err;

	if (ok(command_parse(&command, &line, &err) == 1, "parses %s", name)) {
		is_text(terms[command.choice].name, name, "as that term");
		command_free(&command);
	}
}

static void
is_printed(void)
{
	struct buf all = BUF_INIT, one = BUF_INIT;

	glossary_text(&all, NULL);
	glossary_text(&one, term_find("pss"));
	ok(strncmp(buf_text(&one), "Pss\n    In smaps: ", 18) == 0, "one term");
	ok(strstr(buf_text(&all), buf_text(&one)) && all.length > 20 * one.length, "all of them");
	buf_free(&all);
	buf_free(&one);
}

int
main(void)
{
	const char *wrong = "glossary psss";
	struct command command;
	struct err err;

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		ok(term_find(used[i]) != NULL, "%s is explained", used[i]);
	for (size_t i = 0; i < term_count; i++) {
		is_explained(&terms[i]);
		ok(!i || strcasecmp(terms[i - 1].name, terms[i].name) < 0, "in order");
	}
	ok(!term_find("pagecache"), "what is no term is not found");
	is_found_by_command("glossary page cache", "page cache");
	is_found_by_command("glossary page", "page");
	is_found_by_command("glossary RSS", "Rss");
	is_found_by_command("glossary became private; help", "became private");
	ok(command_parse(&command, &wrong, &err) == -1, "psss is no term");
	ok(strstr(err.text, "did you mean Pss?") != NULL, "but near to one: %s", err.text);
	is_printed();
	return done_testing();
}
