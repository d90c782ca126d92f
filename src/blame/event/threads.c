#include "config.h"
#include "blame/event/threads.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t
number_place(const struct numbers *numbers, pid_t number)
{
	size_t low = 0, high = numbers->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (numbers->list[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
numbers_has(const struct numbers *numbers, pid_t number)
{
	size_t place = number_place(numbers, number);

	return place < numbers->count && numbers->list[place] == number;
}

bool
numbers_add(struct numbers *numbers, pid_t number)
{
	size_t place = number_place(numbers, number);

	if (place < numbers->count && numbers->list[place] == number)
		return false;
	if (numbers->count == numbers->room) {
		numbers->room = numbers->room ? numbers->room * 2 : 16;
		numbers->list = mem_resize(numbers->list, numbers->room, sizeof(*numbers->list));
	}
	memmove(&numbers->list[place + 1], &numbers->list[place],
	    (numbers->count++ - place) * sizeof(*numbers->list));
	numbers->list[place] = number;
	return true;
}

void
numbers_drop(struct numbers *numbers, pid_t number)
{
	size_t place = number_place(numbers, number);

	if (place == numbers->count || numbers->list[place] != number)
		return;
	memmove(&numbers->list[place], &numbers->list[place + 1],
	    (--numbers->count - place) * sizeof(*numbers->list));
}

void
numbers_free(struct numbers *numbers)
{
	free(numbers->list);
	memset(numbers, 0, sizeof(*numbers));
}

void
threads_of(pid_t pid, struct numbers *threads)
{
	const struct dirent *entry;
	char path[32];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks)
		return;
	while ((entry = readdir(tasks)))
		if (atoi(entry->d_name) > 0)
			numbers_add(threads, (pid_t)atoi(entry->d_name));
	closedir(tasks);
}
