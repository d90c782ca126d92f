#include "config.h"

#include "golden.h"
#include "session_film.h"

#include <locale.h>

static void
timed(void)
{
	struct session_film session;
	struct buf out = BUF_INIT;
	struct err err;

	session_open(&session, 80, 24, false);
	is_number(film_cast(&out, &session.film, &err), 0, "a film");
	is_golden(&out, "captures/session.cast");
	buf_free(&out);
	session_close(&session);
}

static void
fixed(void)
{
	struct session_film session;
	struct buf out = BUF_INIT;
	struct err err;

	session_open(&session, 60, 18, true);
	session.film.theme = theme_find("dark");
	session.film.seconds_a_step = 1.5;
	film_cast(&out, &session.film, &err);
	is_golden(&out, "captures/session-fixed.cast");
	buf_free(&out);
	session_close(&session);
}

/* The times of the markers, in microseconds, each behind a blank. */
static void
times(const struct film *film, const char *wanted, const char *what)
{
	struct buf out = BUF_INIT, got = BUF_INIT;
	struct err err;

	film_cast(&out, film, &err);
	for (const char *line = strchr(buf_text(&out), '\n'); line; line = strchr(line + 1, '\n')) {
		unsigned long long seconds, rest;
		char type;

		if (sscanf(line + 1, "[%llu.%6llu,\"%c\"", &seconds, &rest, &type) == 3 &&
		    type == 'm')
			buf_addf(&got, " %llu", seconds * 1000000 + rest);
	}
	is_text(buf_text(&got), wanted, "%s", what);
	buf_free(&out);
	buf_free(&got);
}

static void
clocks(void)
{
	struct session_film session;

	session_open(&session, 40, 12, false);
	times(&session.film, " 0 1250000 2500000 3750000", "as it was timed");
	session.steps[2].time_ns = 5;
	times(
	    &session.film, " 0 1250000 1250000 3750000", "a clock that was set back stands still");
	session.film.seconds_a_step = 0.1;
	times(&session.film, " 0 100000 200000 300000", "seconds a step");
	session.film.seconds_a_step = 1e300;
	times(&session.film, " 0 3600000000 7200000000 10800000000", "at most an hour");
	session.film.seconds_a_step = -1;
	times(&session.film, " 0 1250000 1250000 3750000", "nonsense is none");
	session_close(&session);
}

static void
harmless(void)
{
	struct session_film session;
	struct buf out = BUF_INIT;
	struct err err;

	session_open(&session, 20, 3, false);
	session.film.count = 1;
	session.film.origin.title = "\"},\n\033]0;\xff";
	session.steps[0].command = "a\"\\\n";
	film_cast(&out, &session.film, &err);
	ok(strstr(buf_text(&out), "\"title\":\"\\\"},\\u000a\\u001b]0;\xef\xbf\xbd\""), "a title");
	ok(strstr(buf_text(&out), "\"m\",\"a\\\"\\\\\\u000a\"]\n"), "a marker");
	buf_free(&out);
	session_close(&session);
}

int
main(void)
{
	setlocale(LC_ALL, "");
	timed();
	fixed();
	clocks();
	harmless();
	return done_testing();
}
