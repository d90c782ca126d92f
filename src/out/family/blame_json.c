#include "config.h"
#include "out/family/blame_json.h"

#include <stdlib.h>

static void
write_text_or_null(struct json *json, const char *key, const char *text)
{
	json_string(json, key, *text ? text : NULL);
}

static void
write_causes(struct json *json, const struct blame *blame)
{
	json_array(json, "causes");
	for (size_t i = 0; i < blame->cause_count; i++) {
		const struct blame_cause *cause = &blame->causes[i];
		char *text = blame_sentence(blame, cause);

		json_object(json, NULL);
		json_string(json, "cause", cause_word(cause->cause));
		write_text_or_null(json, "runtime", runtime_word(cause->runtime));
		json_u64(json, "pages", cause->pages);
		json_u64(json, "copied_kib", blame_kib(blame, cause->pages));
		json_string(json, "text", text);
		json_string(json, "see", blame_section(cause->cause, cause->runtime));
		json_end(json);
		free(text);
	}
	json_end(json);
}

static void
write_writers(struct json *json, const struct blame *blame)
{
	json_array(json, "writers");
	for (size_t i = 0; i < blame->writer_count; i++) {
		const struct blame_writer *writer = &blame->writers[i];

		json_object(json, NULL);
		write_text_or_null(json, "process", writer->process);
		json_count(json, "pid", writer->pid ? (uint64_t)writer->pid : COUNT_UNKNOWN);
		json_string(json, "cause", cause_word(writer->cause));
		write_text_or_null(json, "runtime", runtime_word(writer->runtime));
		write_text_or_null(json, "object", writer->object);
		write_text_or_null(json, "module", writer->module);
		write_text_or_null(json, "function", writer->function);
		if (writer->offset == COUNT_UNKNOWN)
			json_null(json, "offset");
		else
			json_hex(json, "offset", writer->offset);
		write_text_or_null(json, "mapping", writer->mapping);
		json_u64(json, "pages", writer->pages);
		json_u64(json, "copied_kib", blame_kib(blame, writer->pages));
		json_end(json);
	}
	json_end(json);
}

static void
write_code(struct json *json, const struct blame *blame)
{
	json_array(json, "code");
	for (size_t i = 0; i < blame->code_count; i++) {
		const struct blame_code *code = &blame->code[i];

		json_object(json, NULL);
		write_text_or_null(json, "language", code->language);
		write_text_or_null(json, "function", code->function);
		write_text_or_null(json, "source", code->source);
		json_string(json, "command", code->command);
		json_u64(json, "samples", code->samples);
		json_decimal(json, "share",
		    blame->samples ? (double)code->samples / (double)blame->samples : 0, 4);
		json_end(json);
	}
	json_end(json);
}

static void
write_stacks(struct json *json, const struct blame *blame)
{
	json_array(json, "stacks");
	for (size_t i = 0; i < blame->stack_count; i++) {
		const struct blame_stack *stack = &blame->stacks[i];

		json_object(json, NULL);
		write_text_or_null(json, "process", stack->process);
		json_string(json, "cause", cause_word(stack->cause));
		json_string(json, "frames", stack->frames);
		json_u64(json, "samples", stack->samples);
		json_end(json);
	}
	json_end(json);
}

void
json_blame(struct json *json, const struct blame *blame)
{
	json_object(json, "blame");
	json_string(json, "basis", "faults");
	json_u64(json, "since_ns", blame->since_ns);
	json_u64(json, "faults", blame->faults);
	json_u64(json, "copies", blame->copies);
	json_u64(json, "attributed", blame->attributed);
	json_u64(json, "lost", blame->lost);
	json_u64(json, "left_out", blame->left_out);
	json_string(json, "kernel_writes", blame->kernel_writes ? "known" : "unknown");
	write_causes(json, blame);
	write_writers(json, blame);
	write_code(json, blame);
	write_stacks(json, blame);
	json_u64(json, "samples", blame->samples);
	json_count(json, "stack_every", blame->stack_every ? blame->stack_every : COUNT_UNKNOWN);
	json_object(json, "unseen");
	json_count(json, "processes", blame->unseen);
	json_count(json, "copied_kib", blame_kib(blame, blame->unseen_pages));
	json_end(json);
	json_end(json);
}

static void
add_folded_part(struct buf *out, const char *text, const char *otherwise)
{
	for (text = *text ? text : otherwise; *text; text++)
		buf_add_char(out, *text == ';' || *text == ' ' ? '_' : *text);
	buf_add_char(out, ';');
}

static void
fold_writer(struct buf *out, const struct blame_writer *writer)
{
	struct buf place = BUF_INIT;

	if (writer->offset != COUNT_UNKNOWN)
		buf_addf(&place, "0x%llx", (unsigned long long)writer->offset);
	add_folded_part(out, writer->process, "?");
	add_folded_part(out, writer->module, "?");
	add_folded_part(out, writer->function, place.length ? buf_text(&place) : "?");
	buf_addf(out, "%s %llu\n", cause_word(writer->cause), (unsigned long long)writer->pages);
	buf_free(&place);
}

void
blame_folded(struct buf *out, const struct blame *blame)
{
	for (size_t i = 0; i < blame->stack_count; i++) {
		const struct blame_stack *stack = &blame->stacks[i];

		add_folded_part(out, stack->process, "?");
		buf_addf(out, "%s%s%s %llu\n", stack->frames, *stack->frames ? ";" : "",
		    cause_word(stack->cause), (unsigned long long)stack->samples);
	}
	for (size_t i = 0; !blame->stack_count && i < blame->writer_count; i++)
		fold_writer(out, &blame->writers[i]);
}
