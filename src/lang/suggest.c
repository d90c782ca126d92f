#include "config.h"
#include "base/buf.h"
#include "lang/grammar.h"
#include "model/lab/snapshot.h"

#include <string.h>

static void
offer_joined(struct asking *asking, const char *head, size_t length, const char *tail)
{
	struct buf word = BUF_INIT;

	buf_add_n(&word, head, length);
	buf_add(&word, tail);
	offer(asking, buf_text(&word));
	buf_free(&word);
}

static void
offer_letters(struct asking *asking, uint16_t processes, const char *tail)
{
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (processes & (1u << i))
			offer_joined(asking, &(char){(char)('a' + i)}, 1, tail);
}

static void
offer_page(struct asking *asking, const char *head, size_t length, uint32_t page, uint32_t least)
{
	struct buf word = BUF_INIT;

	if (page < asking->vocabulary->pages && page >= least) {
		buf_add_n(&word, head, length);
		buf_addf(&word, "%u", page);
		offer(asking, buf_text(&word));
	}
	buf_free(&word);
}

/* The first number after a comma, if a '-' follows it: ranges ascend. */
static uint32_t
range_start(const char *pages, size_t length)
{
	size_t start = length;
	uint32_t first;

	if (length == 0 || pages[length - 1] != '-')
		return 0;
	while (start > 0 && pages[start - 1] != ',')
		start--;
	return number_of(pages + start, length - start - 1, &first) ? first : UINT32_MAX;
}

/* Pages after the first `head` bytes of the prefix, one digit longer than what is typed. */
static void
offer_pages(struct asking *asking, size_t head, bool only_one)
{
	const char *typed = asking->prefix, *pages = typed + head;
	size_t length = strlen(pages), digits = 0;
	uint32_t number = 0, least;

	while (digits < length && pages[length - digits - 1] >= '0' &&
	    pages[length - digits - 1] <= '9')
		digits++;
	if (only_one && digits < length)
		return;
	if (length == 0) {
		if (!only_one)
			offer_joined(asking, typed, head, "*");
		if (typed[0] != '@')
			offer_joined(asking, typed, head, "@");
	}
	least = range_start(pages, length - digits);
	if (digits) {
		if (!number_of(pages + length - digits, digits, &number) || number > PAGES_MAX)
			return;
		offer_page(asking, typed, strlen(typed) - digits, number, least);
	}
	for (uint32_t digit = digits && !number; digit < 10 && (!digits || number); digit++)
		offer_page(asking, typed, strlen(typed) - digits, number * 10 + digit, least);
}

static bool
offered_pages(struct asking *asking, bool only_one)
{
	const char *colon = asking->prefix ? strchr(asking->prefix, ':') : NULL;

	if (colon)
		offer_pages(asking, (size_t)(colon - asking->prefix) + 1, only_one);
	return colon;
}

/* "ab" continues as "ab:" */
static void
offer_more_letters(struct asking *asking)
{
	const char *typed = asking->prefix ? asking->prefix : "";
	size_t length = strlen(typed);

	for (size_t i = 0; i < length; i++)
		if (!is_process_name(typed[i]) ||
		    !(asking->vocabulary->processes & (1u << (typed[i] - 'a'))))
			return;
	if (length)
		offer_joined(asking, typed, length, ":");
}

void
complete_target(struct asking *asking)
{
	if (offered_pages(asking, false))
		return;
	offer(asking, "@");
	offer(asking, "all");
	if (asking->command->def->verb == VERB_EXPECT || asking->command->def->verb == VERB_AWAIT)
		offer(asking, "file:");
	offer_letters(asking, asking->vocabulary->processes, ":");
	offer_more_letters(asking);
}

void
complete_process(struct asking *asking)
{
	offer(asking, "@");
	offer_letters(asking, asking->vocabulary->processes, "");
}

void
complete_name(struct asking *asking)
{
	offer_letters(asking, (uint16_t)~asking->vocabulary->processes, "");
}

void
complete_pages(struct asking *asking)
{
	if (asking->prefix)
		offer_pages(asking, 0, false);
}

void
complete_protection(struct asking *asking)
{
	const char *plus = asking->prefix ? strrchr(asking->prefix, '+') : NULL;
	size_t head = plus ? (size_t)(plus - asking->prefix) + 1 : 0;

	if (!head) {
		offer_words(asking, protection_list.words);
		return;
	}
	for (size_t i = 1; protection_list.words[i]; i++)
		if (!strstr(asking->prefix, protection_list.words[i]) ||
		    strcmp(plus + 1, protection_list.words[i]) == 0)
			offer_joined(asking, asking->prefix, head, protection_list.words[i]);
}

void
complete_mapping(struct asking *asking)
{
	if (asking->prefix && strchr(asking->prefix, '+'))
		complete_protection(asking);
	else if (asking->prefix && strncmp(asking->prefix, "of=", 3) == 0)
		for (size_t i = 0; of_list.words[i]; i++)
			offer_joined(asking, "of=", 3, of_list.words[i]);
	else
		offer_words(asking, mapping_list.words);
}

static void
offer_signals(struct asking *asking, const char *head)
{
	for (size_t i = 0; signal_list.words[i]; i++)
		offer_joined(asking, head, strlen(head), signal_list.words[i]);
}

void
complete_signal(struct asking *asking)
{
	offer_signals(asking,
	    asking->prefix && asking->prefix[0] == 'S' && asking->prefix[1] == 'I' ? "SIG" : "");
}

void
complete_what(struct asking *asking)
{
	if (offered_pages(asking, true))
		return;
	offer_words(asking, what_list.words);
	offer(asking, "@");
	offer_letters(asking, asking->vocabulary->processes, ":");
}

void
complete_fact(struct asking *asking)
{
	if (asking->prefix && strncmp(asking->prefix, "faulted=", 8) == 0) {
		offer(asking, "faulted=SIGBUS");
		offer(asking, "faulted=SIGSEGV");
		return;
	}
	if (asking->prefix && strncmp(asking->prefix, "errno=", 6) == 0) {
		static const char *const names[] = {
		    "EACCES", "EBADF", "EEXIST", "EINVAL", "ENODEV", "ENOMEM", NULL};

		for (size_t i = 0; names[i]; i++)
			offer_joined(asking, "errno=", 6, names[i]);
		return;
	}
	for (size_t i = 0; fact_list.words[i]; i++)
		if (!asking->before_count || strcmp(fact_list.words[i], "not") != 0)
			offer(asking, fact_list.words[i]);
}

void
complete_place(struct asking *asking)
{
	if (offered_pages(asking, true))
		return;
	offer_words(asking, place_list.words);
	offer(asking, "@:");
	offer_letters(asking, asking->vocabulary->processes, "");
}
