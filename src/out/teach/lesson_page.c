#include "config.h"
#include "out/teach/lesson_page.h"

#include "base/i18n.h"
#include "out/picture/markup.h"
#include "out/teach/lesson_page_js.inc"
#include "out/teach/page_frame.h"
#include "out/teach/page_states.h"
#include "out/teach/prose_page.h"

static void
lesson_add_step(struct buf *out, const struct played_command *step)
{
	struct page_set changed;
	struct events events;
	struct buf paragraph = BUF_INIT, words = BUF_INIT;

	events_between(&events, step->before, step->now);
	events_paragraph(&paragraph, &events, step->now);
	played_words(&words, buf_text(&paragraph));
	if (*step->text)
		buf_addf(&words, words.length ? " %s" : "%s", step->text);
	played_step_changed(&changed, step);
	page_states(out, step->now, &changed);
	buf_add(out, "<p class=\"lines\">");
	markup_lines(out, buf_text(&words));
	buf_add(out, "</p>\n");
	events_free(&events);
	buf_free(&paragraph);
	buf_free(&words);
}

static bool
lesson_is_claim(const struct played_command *command)
{
	return command->type == PLAYED_TRUE || command->type == PLAYED_UNCHECKED;
}

static void
lesson_add_command(struct buf *out, const struct played_command *command)
{
	buf_add(out, "<li><code>");
	markup_text(out, command->command);
	buf_add(out, "</code>\n");
	if (command->type == PLAYED_STEP)
		lesson_add_step(out, command);
	else if (*command->text)
		page_element(out, "p", " class=\"lines\"", command->text);
	buf_add(out, "</li>\n");
}

static size_t
lesson_claims(const struct played_part *part)
{
	size_t count = 0;

	for (size_t i = 0; i < part->count; i++)
		count += lesson_is_claim(&part->commands[i]);
	return count;
}

/* What the lesson says of it, and the program has checked. */
static void
lesson_add_claims(struct buf *out, const struct played_part *part)
{
	size_t count = lesson_claims(part);
	struct buf head = BUF_INIT;

	if (!count)
		return;
	buf_addf(
	    &head, NP_("%zu claim, checked", "%zu claims, checked", (unsigned long)count), count);
	buf_add(out, "<details class=\"claims\">");
	page_element(out, "summary", "", buf_text(&head));
	buf_add(out, "<ul>\n");
	for (size_t i = 0; i < part->count; i++)
		if (lesson_is_claim(&part->commands[i]))
			lesson_add_command(out, &part->commands[i]);
	buf_add(out, "</ul></details>\n");
	buf_free(&head);
}

/* What was run, and what became of the pages. */
static void
lesson_add_figure(struct buf *out, const struct played_part *part)
{
	bool runs = part->count > lesson_claims(part);

	if (runs)
		buf_add(out, "<figure><ol class=\"steps\">\n");
	for (size_t i = 0; i < part->count; i++)
		if (!lesson_is_claim(&part->commands[i]))
			lesson_add_command(out, &part->commands[i]);
	if (runs)
		buf_add(out, "</ol>\n");
	lesson_add_claims(out, part);
	if (runs)
		buf_add(out, "</figure>\n");
}

static void
lesson_add_changed(struct buf *out, const struct played_part *part)
{
	struct page_set changed;
	struct buf names = BUF_INIT, line = BUF_INIT;

	played_part_changed(&changed, part);
	page_set_ranges(&names, &changed);
	if (names.length)
		buf_addf(&line, _("These pages changed: %s."), buf_text(&names));
	else
		buf_add(&line, _("No page changed."));
	page_element(out, "p", "", buf_text(&line));
	buf_free(&names);
	buf_free(&line);
}

/* "It is 2: what it says. Why." or "Not 1: why not." */
static void
lesson_add_reason(struct buf *out, const struct lesson_answer *answer, size_t number)
{
	bool why = answer->reason && !answer->right;

	buf_addf(
	    out, "<li data-answer=\"%zu\"%s>", number, answer->right ? " class=\"right\"" : "");
	buf_addf(out, answer->right ? _("It is %zu:") : _("Not %zu:"), number);
	buf_add_char(out, ' ');
	prose_marked(
	    out, why ? answer->reason : answer->text, why ? answer->reason_marks : answer->marks);
	if (answer->right && answer->reason) {
		buf_add(out, ". ");
		prose_marked(out, answer->reason, answer->reason_marks);
	}
	buf_add(out, "</li>\n");
}

/* The right answers first. */
static void
lesson_add_reasons(struct buf *out, const struct lesson_part *question)
{
	buf_add(out, "<ul class=\"reasons\">\n");
	for (int right = 1; right >= 0; right--)
		for (size_t i = 0; i < question->answer_count; i++)
			if (question->answers[i].right == right)
				lesson_add_reason(out, &question->answers[i], i + 1);
	buf_add(out, "</ul>\n");
}

static void
lesson_add_choices(struct buf *out, const struct lesson_part *question)
{
	if (!question->answer_count)
		return;
	buf_add(out, "<ol class=\"choices\">\n");
	for (size_t i = 0; i < question->answer_count; i++) {
		buf_add(out, question->answers[i].right ? "<li data-right>" : "<li>");
		prose_marked(out, question->answers[i].text, question->answers[i].marks);
		buf_add(out, "</li>\n");
	}
	buf_add(out, "</ol>\n");
}

static void
lesson_add_question(
    struct buf *out, const struct lesson_part *question, const struct played_part *block)
{
	struct page_set changed;
	struct buf names = BUF_INIT;

	played_part_changed(&changed, block);
	page_set_ranges(&names, &changed);
	buf_add(out, "<section class=\"ask\"");
	if (question->points)
		page_attribute(out, "data-changed", buf_text(&names));
	buf_add(out, "><div class=\"text\">\n");
	prose_page(out, question);
	lesson_add_choices(out, question);
	buf_add(out, "</div>\n<details class=\"answer\">");
	page_element(out, "summary", "", _("What the kernel did"));
	buf_add(out, "<div class=\"verdict\">\n");
	if (question->points)
		lesson_add_changed(out, block);
	else
		lesson_add_reasons(out, question);
	buf_add(out, "</div>\n");
	lesson_add_figure(out, block);
	buf_add(out, "</details></section>\n");
	buf_free(&names);
}

static void
lesson_add_lacks(struct buf *out, const struct lesson_part *part, const struct played_part *played)
{
	struct buf line = BUF_INIT;

	buf_addf(&line,
	    _("Left out, for the machine that this was made on lacks what it takes (%1$s): %2$s"),
	    played->needs, played->lacks);
	buf_add(out, "<section class=\"tell\"><div class=\"text\">\n");
	prose_page(out, part);
	lesson_add_choices(out, part);
	page_element(out, "p", " class=\"lacks\"", buf_text(&line));
	buf_add(out, "</div></section>\n");
	buf_free(&line);
}

/* Returns the part after it: a question goes with its block. */
static size_t
page_add_part(struct buf *out, const struct played *played, size_t index)
{
	const struct lesson_part *part = &played->lesson->parts[index];
	const struct played_part *done = &played->parts[index];
	size_t next = index + (part->type == LESSON_QUESTION ? 2 : 1);

	if (done->lacks) {
		lesson_add_lacks(out, part, done);
	} else if (part->type == LESSON_QUESTION) {
		lesson_add_question(out, part, done + 1);
	} else if (part->type == LESSON_COMMANDS) {
		buf_add(out, "<section class=\"block\">\n");
		lesson_add_figure(out, done);
		buf_add(out, "</section>\n");
	} else {
		buf_add(out, "<section class=\"tell\"><div class=\"text\">\n");
		prose_page(out, part);
		buf_add(out, "</div></section>\n");
	}
	return next;
}

/* What the script says; {1} and {2} are replaced by numbers or names. */
static void
lesson_add_words(struct buf *out)
{
	page_attribute(out, "data-right", _("Right."));
	page_attribute(out, "data-wrong", _("Not so."));
	page_attribute(out, "data-open", _("Not answered."));
	page_attribute(out, "data-predicted", _("Predicted: {1}"));
	page_attribute(out, "data-nothing", _("No page changes"));
	page_attribute(out, "data-score", _("{1} of {2} right"));
	page_attribute(out, "data-next", _("Next"));
	page_attribute(out, "data-show", _("What happens?"));
	page_attribute(
	    out, "data-choose", _("Choose an answer first, or go on once more without."));
	page_attribute(out, "data-mark",
	    _("Mark the pages in the picture (arrow down, then Enter), or go on once more without."));
	page_attribute(out, "data-page", _("page {1} of {2}"));
	page_attribute(out, "data-vote", _("Count a vote"));
	page_attribute(out, "data-again", _("Vote again"));
	page_attribute(out, "data-done", _("Done"));
	page_attribute(out, "data-votes", _("Votes for {1}"));
	page_attribute(out, "data-voted", _("{1} of {2}"));
	page_attribute(out, "data-over", _("This was the lesson."));
}

static void
lesson_add_controls(struct buf *out)
{
	buf_add(out, "<nav hidden>");
	page_element(out, "button", " id=\"back\" type=\"button\"", _("Back"));
	buf_add(out, "<p id=\"place\"></p><p id=\"hint\" role=\"status\"></p>");
	page_element(out, "button", " id=\"next\" type=\"button\"", _("Next"));
	buf_add(out, "</nav>\n");
	page_element(out, "p", " id=\"keys\" hidden",
	    _("Keys: Space, Page Down or → go on, Page Up or ← go back, 1 to 9 choose an answer, v counts a vote; arrow down leads to the pages in the picture, Enter marks one."));
}

void
lesson_page(struct buf *out, const struct played *played, const struct origin *origin)
{
	const struct page_frame frame = {
	    .origin = origin,
	    .script = {lesson_page_js, lesson_page_js_hash},
	};
	const struct lesson *lesson = played->lesson;

	page_frame_begin(out, &frame);
	buf_add(out, "<header>\n");
	page_element(out, "h1", "", lesson->title);
	page_element(out, "p", "", lesson->summary);
	buf_add(out, "</header>\n<main");
	lesson_add_words(out);
	buf_add(out, ">\n");
	for (size_t i = 0; i < lesson->part_count;)
		i = page_add_part(out, played, i);
	buf_add(out, "</main>\n");
	lesson_add_controls(out);
	page_states_legend(out);
	page_frame_end(out, &frame);
}
