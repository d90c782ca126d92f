#include "config.h"
#include "app/grade/grade_run.h"

#include "app/batch/complain.h"
#include "app/batch/output.h"

#define TIME_LIMIT_DEFAULT 30

int
grade_time_limit(const struct options *options)
{
	return options->time_limit ? (int)options->time_limit : TIME_LIMIT_DEFAULT;
}

static void
grade_make(struct buf *text, const struct grade *grade, enum format format)
{
	if (format == FORMAT_JSON)
		grade_json(text, grade);
	else if (format == FORMAT_TAP)
		grade_tap(text, grade);
	else if (format == FORMAT_JUNIT)
		grade_junit(text, grade);
	else
		grade_text(text, grade);
}

int
grade_write(const struct grade *grade, const struct options *options)
{
	struct output out;
	struct buf text = BUF_INIT;
	struct err err;
	int status;

	if (output_open(&out, options->output, &err) < 0)
		return complain(&err);
	grade_make(&text, grade, options->format);
	output_write(&out, &text);
	buf_free(&text);
	status = output_close(&out);
	return status ? status : grade_status(grade);
}

int
grade_run(const struct options *options, const struct lab_config *config)
{
	struct grade grade = {.name = options->grade, .student = options->student};
	struct err err;
	int result, status;

	if (options->program)
		grade.student = options->program[0];
	result = options->program ? grade_program(&grade, options, &err)
				  : grade_lab(&grade, options, config, &err);
	if (result < 0)
		status = complain(&err);
	else
		status = grade_write(&grade, options);
	grade_free(&grade);
	return status;
}
