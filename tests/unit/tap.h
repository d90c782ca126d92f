/*
 * TAP for unit tests: ok(condition, what, ...) and, at the end, return done_testing().
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_run, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool
tap_ok(bool holds, const char *file, int line, const char *format, ...)
{
	va_list ap;

	printf("%s %d - ", holds ? "ok" : "not ok", ++tap_run);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
	if (!holds) {
		printf("# at %s:%d\n", file, line);
		tap_failed++;
	}
	return holds;
}

#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)

/* Equal strings; both are shown when they differ. */
#define is_text(got, wanted, ...) \
	do { \
		const char *tap_got = (got), *tap_wanted = (wanted); \
		if (!ok(strcmp(tap_got, tap_wanted) == 0, __VA_ARGS__)) \
			printf("#    got: %s\n# wanted: %s\n", tap_got, tap_wanted); \
	} while (0)

/* Equal integers; both are shown when they differ. */
#define is_number(got, wanted, ...) \
	do { \
		long long tap_got = (long long)(got), tap_wanted = (long long)(wanted); \
		if (!ok(tap_got == tap_wanted, __VA_ARGS__)) \
			printf("#    got: %lld\n# wanted: %lld\n", tap_got, tap_wanted); \
	} while (0)

__attribute__((unused)) static int
done_testing(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed ? 1 : 0;
}

#endif
