#include "config.h"
#include "blame/event/rings.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"

#define CPU_BYTES ((size_t)2 << 20)     /* of the rings of one CPU */
#define RINGS_BYTES ((size_t)128 << 20) /* of all */
#define EMPTY_MS 50                     /* how often it checks if no ring fills up */

/* Users may lock this much per CPU; root has no such limit. */
static size_t
cpu_bytes_allowed(void)
{
	FILE *file = geteuid() == 0 ? NULL : fopen("/proc/sys/kernel/perf_event_mlock_kb", "re");
	size_t kib = CPU_BYTES >> 10;

	if (file) {
		if (fscanf(file, "%zu", &kib) != 1 || kib > CPU_BYTES >> 10)
			kib = CPU_BYTES >> 10;
		fclose(file);
	}
	return kib << 10;
}

/* The largest power of two up to this. */
static size_t
power_below(size_t bytes)
{
	return bytes ? (size_t)1 << (8 * sizeof(long) - 1 - (size_t)__builtin_clzl(bytes)) : 0;
}

static void
share_bytes(struct rings *rings)
{
	size_t all = cpu_bytes_allowed(), heads = RING_USES * (size_t)sysconf(_SC_PAGESIZE);

	if (all * (rings->count / RING_USES) > RINGS_BYTES)
		all = RINGS_BYTES / (rings->count / RING_USES);
	rings->bytes[RING_FAULTS] = power_below(all / 2);
	rings->bytes[RING_STACKS] = power_below(all / 2 > heads ? all / 2 - heads : 0);
}

void
rings_init(struct rings *rings, size_t cpus)
{
	rings->count = cpus * RING_USES;
	rings->list = mem_zero(rings->count, sizeof(*rings->list));
	for (size_t i = 0; i < rings->count; i++)
		rings->list[i].fd = -1;
	share_bytes(rings);
	pthread_mutex_init(&rings->emptying, NULL);
	pthread_cond_init(&rings->emptied, NULL);
}

struct cpu_ring *
ring_of_cpu(struct rings *rings, size_t cpu, enum ring_use use)
{
	return &rings->list[cpu * RING_USES + use];
}

size_t
rings_bytes(const struct rings *rings, const struct cpu_ring *ring, enum ring_use use)
{
	return ring->ring.bytes ? ring->ring.bytes : rings->bytes[use];
}

/* All rings, into their stores. */
static void
empty_rings(struct rings *rings)
{
	for (size_t i = 0; i < rings->count; i++)
		if (rings->list[i].ring.page && ring_empty(&rings->list[i].ring))
			rings->news = true;
}

/* Waits until a ring is a quarter full. A ring's first event belongs to a task; once that has
 * ended, poll(2) always returns at once. */
static void
wait_for_rings(struct pollfd *fds, size_t count)
{
	poll(fds, count, EMPTY_MS);
	for (size_t i = 0; i < count; i++)
		if (fds[i].revents & POLLHUP) {
			poll(NULL, 0, 5);
			return;
		}
}

/* Does nothing but empty rings, so that no long work can delay it. */
static void *
emptier_run(void *data)
{
	struct rings *rings = data;
	struct pollfd *fds = mem_zero(rings->count, sizeof(*fds));
	bool over = false;

	while (!over) {
		pthread_mutex_lock(&rings->emptying);
		empty_rings(rings);
		if (rings->news)
			pthread_cond_signal(&rings->emptied);
		for (size_t i = 0; i < rings->count; i++)
			fds[i] = (struct pollfd){rings->list[i].fd, POLLIN, 0};
		over = rings->over;
		pthread_mutex_unlock(&rings->emptying);
		if (!over)
			wait_for_rings(fds, rings->count);
	}
	free(fds);
	return NULL;
}

/* With a higher priority if allowed: it takes little time. */
static void *
emptier_main(void *data)
{
	setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), -10);
	return emptier_run(data);
}

static void
rings_stop(struct rings *rings)
{
	if (!rings->running)
		return;
	pthread_mutex_lock(&rings->emptying);
	rings->over = true;
	pthread_mutex_unlock(&rings->emptying);
	pthread_join(rings->thread, NULL);
}

void
rings_release(struct rings *rings)
{
	rings_stop(rings);
	for (size_t i = 0; i < rings->count; i++)
		if (rings->list[i].ring.page)
			ring_unmap(&rings->list[i].ring);
	free(rings->list);
	pthread_cond_destroy(&rings->emptied);
	pthread_mutex_destroy(&rings->emptying);
}

/* Into its CPU's ring, which the first event there creates. */
int
rings_join(struct rings *rings, struct cpu_ring *ring, enum ring_use use, int fd)
{
	int joined;

	if (ring->fd >= 0)
		return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fd);
	pthread_mutex_lock(&rings->emptying);
	joined = ring_map(&ring->ring, fd, rings->bytes[use]);
	if (joined == 0)
		ring->fd = fd;
	pthread_mutex_unlock(&rings->emptying);
	if (joined == 0 && !rings->running)
		rings->running = thread_start(&rings->thread, emptier_main, rings);
	return joined;
}

/* Makes what the kernel wrote so far readable. */
void
rings_take_stock(struct rings *rings)
{
	pthread_mutex_lock(&rings->emptying);
	empty_rings(rings);
	rings->news = false;
	for (size_t i = 0; i < rings->count; i++)
		if (rings->list[i].ring.page)
			ring_look(&rings->list[i].ring);
	pthread_mutex_unlock(&rings->emptying);
}

void
rings_wait(struct rings *rings, int milliseconds)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += milliseconds % 1000 * 1000000L;
	until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&rings->emptying);
	if (!rings->news)
		pthread_cond_timedwait(&rings->emptied, &rings->emptying, &until);
	pthread_mutex_unlock(&rings->emptying);
}
