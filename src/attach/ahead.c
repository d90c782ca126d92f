#include "config.h"
#include "attach/ahead.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "attach/readers.h"
#include "base/mem.h"

#define SLOTS 16
#define STRETCH 16            /* of the shared work, taken at once */
#define BYTES_MOST (4u << 20) /* of entries, in all slots */

enum slot_state {
	SLOT_ASKED,
	SLOT_UNDER_WAY,
	SLOT_READ,
};

struct ahead_slot {
	enum slot_state state;
	uint64_t page;
	size_t count;
	struct ahead_part *parts;
	size_t part_count, part_room;
};

/* Work that all threads do together before they read on. */
struct shared {
	ahead_work *work;
	void *data;
	size_t next, count; /* items from next on are still to be done */
	size_t busy;        /* who are at it */
};

struct ahead {
	const struct reader *reader;
	size_t window;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t asked, read;
	pthread_t threads[READERS_MOST];
	size_t thread_count, threads_wanted;
	bool over;
	struct shared shared;
	struct ahead_slot *queue[SLOTS]; /* a ring of those asked for */
	size_t first, used;
	/* the most recently used is taken first, so that few get buffers */
	struct ahead_slot *idle[SLOTS];
	size_t idle_count;
	struct ahead_slot *next; /* the slot being asked for; NULL */
	struct ahead_slot slots[SLOTS];
	uint64_t in_vain;
};

struct ahead *
ahead_new(const struct reader *reader, size_t window, size_t threads)
{
	struct ahead *ahead;

	if (threads < 2)
		return NULL;
	ahead = mem_zero(1, sizeof(*ahead));
	ahead->reader = reader;
	ahead->window = window;
	ahead->threads_wanted = threads;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->asked, NULL);
	pthread_cond_init(&ahead->read, NULL);
	while (ahead->idle_count < SLOTS) {
		ahead->idle[ahead->idle_count] = &ahead->slots[ahead->idle_count];
		ahead->idle_count++;
	}
	return ahead;
}

void
ahead_free(struct ahead *ahead)
{
	if (!ahead)
		return;
	ahead_rest(ahead);
	for (size_t i = 0; i < SLOTS; i++) {
		for (size_t k = 0; k < ahead->slots[i].part_room; k++)
			free(ahead->slots[i].parts[k].entries);
		free(ahead->slots[i].parts);
	}
	pthread_cond_destroy(&ahead->read);
	pthread_cond_destroy(&ahead->asked);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead);
}

static struct ahead_slot *
slot_at(struct ahead *ahead, size_t index)
{
	return ahead->queue[(ahead->first + index) % SLOTS];
}

/* The oldest slot that no thread reads yet; NULL. Call it locked. */
static struct ahead_slot *
unread_slot(struct ahead *ahead)
{
	for (size_t i = 0; i < ahead->used; i++)
		if (slot_at(ahead, i)->state == SLOT_ASKED)
			return slot_at(ahead, i);
	return NULL;
}

/* Locked before and after; unlocked in between. */
static void
read_slot(struct ahead *ahead, struct ahead_slot *slot)
{
	slot->state = SLOT_UNDER_WAY;
	pthread_mutex_unlock(&ahead->lock);
	for (size_t i = 0; i < slot->part_count; i++) {
		struct ahead_part *part = &slot->parts[i];

		part->good = reader_entries(
		    ahead->reader, part->pagemap, part->address, part->entries, slot->count);
		part->errnum = part->good ? 0 : errno;
	}
	pthread_mutex_lock(&ahead->lock);
	slot->state = SLOT_READ;
	pthread_cond_signal(&ahead->read);
}

/* Does a piece of the shared work; false: none is left to begin. Locked before and after; unlocked
 * in between. */
static bool
do_shared(struct ahead *ahead)
{
	struct shared *shared = &ahead->shared;
	size_t first = shared->next,
	       end = shared->count - first < STRETCH ? shared->count : first + STRETCH;

	if (first == end)
		return false;
	shared->next = end;
	shared->busy++;
	pthread_mutex_unlock(&ahead->lock);
	for (size_t i = first; i < end; i++)
		shared->work(shared->data, i);
	pthread_mutex_lock(&ahead->lock);
	shared->busy--;
	pthread_cond_signal(&ahead->read);
	return true;
}

void
ahead_share(struct ahead *ahead, ahead_work *work, void *data, size_t count)
{
	if (!ahead || !ahead->thread_count) {
		for (size_t i = 0; i < count; i++)
			work(data, i);
		return;
	}
	pthread_mutex_lock(&ahead->lock);
	ahead->shared = (struct shared){.work = work, .data = data, .count = count};
	pthread_cond_broadcast(&ahead->asked);
	while (do_shared(ahead))
		;
	while (ahead->shared.busy)
		pthread_cond_wait(&ahead->read, &ahead->lock);
	pthread_mutex_unlock(&ahead->lock);
}

static void *
ahead_work_on(void *data)
{
	struct ahead *ahead = data;

	pthread_mutex_lock(&ahead->lock);
	while (!ahead->over) {
		struct ahead_slot *slot = NULL;

		if (do_shared(ahead))
			continue;
		if ((slot = unread_slot(ahead)))
			read_slot(ahead, slot);
		else
			pthread_cond_wait(&ahead->asked, &ahead->lock);
	}
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

size_t
ahead_room(const struct ahead *ahead, size_t parts)
{
	size_t most = BYTES_MOST / (parts * ahead->window * sizeof(uint64_t) + 1);

	if (!ahead->threads_wanted)
		return 0;
	most = most < SLOTS ? most : SLOTS;
	return most > ahead->used ? most - ahead->used : 0;
}

static struct ahead_slot *
ahead_next_slot(struct ahead *ahead)
{
	if (!ahead->next)
		ahead->next = ahead->idle[--ahead->idle_count];
	return ahead->next;
}

void
ahead_add(struct ahead *ahead, size_t line, int pagemap, uint64_t address)
{
	struct ahead_slot *slot = ahead_next_slot(ahead);

	if (slot->part_count == slot->part_room) {
		slot->parts = mem_resize(slot->parts, slot->part_room + 1, sizeof(*slot->parts));
		slot->parts[slot->part_room++].entries = mem_zero(ahead->window, sizeof(uint64_t));
	}
	slot->parts[slot->part_count].line = line;
	slot->parts[slot->part_count].pagemap = pagemap;
	slot->parts[slot->part_count++].address = address;
}

void
ahead_ask(struct ahead *ahead, uint64_t page, size_t count)
{
	struct ahead_slot *slot = ahead_next_slot(ahead);

	ahead->next = NULL;
	slot->page = page;
	slot->count = count;
	slot->state = SLOT_ASKED;
	if (!ahead->thread_count) {
		ahead->thread_count =
		    readers_start(ahead->threads, ahead->threads_wanted, ahead_work_on, ahead);
		ahead->threads_wanted = ahead->thread_count ? ahead->threads_wanted : 0;
	}
	pthread_mutex_lock(&ahead->lock);
	ahead->queue[(ahead->first + ahead->used++) % SLOTS] = slot;
	pthread_cond_signal(&ahead->asked);
	pthread_mutex_unlock(&ahead->lock);
}

uint64_t
ahead_end(const struct ahead *ahead)
{
	const struct ahead_slot *last = ahead->queue[(ahead->first + ahead->used - 1) % SLOTS];

	return ahead->used ? last->page + last->count : 0;
}

/* Locked. */
static void
pass(struct ahead *ahead)
{
	slot_at(ahead, 0)->part_count = 0;
	ahead->idle[ahead->idle_count++] = slot_at(ahead, 0);
	ahead->first = (ahead->first + 1) % SLOTS;
	ahead->used--;
}

static void
finish_first(struct ahead *ahead)
{
	struct ahead_slot *slot = slot_at(ahead, 0), *other;

	while (slot->state != SLOT_READ)
		if (slot->state == SLOT_ASKED)
			read_slot(ahead, slot);
		else if ((other = unread_slot(ahead)))
			read_slot(ahead, other); /* rather than wait */
		else
			pthread_cond_wait(&ahead->read, &ahead->lock);
}

/* Drops the windows before this page. Call it locked. */
static void
drop_before(struct ahead *ahead, uint64_t page)
{
	while (ahead->used && slot_at(ahead, 0)->page < page) {
		struct ahead_slot *slot = slot_at(ahead, 0);

		while (slot->state == SLOT_UNDER_WAY)
			pthread_cond_wait(&ahead->read, &ahead->lock);
		if (slot->state == SLOT_READ)
			ahead->in_vain += slot->count * slot->part_count;
		pass(ahead);
	}
}

struct ahead_part *
ahead_take(struct ahead *ahead, uint64_t page, size_t count, size_t *part_count)
{
	struct ahead_slot *slot;
	bool found;

	*part_count = 0;
	if (!ahead->used)
		return NULL;
	pthread_mutex_lock(&ahead->lock);
	drop_before(ahead, page);
	slot = slot_at(ahead, 0);
	found = ahead->used && slot->page == page && slot->count == count;
	if (found) {
		finish_first(ahead);
		*part_count = slot->part_count;
		pass(ahead);
	}
	pthread_mutex_unlock(&ahead->lock);
	return found ? slot->parts : NULL;
}

uint64_t
ahead_drop(struct ahead *ahead)
{
	uint64_t in_vain;

	pthread_mutex_lock(&ahead->lock);
	drop_before(ahead, UINT64_MAX);
	in_vain = ahead->in_vain;
	ahead->in_vain = 0;
	pthread_mutex_unlock(&ahead->lock);
	return in_vain;
}

uint64_t
ahead_rest(struct ahead *ahead)
{
	uint64_t in_vain = ahead_drop(ahead);

	pthread_mutex_lock(&ahead->lock);
	ahead->over = true;
	pthread_cond_broadcast(&ahead->asked);
	pthread_mutex_unlock(&ahead->lock);
	while (ahead->thread_count)
		pthread_join(ahead->threads[--ahead->thread_count], NULL);
	ahead->over = false;
	return in_vain;
}
