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

int
main(void)
{
	struct buf endings = BUF_INIT, refusal = BUF_INIT;

	for (int i = 0; i < FORMAT_COUNT; i++) {
		const struct format_def *format = format_at((enum format)i);

		is_number(format->format, i, "%s is in its place", format->name);
		ok(format_by_name(format->name) == format, "and found");
		ok(format->picture || format->film || i == FORMAT_JSON, "somebody writes it");
		buf_addf(&endings, "%s.%s", i ? ", " : "", format->ending);
	}
	buf_addf(
	    &refusal, "the name's ending chooses the format: it is one of %s", buf_text(&endings));
	ok(!format_by_name("gif") && !format_by_name("") && !format_by_name("txt"), "no such name");
	by_path("a.png", "png");
	by_path("/x.svg/b.Html", "html");
	by_path("a.b.txt", "text");
	by_path("a", buf_text(&refusal));
	by_path("a.gif", buf_text(&refusal));
	by_path("x.png/a", buf_text(&refusal));
	by_path(".png", buf_text(&refusal));
	by_path("a.", buf_text(&refusal));
	buf_free(&endings);
	buf_free(&refusal);
	return done_testing();
}
