/*
 * What benchmarks in C share: the clock, medians, the end.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static inline double
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static inline double
now_ms(void)
{
	return now_us() / 1e3;
}

static inline int
ascending(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return a < b ? -1 : a > b;
}

static inline double
median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), ascending);
	return values[count / 2];
}

#endif
