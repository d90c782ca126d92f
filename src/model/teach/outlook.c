#include "config.h"
#include "model/teach/outlook.h"

#include <string.h>

#include "base/i18n.h"
#include "model/lab/events.h"

#define TEXT_SHOWN 4 /* bytes of a page's content that are asked about */

const char *
asks_word(enum asks asks)
{
	static const char *const words[] = {
	    [ASKS_STATES] = "states",
	    [ASKS_DIRTY] = "dirty",
	    [ASKS_CONTENTS] = "contents",
	    [ASKS_FRAMES] = "frames",
	};

	return words[asks];
}

int8_t
outlook_frame(struct outlook *outlook, enum birth birth, const struct content *content)
{
	outlook->frames[outlook->frame_count].birth = birth;
	outlook->frames[outlook->frame_count].content = *content;
	return outlook->frame_count++;
}

/* The frame of an anonymous page, which an earlier process may map too. */
static int8_t
own_frame(struct outlook *outlook, const struct snapshot *now, size_t index, uint32_t page)
{
	const struct page *own = &now->processes[index].pages[page];

	for (size_t i = 0; i < index; i++)
		if (now->processes[i].life != LIFE_DEAD &&
		    now->processes[i].pages[page].frame == own->frame)
			return outlook->at[now->processes[i].name - 'a'];
	return outlook_frame(outlook, (enum birth)now->frames[own->frame].birth, &own->content);
}

static bool
take_page(struct outlook *outlook, const struct snapshot *now, size_t index, uint32_t page)
{
	const struct page *own = &now->processes[index].pages[page];
	int8_t *at = &outlook->at[now->processes[index].name - 'a'];
	enum birth birth;

	if (own->state == PAGE_UNKNOWN || own->state == PAGE_SWAPPED)
		return false;
	*at = AT_ABSENT;
	if (own->frame == FRAME_NONE)
		return own->state == PAGE_ABSENT;
	birth = (enum birth)now->frames[own->frame].birth;
	*at = birth == BIRTH_ZERO ? AT_ZERO
	    : birth == BIRTH_FILE ? AT_FILE
				  : own_frame(outlook, now, index, page);
	if (*at == AT_FILE && own->content.length)
		outlook->frames[AT_FILE].content = own->content;
	return true;
}

bool
outlook_of(struct outlook *outlook, const struct snapshot *now, uint32_t page)
{
	const struct content zeros = {.length = CONTENT_MAX}, unknown = {.length = 0};
	bool disk = kind_has_disk(now->kind) && now->file_pages;

	*outlook = (struct outlook){
	    .kind = now->kind,
	    .no_zeros = now->machine.zero_page == TRI_NO,
	    .dirty = TRI_UNKNOWN,
	};
	memset(outlook->at, AT_NOBODY, sizeof(outlook->at));
	outlook_frame(outlook, BIRTH_FILE, disk ? &now->file_pages[page].content : &unknown);
	outlook_frame(outlook, BIRTH_ZERO, &zeros);
	outlook->dirty_by_map = now->dirty_by_map;
	if (disk)
		outlook->dirty = now->file_pages[page].dirty;
	for (size_t i = 0; i < now->process_count; i++) {
		if (now->processes[i].life == LIFE_DEAD)
			outlook->at[now->processes[i].name - 'a'] = AT_ENDED;
		else if (!take_page(outlook, now, i, page))
			return false;
		if (outlook->at[now->processes[i].name - 'a'] >= AT_FIRST)
			outlook->inherited |= (uint16_t)(1u << (now->processes[i].name - 'a'));
	}
	return true;
}

bool
outlook_is_inherited(const struct outlook *outlook, char parent)
{
	return !kind_is_shared(outlook->kind) && outlook->inherited & 1u << (parent - 'a');
}

size_t
outlook_mapped_by(const struct outlook *outlook, int at)
{
	size_t count = 0;

	for (int i = 0; i < PROCESSES_MAX; i++)
		count += at >= 0 && outlook->at[i] == at;
	return count;
}

enum page_state
outlook_state(const struct outlook *outlook, int process)
{
	int at = outlook->at[process];

	if (at < 0)
		return PAGE_ABSENT;
	if (at == AT_ZERO)
		return PAGE_ZERO;
	if (outlook_mapped_by(outlook, at) > 1)
		return PAGE_SHARED;
	return outlook->frames[at].birth == BIRTH_COPIED ? PAGE_COPIED : PAGE_PRIVATE;
}

static void
next(struct buf *out, size_t start)
{
	if (out->length > start)
		buf_add(out, "; ");
}

/* Do the same words describe both? */
static bool
alike(const struct outlook *outlook, int one, int other)
{
	if (outlook->at[one] == outlook->at[other])
		return true;
	return outlook->at[one] >= 0 && outlook->at[other] >= 0 &&
	    outlook_state(outlook, one) != PAGE_SHARED &&
	    outlook_state(outlook, one) == outlook_state(outlook, other);
}

static void
outlook_add_state(struct buf *out, const struct outlook *outlook, int process)
{
	enum page_state state = outlook_state(outlook, process);

	if (state == PAGE_SHARED)
		buf_addf(out, "%s x%zu", page_state_word(state),
		    outlook_mapped_by(outlook, outlook->at[process]));
	else
		buf_add(out, page_state_word(state));
}

static void
add_names(struct buf *out, uint16_t set, size_t start)
{
	next(out, start);
	names_of(out, set);
	buf_add(out, ": ");
}

static void
states_words(struct buf *out, const struct outlook *outlook)
{
	uint16_t said = 0, set;
	size_t start = out->length;

	for (int i = 0; i < PROCESSES_MAX; i++) {
		if (outlook->at[i] < AT_ABSENT || said & 1u << i)
			continue;
		set = 0;
		for (int j = i; j < PROCESSES_MAX; j++)
			if (outlook->at[j] >= AT_ABSENT && alike(outlook, i, j))
				set |= (uint16_t)(1u << j);
		add_names(out, set, start);
		outlook_add_state(out, outlook, i);
		said |= set;
	}
}

static void
content_words(struct buf *out, const struct content *content)
{
	bool zeros = true;

	for (int i = 0; i < TEXT_SHOWN; i++)
		zeros = zeros && !content->bytes[i];
	if (zeros) {
		buf_add(out, _("zeros"));
		return;
	}
	buf_add_char(out, '"');
	for (int i = 0; i < TEXT_SHOWN && content->bytes[i]; i++)
		buf_add_char(out,
		    content->bytes[i] >= 0x20 && content->bytes[i] < 0x7f ? (char)content->bytes[i]
									  : '.');
	buf_add_char(out, '"');
}

static bool
holds_same(const struct outlook *outlook, int one, int other)
{
	return outlook->at[one] >= 0 && outlook->at[other] >= 0 &&
	    memcmp(outlook->frames[outlook->at[one]].content.bytes,
		outlook->frames[outlook->at[other]].content.bytes, TEXT_SHOWN) == 0;
}

static void
contents_words(struct buf *out, const struct outlook *outlook)
{
	uint16_t said = 0, set;
	size_t start = out->length;

	for (int i = 0; i < PROCESSES_MAX; i++) {
		if (outlook->at[i] < 0 || said & 1u << i)
			continue;
		set = 0;
		for (int j = i; j < PROCESSES_MAX; j++)
			if (holds_same(outlook, i, j))
				set |= (uint16_t)(1u << j);
		add_names(out, set, start);
		content_words(out, &outlook->frames[outlook->at[i]].content);
		said |= set;
	}
	if (!kind_has_disk(outlook->kind)) {
		if (out->length == start)
			buf_add(out, _("nobody maps it"));
		return;
	}
	next(out, start);
	buf_addf(out, "%s: ", _("the file"));
	content_words(out, &outlook->frames[AT_FILE].content);
}

static void
frames_words(struct buf *out, const struct outlook *outlook)
{
	unsigned count = 0;

	for (int at = 0; at < outlook->frame_count; at++)
		count += outlook_mapped_by(outlook, at) > 0;
	buf_addf(out, NP_("%u frame", "%u frames", count), count);
}

bool
outlook_tells(const struct outlook *outlook, enum asks asks)
{
	if (asks == ASKS_DIRTY)
		return outlook->dirty != TRI_UNKNOWN;
	if (asks != ASKS_CONTENTS)
		return true;
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (outlook->at[i] >= 0 && !outlook->frames[outlook->at[i]].content.length)
			return false;
	return !kind_has_disk(outlook->kind) || outlook->frames[AT_FILE].content.length;
}

void
outlook_words(struct buf *out, const struct outlook *outlook, enum asks asks)
{
	if (asks == ASKS_CONTENTS)
		contents_words(out, outlook);
	else if (asks == ASKS_FRAMES)
		frames_words(out, outlook);
	else
		states_words(out, outlook);
	if (asks == ASKS_DIRTY)
		buf_addf(out, "; %s",
		    outlook->dirty == TRI_YES ? _("the file's page: dirty")
					      : _("the file's page: clean"));
}
