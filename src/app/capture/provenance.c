#include "config.h"
#include "app/capture/capture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "out/picture/formats.h"

void
provenance_add_word(struct buf *out, const char *text)
{
	bool plain = *text != '\0' && *text != '~';

	for (const char *at = text; *at; at++)
		plain = plain && (isalnum((unsigned char)*at) || strchr("%+,-./:=@_", *at));
	if (plain) {
		buf_add(out, text);
		return;
	}
	buf_add_char(out, '\'');
	for (; *text; text++)
		if (*text == '\'')
			buf_add(out, "'\\''");
		else
			buf_add_char(out, *text);
	buf_add_char(out, '\'');
}

void
provenance_add_options(
    const struct appearance *appearance, const struct capture *capture, struct buf *out)
{
	uint32_t pace = capture->pace_ms ? capture->pace_ms : appearance->pace_ms;

	appearance_add_options(appearance, capture->format, out);
	if (pace && capture->format == FORMAT_CAST)
		buf_addf(out, " --seconds=%u.%03u", pace / 1000, pace % 1000);
	if (capture->scope == SCOPE_HISTORY)
		buf_add(out, " --history");
	buf_addf(out, " --format=%s", format_at(capture->format)->name);
	if (capture->path) {
		buf_add(out, " -o ");
		provenance_add_word(out, capture->path);
	}
}

/* SOURCE_DATE_EPOCH, if set. */
static uint64_t
origin_time_s(uint64_t time_ns)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end;
	unsigned long long seconds;

	if (epoch && *epoch) {
		seconds = strtoull(epoch, &end, 10);
		if (*end == '\0')
			return seconds;
	}
	return time_ns / 1000000000u;
}

void
provenance_finish(struct provenance *provenance, const char *release, uint64_t time_ns)
{
	buf_addf(&provenance->kernel, "Linux %s", release);
	provenance->origin = (struct origin){
	    .title = buf_text(&provenance->title),
	    .description = buf_text(&provenance->description),
	    .command_line = buf_text(&provenance->command_line),
	    .software = PACKAGE_STRING,
	    .kernel = buf_text(&provenance->kernel),
	    .time_s = origin_time_s(time_ns),
	};
}

void
provenance_free(struct provenance *provenance)
{
	buf_free(&provenance->title);
	buf_free(&provenance->description);
	buf_free(&provenance->command_line);
	buf_free(&provenance->kernel);
}
