#include "config.h"
#include "lang/in_c/in_c_private.h"
#include "lang/word_lists.h"

#include <ctype.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

/* "populate-read" -> "MADV_POPULATE_READ" */
static void
c_constant(struct buf *out, const char *prefix, const char *word)
{
	buf_add(out, prefix);
	for (; *word; word++)
		buf_add_char(out, *word == '-' ? '_' : (char)toupper((unsigned char)*word));
}

/* The list's word for the value as a constant, else the number. */
static void
c_listed(struct buf *out, const char *prefix, const struct word_list *list, int value)
{
	for (size_t i = 0; list->words[i]; i++)
		if (list->values[i] == value) {
			c_constant(out, prefix, list->words[i]);
			return;
		}
	buf_addf(out, "%d", value);
}

void
c_advice(struct buf *out, int advice)
{
	c_listed(out, "MADV_", &advice_list, advice);
}

void
c_signal(struct buf *out, int signal)
{
	c_listed(out, "SIG", &signal_list, signal);
}

void
c_protection(struct buf *out, int protection)
{
	static const struct {
		int bit;
		const char *name;
	} bits[] = {{PROT_READ, "PROT_READ"}, {PROT_WRITE, "PROT_WRITE"}, {PROT_EXEC, "PROT_EXEC"}};
	size_t start = out->length;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (protection & bits[i].bit)
			buf_addf(out, "%s%s", out->length > start ? " | " : "", bits[i].name);
	if (out->length == start)
		buf_add(out, "PROT_NONE");
}

void
c_sync(struct buf *out, int sync)
{
	buf_add(out, sync & MS_ASYNC ? "MS_ASYNC" : "MS_SYNC");
	if (sync & MS_INVALIDATE)
		buf_add(out, " | MS_INVALIDATE");
}

/* Three octal digits end where they should, whatever follows; \? is no trigraph. */
static void
c_escape(struct buf *out, unsigned char byte, char quote)
{
	if (byte == '\n')
		buf_add(out, "\\n");
	else if (byte == '\t')
		buf_add(out, "\\t");
	else if (byte == (unsigned char)quote || byte == '\\' || byte == '?')
		buf_addf(out, "\\%c", byte);
	else if (byte >= 0x20 && byte < 0x7f)
		buf_add_char(out, (char)byte);
	else
		buf_addf(out, "\\%03o", byte);
}

void
c_character(struct buf *out, char character)
{
	buf_add_char(out, '\'');
	c_escape(out, (unsigned char)character, '\'');
	buf_add_char(out, '\'');
}

void
c_string(struct buf *out, const char *text, size_t length)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < length; i++)
		c_escape(out, (unsigned char)text[i], '"');
	buf_add_char(out, '"');
}

size_t
c_ranges(struct page_range ranges[RANGES_MAX], const struct target *target, uint32_t pages)
{
	if (target->which != PAGES_RANGES) {
		ranges[0] = (struct page_range){0, pages - 1};
		return 1;
	}
	memcpy(ranges, target->ranges, target->range_count * sizeof(*ranges));
	return target->range_count;
}

size_t
c_spans(struct c_span spans[RANGES_MAX], const struct target *target, const struct c_lab *lab)
{
	struct page_range ranges[RANGES_MAX];
	size_t count = c_ranges(ranges, target, lab->pages);

	for (size_t i = 0; i < count; i++)
		spans[i] = (struct c_span){
		    .first = ranges[i].first,
		    .last = ranges[i].last,
		    .is_cursors = target->which == PAGES_CURSOR,
		};
	return count;
}

/* "2", "i", "page" */
static void
c_number(struct buf *out, const struct c_span *span)
{
	if (span->is_cursors)
		buf_add(out, "page");
	else if (span->first != span->last)
		buf_add_char(out, 'i');
	else
		buf_addf(out, "%u", span->first);
}

static bool
c_is_first(const struct c_span *span)
{
	return !span->is_cursors && span->first == 0 && span->last == 0;
}

void
c_offset(struct buf *out, const struct c_span *span, const struct c_lab *lab)
{
	if (c_is_first(span)) {
		buf_add_char(out, '0');
		return;
	}
	c_number(out, span);
	buf_addf(out, " * %u", lab->page_size);
}

void
c_address(struct buf *out, const struct c_span *span, const struct c_lab *lab)
{
	buf_add_char(out, 'p');
	if (c_is_first(span))
		return;
	buf_add(out, " + ");
	c_offset(out, span, lab);
}

void
c_length(struct buf *out, const struct c_span *span, const struct c_lab *lab)
{
	if (!span->is_cursors && span->first != span->last)
		buf_addf(out, "%u * ", span->last - span->first + 1);
	buf_addf(out, "%u", lab->page_size);
}

void
c_each(struct buf *out, struct c_span *span)
{
	if (span->is_cursors || span->first == span->last)
		return;
	buf_addf(out, "for (int i = %u; i < %u; i++)\n\t", span->first, span->last + 1);
}

void
c_flags(struct buf *out, enum kind kind)
{
	buf_add(out, kind_is_shared(kind) ? "MAP_SHARED" : "MAP_PRIVATE");
	if (kind_is_anonymous(kind))
		buf_add(out, " | MAP_ANONYMOUS");
}

const char *
c_descriptor(enum kind kind)
{
	return kind_is_anonymous(kind) ? "-1" : "fd";
}

const char *
c_protection_of(const struct c_lab *lab)
{
	return lab->read_only && lab->kind == KIND_SHARED_FILE ? "PROT_READ"
							       : "PROT_READ | PROT_WRITE";
}
