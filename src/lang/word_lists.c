#include "config.h"
#include "base/i18n.h"
#include "base/list.h"
#include "base/utf8.h"
#include "lang/command.h"
#include "lang/word_lists.h"
#include "model/words.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* Linux's values, for C libraries that lack them. */
#ifndef MADV_FREE
#define MADV_FREE 8
#endif
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#define MADV_KEEPONFORK 19
#endif
#ifndef MADV_COLD
#define MADV_COLD 20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#define SYNCS(X) X("sync", MS_SYNC) X("async", MS_ASYNC) X("invalidate", MS_SYNC | MS_INVALIDATE)

/* Not dontdump and dodump: the lab uses them to keep its pages apart. */
#define ADVICES(X) \
	X("normal", MADV_NORMAL) \
	X("random", MADV_RANDOM) \
	X("sequential", MADV_SEQUENTIAL) \
	X("willneed", MADV_WILLNEED) \
	X("dontneed", MADV_DONTNEED) \
	X("cold", MADV_COLD) \
	X("pageout", MADV_PAGEOUT) \
	X("free", MADV_FREE) \
	X("remove", MADV_REMOVE) \
	X("populate-read", MADV_POPULATE_READ) \
	X("populate-write", MADV_POPULATE_WRITE) \
	X("mergeable", MADV_MERGEABLE) \
	X("unmergeable", MADV_UNMERGEABLE) \
	X("hugepage", MADV_HUGEPAGE) \
	X("nohugepage", MADV_NOHUGEPAGE) \
	X("collapse", MADV_COLLAPSE) \
	X("dontfork", MADV_DONTFORK) \
	X("dofork", MADV_DOFORK) \
	X("wipeonfork", MADV_WIPEONFORK) \
	X("keeponfork", MADV_KEEPONFORK)

#define PROTECTIONS(X) \
	X("none", PROT_NONE) \
	X("read", PROT_READ) \
	X("write", PROT_WRITE) \
	X("exec", PROT_EXEC)

#define SIGNALS(X) \
	X("KILL", SIGKILL) \
	X("TERM", SIGTERM) \
	X("STOP", SIGSTOP) \
	X("CONT", SIGCONT) \
	X("HUP", SIGHUP) \
	X("INT", SIGINT) \
	X("QUIT", SIGQUIT) \
	X("ABRT", SIGABRT) \
	X("SEGV", SIGSEGV) \
	X("BUS", SIGBUS) \
	X("USR1", SIGUSR1) \
	X("USR2", SIGUSR2)

#define WHATS(X) \
	X("state", WHAT_STATE) \
	X("frames", WHAT_FRAMES) \
	X("file", WHAT_FILE) \
	X("memory", WHAT_MEMORY) \
	X("screen", WHAT_SCREEN)

#define PLACES(X) \
	X("next", PLACE_NEXT) \
	X("previous", PLACE_PREVIOUS) \
	X("up", PLACE_UP) \
	X("down", PLACE_DOWN) \
	X("left", PLACE_LEFT) \
	X("right", PLACE_RIGHT) \
	X("first", PLACE_FIRST) \
	X("last", PLACE_LAST) \
	X("page-up", PLACE_PAGE_UP) \
	X("page-down", PLACE_PAGE_DOWN)

#define ZOOMS(X) X("in", ZOOM_IN) X("out", ZOOM_OUT) X("page", ZOOM_PAGE) X("all", ZOOM_ALL)

#define ORDERS(X) \
	X("copied", ORDER_COPIED) \
	X("shared", ORDER_SHARED) \
	X("private", ORDER_PRIVATE) \
	X("size", ORDER_SIZE) \
	X("address", ORDER_ADDRESS) \
	X("name", ORDER_NAME)

#define FILTERS(X) \
	X("all", FILTER_ALL) \
	X("anonymous", FILTER_ANONYMOUS) \
	X("heap", FILTER_HEAP) \
	X("stacks", FILTER_STACKS) \
	X("files", FILTER_FILES)

#define SECONDS_MAX 3600

#define WORD(word, value) word,
#define VALUE(word, value) value,
#define LIST(list, words) \
	static const char *const list##_words[] = {words(WORD) NULL}; \
	static const int list##_values[] = {words(VALUE) 0}

LIST(sync, SYNCS);
LIST(advice, ADVICES);
LIST(protection, PROTECTIONS);
LIST(signal, SIGNALS);
LIST(what, WHATS);
LIST(place, PLACES);
LIST(zoom, ZOOMS);
LIST(order, ORDERS);
LIST(filter, FILTERS);

static const char *const kind_words[] = {KINDS(WORD_OF) NULL};
static const char *const view_words[] = {"panels", "guide", "frames", "code",
#define FAMILY_VIEW(constant, word, name) word,
#include "lang/family_views.def"
#undef FAMILY_VIEW
    "deeper", NULL};
static const int view_values[] = {VIEW_PANELS, VIEW_GUIDE, VIEW_FRAMES, VIEW_CODE,
#define FAMILY_VIEW(constant, word, name) VIEW_##constant,
#include "lang/family_views.def"
#undef FAMILY_VIEW
    VIEW_DEEPER};
static const char *const setting_words[] = {"pages=", "processes=", "vmas=one", "vmas=page", NULL};
static const char *const pace_words[] = {"seconds=", NULL};
static const char *const mapping_words[] = {
    "offset=", "length=", "private", "shared", "fixed", "noreplace", "of=", PROTECTIONS(WORD) NULL};

/* In the order of enum copy_how. */
static const char *const anyway_words[] = {"anyway", NULL};
static const char *const how_words[] = {"load", "store", "read", "write", NULL};

/* In the order of enum map_of. */
static const char *const of_words[] = {
    "lab", "closed", "pipe", "directory", "read-only", "write-only", NULL};

#define SPELL_NEVER(name) name,
#define SPELL_MAY(name) name, name "=",
#define SPELL_MUST(name) name "=",
#define SPELL_NUMBER(name) name "=",
#define SPELL_BYTES(name) name "=",
static const char *const fact_words[] = {PAGE_STATES(WORD_OF)
#define FACT(constant, name, rule) SPELL_##rule(name)
#include "lang/facts.def"
#undef FACT
					     "not",
    NULL};

/* In the order of the table. */
#define TERM(name, text) name,
static const char *const term_words[] = {
#include "lang/glossary.def"
    NULL};
#undef TERM

/* In the order of enum scope. */
static const char *const scope_words[] = {"screen", "history", NULL};

const struct word_list sync_list = {sync_words, sync_values,
    N_("%1$s: %2$s is not a SYNC: did you mean %3$s?"),
    N_("%1$s: %2$s is not a SYNC: it is one of %3$s")};
const struct word_list advice_list = {advice_words, advice_values,
    N_("%1$s: %2$s is not an ADVICE: did you mean %3$s?"),
    N_("%1$s: %2$s is not an ADVICE: it is one of %3$s")};
const struct word_list protection_list = {protection_words, protection_values,
    N_("%1$s: %2$s is not a PROTECTION: did you mean %3$s?"),
    N_("%1$s: %2$s is not a PROTECTION: it is one of %3$s, or several as in read+write")};
const struct word_list mapping_list = {mapping_words, NULL,
    N_("%1$s: %2$s is not a MAPPING: did you mean %3$s?"),
    N_("%1$s: %2$s is not a MAPPING: those are %3$s, as in offset=4096 shared read+write")};
const struct word_list anyway_list = {anyway_words, NULL,
    N_("%1$s: unexpected %2$s: did you mean %3$s?"),
    N_("%1$s: unexpected %2$s: expected a SIZE or %3$s")};
const struct word_list how_list = {how_words, NULL,
    N_("%1$s: %2$s is not a HOW: did you mean %3$s?"),
    N_("%1$s: %2$s is not a HOW: it is one of %3$s")};
const struct word_list of_list = {of_words, NULL,
    N_("%1$s: invalid value %2$s for of=: did you mean of=%3$s?"),
    N_("%1$s: invalid value %2$s for of=: expected one of %3$s")};
const struct word_list signal_list = {signal_words, signal_values,
    N_("%1$s: %2$s is not a SIGNAL: did you mean %3$s?"),
    N_("%1$s: %2$s is not a SIGNAL: it is a number or a name such as %3$s")};
const struct word_list kind_list = {kind_words, NULL,
    N_("%1$s: %2$s is not a KIND: did you mean %3$s?"),
    N_("%1$s: %2$s is not a KIND: it is one of %3$s")};
const struct word_list setting_list = {setting_words, NULL,
    N_("%1$s: %2$s is not a SETTING: did you mean %3$s?"),
    N_("%1$s: %2$s is not a SETTING: those are %3$s, as in pages=10")};
const struct word_list pace_list = {pace_words, NULL,
    N_("%1$s: %2$s is not a PACE: did you mean %3$sN?"),
    N_("%1$s: %2$s is not a PACE: it is %3$s with a number, as in seconds=2")};
const struct word_list what_list = {what_words, what_values,
    N_("%1$s: %2$s is not a WHAT: did you mean %3$s?"),
    N_("%1$s: %2$s is not a WHAT: it is one of %3$s, or a page such as a:2")};
const struct word_list place_list = {place_words, place_values,
    N_("%1$s: %2$s is not a PLACE: did you mean %3$s?"),
    N_("%1$s: %2$s is not a PLACE: it is one of %3$s, a process such as b, or a page such as a:2 or @:7")};
const struct word_list scope_list = {scope_words, NULL,
    N_("%1$s: %2$s is not a SCOPE: did you mean %3$s?"),
    N_("%1$s: %2$s is not a SCOPE: it is one of %3$s")};
const struct word_list view_list = {view_words, view_values,
    N_("%1$s: %2$s is not a VIEW: did you mean %3$s?"),
    N_("%1$s: %2$s is not a VIEW: it is one of %3$s")};
const struct word_list zoom_list = {zoom_words, zoom_values,
    N_("%1$s: %2$s is not a ZOOM: did you mean %3$s?"),
    N_("%1$s: %2$s is not a ZOOM: it is one of %3$s")};
const struct word_list order_list = {order_words, order_values,
    N_("%1$s: %2$s is not an ORDER: did you mean %3$s?"),
    N_("%1$s: %2$s is not an ORDER: it is one of %3$s")};
const struct word_list filter_list = {filter_words, filter_values,
    N_("%1$s: %2$s is not a FILTER: did you mean %3$s?"),
    N_("%1$s: %2$s is not a FILTER: it is one of %3$s")};
const struct word_list term_list = {term_words, NULL,
    N_("%1$s: %2$s is not a TERM: did you mean %3$s?"),
    N_("%1$s: %2$s is not a TERM: glossary alone lists them all")};
const struct word_list fact_list = {fact_words, NULL,
    N_("%1$s: %2$s is not a FACT: did you mean %3$s?"),
    N_("%1$s: %2$s is not a FACT: those are %3$s")};

int
word_index(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

bool
list_value(const struct word_list *list, const char *word, int *value)
{
	int index = word_index(list->words, word);

	if (index < 0)
		return false;
	*value = list->values ? list->values[index] : index;
	return true;
}

void
join_words(struct buf *out, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (i)
			buf_add(out, ", ");
		buf_add(out, words[i]);
	}
}

int
list_error(const struct word_list *list, const char *where, const char *word, struct err *err)
{
	const char *near = nearest(list->words, word);
	struct buf all = BUF_INIT;
	char room[QUOTED_MAX];

	if (near)
		return err_set(err, ERR_USAGE, _(list->near), where, quoted(room, word), near);
	join_words(&all, list->words);
	err_set(err, ERR_USAGE, _(list->far), where, quoted(room, word), buf_text(&all));
	buf_free(&all);
	return -1;
}

bool
number_of(const char *text, size_t length, uint32_t *value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		sum = sum * 10 + (uint64_t)(text[i] - '0');
		if (sum > UINT32_MAX)
			sum = UINT32_MAX;
	}
	*value = (uint32_t)sum;
	return length > 0;
}

bool
seconds_of(const char *text, uint32_t *ms)
{
	size_t whole = strcspn(text, "."), digits = text[whole] ? strlen(text + whole + 1) : 0;
	uint32_t seconds, part = 0;

	if (!number_of(text, whole, &seconds) || seconds > SECONDS_MAX || digits > 3 ||
	    (text[whole] && !digits))
		return false;
	if (digits && !number_of(text + whole + 1, digits, &part))
		return false;
	for (; digits && digits < 3; digits++)
		part *= 10;
	*ms = seconds * 1000 + part;
	return *ms >= 1 && *ms <= SECONDS_MAX * 1000;
}

int
signal_of(const char *word)
{
	uint32_t number;

	if (number_of(word, strlen(word), &number))
		return number >= 1 && number < _NSIG ? (int)number : -1;
	return signal_number(word);
}

const char *
quoted_n(char room[QUOTED_MAX], const char *text, size_t length)
{
	struct buf clean = BUF_INIT;
	size_t at = 0;
	uint32_t code;

	while (at < length) {
		size_t bytes = utf8_decode(text + at, length - at, &code);

		if (at + bytes > 40)
			break;
		at += bytes;
	}
	utf8_clean(&clean, text, at, false);
	snprintf(
	    room, QUOTED_MAX, "%s%s", length ? buf_text(&clean) : "\"\"", at < length ? "..." : "");
	buf_free(&clean);
	return room;
}

const char *
quoted(char room[QUOTED_MAX], const char *text)
{
	return quoted_n(room, text, strlen(text));
}
