#include "config.h"
#include "app/attach_screen.h"

#include <stdio.h>

#include "app/complain.h"
#include "out/text.h"

static int
run_line(struct watch *watch, const char *line)
{
	struct command command;
	struct err err;
	int found;

	while ((found = command_parse(&command, &line, &err)) > 0) {
		watch_do(watch, &command);
		command_free(&command);
		if (watch->answer.type == ANSWER_ERROR)
			return complain(&watch->answer.error);
	}
	return found < 0 ? complain(&err) : 0;
}

static int
write_out(const struct options *options, const struct buf *data, struct err *err)
{
	if (options->output)
		return save_over(options->output, data->data, data->length, err);
	if (fwrite(buf_text(data), 1, data->length, stdout) != data->length || fflush(stdout) != 0)
		return err_set(err, ERR_USAGE, "nobody reads what is written");
	return 0;
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
	struct buf data = BUF_INIT;
	struct err err;
	int status = 0;

	watch_keep(watch);
	for (size_t i = 0; i < options->command_count && status == 0; i++)
		status = run_line(watch, options->commands[i]);
	if (status == 0) {
		watch_look(watch);
		if (watch_capture(watch, &capture, &data, NULL, &err) < 0 || write_out(options, &data, &err) < 0)
			status = complain(&err);
	}
	buf_free(&data);
	return status;
}
