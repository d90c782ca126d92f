#include "config.h"
#include "blame/join/fault_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
fault_table_release(struct fault_table *table)
{
	free(table->list);
	free(table->buckets);
	memset(table, 0, sizeof(*table));
}

static size_t
bucket_of_page(const struct fault_table *table, pid_t pid, uint64_t page)
{
	uint64_t hash = (page >> 12 ^ (uint64_t)pid << 40) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash >> 20) & (table->bucket_count - 1);
}

static void
link_entry(struct fault_table *table, uint32_t index)
{
	struct fault_entry *entry = &table->list[index];
	size_t bucket = bucket_of_page(table, entry->pid, entry->page);

	entry->next = table->buckets[bucket];
	table->buckets[bucket] = index + 1;
}

static void
link_all(struct fault_table *table)
{
	memset(table->buckets, 0, table->bucket_count * sizeof(*table->buckets));
	for (uint32_t i = 0; i < table->count; i++)
		link_entry(table, i);
}

static void
fault_table_grow(struct fault_table *table)
{
	table->room = table->room ? table->room * 2 : 1024;
	table->list = mem_resize(table->list, table->room, sizeof(*table->list));
	table->bucket_count = table->room;
	free(table->buckets);
	table->buckets = mem_zero(table->bucket_count, sizeof(*table->buckets));
	link_all(table);
}

struct fault_entry *
fault_table_at(const struct fault_table *table, pid_t pid, uint64_t page)
{
	uint32_t at = table->count ? table->buckets[bucket_of_page(table, pid, page)] : 0;

	for (; at; at = table->list[at - 1].next)
		if (table->list[at - 1].pid == pid && table->list[at - 1].page == page)
			return &table->list[at - 1];
	return NULL;
}

static struct fault_entry *
enter_page(struct fault_table *table, pid_t pid, uint64_t page)
{
	struct fault_entry *entry = fault_table_at(table, pid, page);

	if (entry)
		return entry;
	if (table->count == FAULT_TABLE_MOST) {
		table->left_out++;
		return NULL;
	}
	if (table->count == table->room)
		fault_table_grow(table);
	entry = &table->list[table->count];
	*entry = (struct fault_entry){.pid = pid, .page = page};
	link_entry(table, table->count++);
	return entry;
}

void
fault_table_add(struct fault_table *table, const struct fault *fault, uint64_t page)
{
	struct fault_entry *entry = enter_page(table, fault->pid, page);

	if (!entry)
		return;
	entry->before = entry->last;
	entry->last = (struct fault_slot){
	    .time_ns = fault->time_ns,
	    .ip = fault->ip,
	    .address = fault->address,
	    .tid = fault->tid,
	    .kind = (uint8_t)fault->kind,
	    .by_kernel = fault->by_kernel,
	};
}

struct fault_slot *
fault_table_slot(
    const struct fault_table *table, pid_t pid, uint64_t page, uint64_t address, uint64_t ip)
{
	struct fault_entry *entry = fault_table_at(table, pid, page);

	if (entry && entry->last.address == address && entry->last.ip == ip)
		return &entry->last;
	if (entry && entry->before.address == address && entry->before.ip == ip)
		return &entry->before;
	return NULL;
}

void
fault_table_sift(struct fault_table *table, fault_keep *keep, void *with)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < table->count; i++)
		if (keep(with, &table->list[i]))
			table->list[kept++] = table->list[i];
	table->count = kept;
	if (table->bucket_count)
		link_all(table);
}
