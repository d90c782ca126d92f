#include "config.h"
#include "attach/readers.h"

#include <sched.h>

#include "base/thread.h"

size_t
readers_count(void)
{
	cpu_set_t set;
	size_t count;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	count = (size_t)CPU_COUNT(&set);
	return count < READERS_MOST ? count : READERS_MOST;
}

size_t
readers_start(pthread_t *threads, size_t total, void *(*work)(void *), void *data)
{
	size_t count = 0;

	while (
	    count + 1 < total && count < READERS_MOST && thread_start(&threads[count], work, data))
		count++;
	return count;
}
