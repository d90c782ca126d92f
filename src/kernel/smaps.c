#include "config.h"
#include "kernel/smaps.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 4096
/* a line holds a path, in which every byte may be escaped */
#define TEXT_ROOM ((size_t)64 * 1024)

struct field {
	const char *name;
	size_t length, offset;
};

#define FIELD(name, member) \
	{ \
		name, sizeof(name) - 1, offsetof(struct smaps, member) \
	}

static const struct field fields[] = {
    FIELD("Rss", rss),
    FIELD("Pss", pss),
    FIELD("Shared_Clean", shared_clean),
    FIELD("Shared_Dirty", shared_dirty),
    FIELD("Private_Clean", private_clean),
    FIELD("Private_Dirty", private_dirty),
    FIELD("Referenced", referenced),
    FIELD("Anonymous", anonymous),
    FIELD("KSM", ksm),
    FIELD("Swap", swap),
    FIELD("AnonHugePages", huge),
};

#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

static int
smaps_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An address and the character after it; NULL if it is not there. */
static const char *
address(const char *at, const char *end, char behind, uint64_t *value)
{
	const char *first = at;

	*value = 0;
	for (; at < end && smaps_hex_digit(*at) >= 0; at++)
		*value = *value << 4 | (uint64_t)smaps_hex_digit(*at);
	if (at == first || at == end || *at != behind)
		return NULL;
	return at + 1;
}

static uint32_t
smaps_number(const char *at, const char *end)
{
	uint64_t value = 0;

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	for (; at < end && *at >= '0' && *at <= '9'; at++)
		if (value <= UINT32_MAX)
			value = value * 10 + (uint64_t)(*at - '0');
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static struct smaps *
smaps_add_entry(struct smaps_list *list)
{
	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 32;
		list->list = mem_resize(list->list, list->room, sizeof(*list->list));
	}
	memset(&list->list[list->count], 0, sizeof(*list->list));
	return &list->list[list->count++];
}

/* "rw-p 00002000 ...": the permissions, then the offset into the file. */
static void
mapped_how(struct smaps *entry, const char *at, const char *end)
{
	memcpy(entry->perms, at, 4);
	if (end - at > 5 && !address(at + 5, end, ' ', &entry->offset))
		entry->offset = 0;
}

/* The line that begins an entry. false: this line doesn't. */
static bool
header(struct smaps_list *list, const char *line, const char *end)
{
	uint64_t first, last;
	const char *at = address(line, end, '-', &first);

	if (at)
		at = address(at, end, ' ', &last);
	if (!at || end - at < 4)
		return false;
	list->inside = false;
	if (first >= list->end) {
		list->done = true;
	} else if (last > list->start) {
		struct smaps *entry = smaps_add_entry(list);

		entry->start = first;
		entry->end = last;
		mapped_how(entry, at, end);
		list->inside = true;
	}
	return true;
}

static void
field(struct smaps_list *list, const char *line, const char *end)
{
	const char *colon = memchr(line, ':', (size_t)(end - line));
	struct smaps *entry = &list->list[list->count - 1];
	size_t length = colon ? (size_t)(colon - line) : 0;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (fields[i].length == length && memcmp(fields[i].name, line, length) == 0) {
			uint32_t value = smaps_number(colon + 1, end);

			memcpy((char *)entry + fields[i].offset, &value, sizeof(value));
			return;
		}
	if (length == 7 && memcmp(line, "VmFlags", 7) == 0) { /* always an entry's last line */
		list->inside = false;
		list->done = entry->end >= list->end;
	}
}

void
smaps_begin(struct smaps_list *list, uint64_t start, uint64_t end)
{
	list->count = 0;
	list->start = start;
	list->end = end;
	list->inside = list->done = false;
}

size_t
smaps_parse(struct smaps_list *list, const char *text, size_t length)
{
	const char *at = text, *end = text + length;

	while (!list->done && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			break;
		if ((smaps_hex_digit(*at) < 0 || !header(list, at, stop)) && list->inside)
			field(list, at, stop);
		at = stop + 1;
	}
	return (size_t)(at - text);
}

void
smaps_finish(struct smaps_list *list, bool whole)
{
	if (list->inside && !whole)
		list->count--;
	list->inside = false;
}

static size_t
next_size(size_t offset, size_t expected)
{
	return offset < expected && expected - offset < CHUNK ? expected - offset : CHUNK;
}

bool
smaps_read(struct smaps_list *list, int fd, uint64_t start, uint64_t end, size_t *expected)
{
	size_t offset = 0, kept = 0;
	ssize_t got = 0;

	if (!list->text)
		list->text = mem_zero(TEXT_ROOM, 1);
	smaps_begin(list, start, end);
	while (!list->done && kept <= TEXT_ROOM - CHUNK) {
		size_t taken;

		got = pread(fd, list->text + kept, next_size(offset, *expected), (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		offset += (size_t)got;
		kept += (size_t)got;
		taken = smaps_parse(list, list->text, kept);
		kept -= taken;
		memmove(list->text, list->text + taken, kept);
	}
	smaps_finish(list, got == 0 && kept == 0);
	*expected = offset - kept;
	return offset > 0;
}

void
smaps_release(struct smaps_list *list)
{
	free(list->list);
	free(list->text);
	memset(list, 0, sizeof(*list));
}
