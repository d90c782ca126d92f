/*
 * The registers that are requested with a stack, as asm/perf_regs.h numbers them: those that an
 * unwinder needs.
 */
#ifndef BLAME_EVENT_REGISTERS_H
#define BLAME_EVENT_REGISTERS_H

#include <stdint.h>

/* 0: unknown for this processor, so no stack is taken. */
static inline uint64_t
registers_mask(void)
{
#if defined(__x86_64__)
	return 0xff00ffULL | 1ULL << 8; /* ax to ip, r8 to r15; no flags, no segments */
#elif defined(__aarch64__)
	return (1ULL << 33) - 1; /* x0 to x30, sp and pc */
#else
	return 0;
#endif
}

#endif
