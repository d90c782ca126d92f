#include "config.h"
#include "base/clock.h"

#include <time.h>

static uint64_t
clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

int64_t
clock_ms(void)
{
	return (int64_t)(clock_read(CLOCK_MONOTONIC) / 1000000);
}

uint64_t
clock_steady_ns(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

uint64_t
clock_real_ns(void)
{
	return clock_read(CLOCK_REALTIME);
}

uint64_t
clock_cpu_ns(void)
{
	return clock_read(CLOCK_PROCESS_CPUTIME_ID);
}
