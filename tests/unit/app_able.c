#include "config.h"
#include "app/lab/able.h"
#include "tap.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned long long
available_kib(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long long kib = 0;
	char line[128];

	while (file && !kib && fgets(line, sizeof(line), file))
		sscanf(line, "MemAvailable: %llu", &kib);
	if (file)
		fclose(file);
	return kib;
}

/* Others take memory and give it back meanwhile: 64 MiB of it at most, we hope. */
static void
test_memory(void)
{
	const uint64_t slack = UINT64_C(64) << 20;
	uint64_t available = (uint64_t)available_kib() << 10;
	struct buf reason = BUF_INIT;

	ok(!able("memory", UINT64_C(3) << 50, &reason), "nobody has so much");
	ok(strstr(buf_text(&reason),
	       "takes 3221225472 MiB of memory and leaves 128 MiB to others, but ") != NULL,
	    "%s", buf_text(&reason));
	buf_clear(&reason);
	if (available > ABLE_MARGIN + 2 * slack) {
		ok(able("memory", available - ABLE_MARGIN - slack, &reason),
		    "what leaves the margin can be taken");
		ok(!able("memory", available - ABLE_MARGIN + slack, &reason), "more cannot: %s",
		    buf_text(&reason));
	}
	buf_free(&reason);
}

int
main(void)
{
	struct buf reason = BUF_INIT;

	for (size_t i = 0; able_words[i]; i++) {
		bool yes;

		buf_clear(&reason);
		yes = able(able_words[i], 0, &reason);
		ok(yes == (reason.length == 0), "%s: %s", able_words[i],
		    yes ? "yes" : buf_text(&reason));
	}
	buf_clear(&reason);
	ok(able("root", 0, &reason) == (geteuid() == 0), "root is who is root");
	buf_clear(&reason);
	ok(!able("wings", 0, &reason) && reason.length, "what nobody knows is not here: %s",
	    buf_text(&reason));
	buf_clear(&reason);
	ok(!able("", 0, &reason), "nor is nothing");
	test_memory();
	buf_free(&reason);
	return done_testing();
}
