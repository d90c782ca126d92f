#include "config.h"
#include "blame/event/threads.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

void
threads_of(pid_t pid, struct by_pid *threads)
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
			by_pid_add(threads, (pid_t)atoi(entry->d_name));
	closedir(tasks);
}
