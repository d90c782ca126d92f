#include "config.h"

#include "out/picture/formats.h"
#include "tap.h"

static void
by_path(const char *path, const char *wanted)
{
	struct err err = {0};
	const struct format_def *found = format_by_path(path, &err);

	is_text(found ? found->name : err.text, wanted, "%s", path);
}

static void
refused(const char *path, struct buf *endings)
{
	struct buf refusal = BUF_INIT;

	buf_addf(&refusal, "%s: unknown format: expected %s", path, buf_text(endings));
	by_path(path, buf_text(&refusal));
	buf_free(&refusal);
}

int
main(void)
{
	struct buf endings = BUF_INIT;

	for (int i = 0; i < FORMAT_COUNT; i++) {
		const struct format_def *format = format_at((enum format)i);

		is_number(format->format, i, "%s is in its place", format->name);
		ok(format_by_name(format->name) == format, "and found");
		ok(format->picture || format->film || i == FORMAT_JSON || i == FORMAT_C,
		    "somebody writes it");
		buf_addf(&endings, "%s.%s", i ? ", " : "", format->ending);
	}
	ok(!format_by_name("gif") && !format_by_name("") && !format_by_name("txt"), "no such name");
	by_path("a.png", "png");
	by_path("/x.svg/b.Html", "html");
	by_path("a.b.txt", "text");
	refused("a", &endings);
	refused("a.gif", &endings);
	refused("x.png/a", &endings);
	refused(".png", &endings);
	refused("a.", &endings);
	buf_free(&endings);
	return done_testing();
}
