#include "config.h"
#include "app/batch/batch_picture.h"

#include "app/batch/complain.h"
#include "app/capture/family_capture.h"
#include "app/batch/output.h"
#include "base/i18n.h"
#include "out/save.h"

static int
batch_picture_run_line(struct watch *watch, const char *line)
{
	struct command command;
	struct err err;
	int found;

	while ((found = command_parse(&command, &line, &err)) > 0) {
		watch_do(watch, &command);
		command_free(&command);
		family_save(watch);
		if (watch->answer.type == ANSWER_ERROR)
			return complain(&watch->answer.error);
	}
	return found < 0 ? complain(&err) : 0;
}

static int
write_out(const struct options *options, const struct buf *data)
{
	struct err err;

	if (!options->output)
		return output_print(data);
	return save_over(options->output, data->data, data->length, &err) < 0 ? complain(&err) : 0;
}

int
attach_picture_run(struct watch *watch, const struct options *options)
{
	struct capture capture = {
	    .format = options->format,
	    .scope = options->history ? SCOPE_HISTORY : SCOPE_SCREEN,
	    .path = options->output,
	    .pace_ms = options->pace_ms,
	};
	struct original original = family_original(watch);
	struct buf data = BUF_INIT;
	struct err err;
	int status = 0;

	if (options->every_ms || options->summary) {
		err_set(&err, ERR_USAGE,
		    _("--every and --summary go with samples in text, json or openmetrics, not with a picture or commands"));
		return complain(&err);
	}
	watch_keep(watch);
	for (size_t i = 0; i < options->command_count && status == 0; i++)
		status = batch_picture_run_line(watch, options->commands[i]);
	if (status == 0) {
		watch_look(watch);
		status = capture_make(&original, &capture, &data, NULL, &err) < 0
		    ? complain(&err)
		    : write_out(options, &data);
	}
	buf_free(&data);
	return status;
}
