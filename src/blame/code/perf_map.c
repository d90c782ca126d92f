#include "config.h"
#include "blame/code/perf_map.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "blame/target_file.h"

#define BYTES_MOST (64U << 20)
#define LOOK_EVERY 1000000000ULL /* ns */
#define LOOK_BACK 64

static bool
map_line(struct perf_map *map, char *text, char *line)
{
	char *end, *name;
	uint64_t start = strtoull(line, &end, 16), size;

	if (end == line || *end != ' ')
		return false;
	size = strtoull(end + 1, &name, 16);
	if (name == end + 1 || *name != ' ' || !name[1] || !size || size > UINT64_MAX - start)
		return false;
	if (map->count == map->room) {
		map->room = map->room ? map->room * 2 : 256;
		map->list = mem_resize(map->list, map->room, sizeof(*map->list));
	}
	map->list[map->count] = (struct perf_map_entry){
	    start, start + size, (uint32_t)(name + 1 - text), (uint32_t)map->count};
	map->count++;
	return true;
}

static int
map_order(const void *one, const void *other)
{
	const struct perf_map_entry *a = one, *b = other;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void
perf_map_parse(struct perf_map *map, char *text, size_t size)
{
	char *end;

	free(map->names);
	map->names = text;
	map->count = 0;
	for (char *line = text; line < text + size; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + size - line));
		if (!end)
			break; /* the file is still being written */
		*end = '\0';
		map_line(map, text, line);
	}
	if (map->count)
		qsort(map->list, map->count, sizeof(*map->list), map_order);
}

/* The last number of NSpid is the process's own PID. */
static bool
own_number(const struct suspect *suspect, long *number, uid_t *user)
{
	char status[4096], *line, *at;
	int fd = openat(suspect->dir, "status", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, status, sizeof(status) - 1);

	if (fd >= 0)
		close(fd);
	if (size <= 0)
		return false;
	status[size] = '\0';
	line = strstr(status, "\nUid:");
	if (!line || sscanf(line + 5, "%u", user) != 1)
		return false;
	*number = suspect->pid;
	line = strstr(status, "\nNSpid:");
	if (line && (at = strpbrk(line + 1, "\n")) != NULL) {
		*at = '\0';
		*number = strtol(strrchr(line, '\t') ? strrchr(line, '\t') : line + 7, NULL, 10);
	}
	return true;
}

static bool
map_changed(const struct perf_map *map, const struct stat *stat)
{
	return map->size != (uint64_t)stat->st_size ||
	    map->changed_ns != stat->st_mtim.tv_sec * 1000000000LL + stat->st_mtim.tv_nsec;
}

static void
map_take_file(struct perf_map *map, int fd, const struct stat *stat)
{
	size_t size = (size_t)stat->st_size;
	char *text;
	ssize_t got;

	text = mem_zero(size + 1, 1);
	got = pread(fd, text, size, 0);
	map->size = (uint64_t)stat->st_size;
	map->changed_ns = stat->st_mtim.tv_sec * 1000000000LL + stat->st_mtim.tv_nsec;
	perf_map_parse(map, text, got > 0 ? (size_t)got : 0);
}

void
perf_map_refresh(struct perf_map *map, const struct suspect *suspect)
{
	uint64_t now = clock_steady_ns();
	char path[48];
	struct stat stat;
	uid_t user;
	long number;
	int fd;

	if (map->looked_ns && now - map->looked_ns < LOOK_EVERY)
		return;
	map->looked_ns = now;
	if (!own_number(suspect, &number, &user))
		return;
	snprintf(path, sizeof(path), "/tmp/perf-%ld.map", number);
	fd = target_open_path(suspect, path);
	if (fd < 0)
		return;
	if (fstat(fd, &stat) == 0 && (stat.st_uid == user || stat.st_uid == 0) &&
	    stat.st_size <= BYTES_MOST && map_changed(map, &stat))
		map_take_file(map, fd, &stat);
	close(fd);
}

const char *
perf_map_find(const struct perf_map *map, uint64_t address)
{
	const struct perf_map_entry *found = NULL;
	size_t low = 0, high = map->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->list[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = 0; i < LOOK_BACK && i < low; i++) {
		const struct perf_map_entry *entry = &map->list[low - 1 - i];

		if (entry->end > address && (!found || entry->order > found->order))
			found = entry;
	}
	return found ? map->names + found->name : NULL;
}

void
perf_map_release(struct perf_map *map)
{
	free(map->list);
	free(map->names);
	memset(map, 0, sizeof(*map));
}
