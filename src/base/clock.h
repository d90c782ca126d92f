/*
 * Clocks. Steady ones (CLOCK_MONOTONIC) for how long something takes, the real one for when it
 * happened.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void); /* steady */
uint64_t clock_steady_ns(void);
uint64_t clock_real_ns(void); /* since 1970 */
uint64_t clock_cpu_ns(void);  /* processor time of the process, all threads */

#endif
