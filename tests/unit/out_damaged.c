/*
 * Sessions damaged in 5000 ways, or ROUNDS, the same in every run: each is refused with its place,
 * or is a session that can be looked at, saved and loaded again.
 */
#include "config.h"

#include "out/json/json.h"
#include "out/lab/load.h"
#include "tap.h"
#include "view/lab/report.h"
#include "view_stories.h"

#define MUTATIONS 5000

static uint64_t seed = 1;

static uint32_t
random_below(size_t limit)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % limit);
}

static struct snapshot *
add_step(struct buf *out, struct stage *stage, const char *command, struct snapshot *before)
{
	struct snapshot *now = stage_snapshot(stage, command, before);
	struct events events;

	events_between(&events, before, now);
	json_snapshot(out, now, &events, command);
	events_free(&events);
	snapshot_free(before);
	return now;
}

static void
good_session(struct buf *out, enum kind kind)
{
	struct stage *stage = stage_new(kind, 3, 2, true);
	struct snapshot *now = add_step(out, stage, NULL, NULL);

	all_read(stage);
	stage_write(stage, 'a', 1, "hello");
	now = add_step(out, stage, "write a:1", now);
	stage_fork(stage, 'a', 'c');
	stage_fault(stage, 'b', 2, SIGBUS, BUS_ADRERR);
	now = add_step(out, stage, "fork a", now);
	stage_kill(stage, 'b', SIGKILL);
	stage_write(stage, 'c', 1, "W");
	snapshot_free(add_step(out, stage, "kill b", now));
	free(stage);
}

static void
replace(struct buf *text, size_t at, size_t length, const char *with, size_t with_length)
{
	struct buf out = BUF_INIT;

	buf_add_n(&out, buf_text(text), at);
	buf_add_n(&out, with, with_length);
	buf_add_n(&out, buf_text(text) + at + length, text->length - at - length);
	buf_free(text);
	*text = out;
}

/* The value that starts at or behind `at`, as far as a comma or bracket; a list or object: its
 * bracket alone. */
static size_t
value_from(const struct buf *text, size_t *at)
{
	const char *colon = memchr(buf_text(text) + *at, ':', text->length - *at);
	size_t start = colon ? (size_t)(colon - buf_text(text)) + 1 : *at, length;

	*at = start;
	length = strcspn(buf_text(text) + start, ",]}\n");
	return length < text->length - start ? length
					     : text->length - start; /* it may have been cut off */
}

static void
mutate_value(struct buf *text)
{
	static const char *const values[] = {
	    "null",
	    "true",
	    "0",
	    "1",
	    "-1",
	    "2",
	    "3",
	    "255",
	    "4096",
	    "65536",
	    "4294967295",
	    "4294967296",
	    "9223372036854775807",
	    "1e9",
	    "0.5",
	    "\"\"",
	    "\"a\"",
	    "\"z\"",
	    "\"F1\"",
	    "\"a1\"",
	    "\"a1'\"",
	    "\"Z\"",
	    "\"0x0\"",
	    "\"0xffffffffffffffff\"",
	    "\"0x8000000000000001\"",
	    "\"shared\"",
	    "\"copied\"",
	    "\"swapped\"",
	    "\"unknown\"",
	    "\"zero\"",
	    "\"refused\"",
	    "\"faulted\"",
	    "\"exited\"",
	    "\"SIGSEGV\"",
	    "\"dead\"",
	    "\"shared-anon\"",
	    "\"private-anon\"",
	    "[]",
	    "{}",
	    "[[]]",
	};
	size_t at = random_below(text->length), length = value_from(text, &at);
	const char *value = values[random_below(sizeof(values) / sizeof(values[0]))];

	replace(text, at, length, value, strlen(value));
}

/* Another value of the same file. */
static void
mutate_swap(struct buf *text)
{
	size_t from = random_below(text->length), length = value_from(text, &from);
	size_t at = random_below(text->length), old = value_from(text, &at);
	char *value = mem_string_n(buf_text(text) + from, length);

	replace(text, at, old, value, length);
	free(value);
}

static void
mutate_bytes(struct buf *text)
{
	static const char bytes[] = "{}[],:\"\\\n\0\xff\x80 0-.eu";
	size_t at = random_below(text->length), length = random_below(3);
	char byte = random_below(2) ? bytes[random_below(sizeof(bytes))] : (char)random_below(256);

	if (length > text->length - at)
		length = 0;
	replace(text, at, length, &byte, random_below(3) ? 1 : 0);
}

/* A part that is missing, or there twice. */
static void
mutate_span(struct buf *text)
{
	size_t at = random_below(text->length), length = random_below(200);
	char *twice;

	if (length > text->length - at)
		length = text->length - at;
	twice = mem_string_n(buf_text(text) + at, length);
	replace(text, at, random_below(2) ? length : 0, twice, random_below(2) ? length : 0);
	free(twice);
}

static void
mutate(struct buf *text)
{
	uint32_t which = random_below(10);

	if (which < 5)
		mutate_value(text);
	else if (which < 7)
		mutate_swap(text);
	else if (which < 9)
		mutate_bytes(text);
	else
		mutate_span(text);
	if (random_below(50) == 0 && text->length)
		text->length = random_below(text->length);
}

static void
draw(const struct snapshot *now, const struct snapshot *before, const struct events *events)
{
	for (int view = SCENE_PANELS; view <= SCENE_PAGE; view++) {
		struct canvas *canvas = canvas_new(72, 20, view & 1);
		struct scene scene = {
		    .now = now,
		    .before = before,
		    .events = events,
		    .view = (enum scene_view)view,
		    .process = 'a',
		    .page = 1,
		};

		scene_draw(canvas, &scene);
		canvas_free(canvas);
	}
}

/* Everything that is done with snapshots. */
static void
look(const struct loaded *loaded)
{
	const struct snapshot *before = NULL;

	for (size_t i = 0; i < loaded->count; i++) {
		const struct snapshot *now = loaded->moments[i].snapshot;
		struct events events;
		struct buf out = BUF_INIT;

		events_between(&events, before, now);
		draw(now, before, &events);
		draw(now, NULL, &loaded->moments[i].events);
		report_step(&out, now, &events, REPORT_CELLS);
		report_state(&out, now);
		report_frames(&out, now);
		report_file(&out, now);
		if (before)
			snapshot_differs(before, now);
		events_free(&events);
		buf_free(&out);
		before = now;
	}
}

static bool
again_the_same(const struct loaded *loaded)
{
	struct buf text = BUF_INIT, again = BUF_INIT;
	struct loaded other;
	struct err err = {0};
	bool same = true;

	for (size_t i = 0; i < loaded->count; i++)
		json_snapshot(&text, loaded->moments[i].snapshot, &loaded->moments[i].events, NULL);
	if (session_parse("again", buf_text(&text), text.length, &other, &err) < 0) {
		printf("# %s\n", err.text);
		same = false;
	}
	for (size_t i = 0; i < other.count; i++)
		json_snapshot(&again, other.moments[i].snapshot, &other.moments[i].events, NULL);
	same = same && strcmp(buf_text(&text), buf_text(&again)) == 0;
	loaded_free(&other);
	buf_free(&text);
	buf_free(&again);
	return same;
}

static bool
says_where(const char *text, size_t length)
{
	unsigned long byte, line;

	if (strcmp(text, "f holds no snapshot") == 0)
		return true;
	return sscanf(text, "f: byte %lu (line %lu): ", &byte, &line) == 2 && byte >= 1 &&
	    byte <= length + 1 && line >= 1;
}

int
main(void)
{
	static const enum kind kinds[] = {
	    KIND_PRIVATE_FILE, KIND_PRIVATE_ANON, KIND_SHARED_FILE, KIND_SHARED_ANON};
	size_t refused = 0, placed = 0, taken = 0, kept = 0;
	const char *rounds = getenv("ROUNDS");
	const size_t mutations = rounds && *rounds ? strtoul(rounds, NULL, 10) : MUTATIONS;
	struct buf good[4] = {BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT};

	for (size_t i = 0; i < 4; i++)
		good_session(&good[i], kinds[i]);
	for (size_t i = 0; i < mutations; i++) {
		struct buf text = BUF_INIT;
		struct loaded loaded;
		struct err err = {0};

		buf_add_n(&text, buf_text(&good[i % 4]), good[i % 4].length);
		for (uint32_t times = 1 + random_below(2); times > 0 && text.length; times--)
			mutate(&text);
		if (session_parse("f", buf_text(&text), text.length, &loaded, &err) == 0) {
			look(&loaded);
			taken++;
			kept += again_the_same(&loaded);
		} else {
			refused++;
			placed += says_where(err.text, text.length);
			if (!says_where(err.text, text.length))
				printf("# %s\n", err.text);
		}
		loaded_free(&loaded);
		buf_free(&text);
	}
	for (size_t i = 0; i < 4; i++)
		buf_free(&good[i]);
	printf("# %zu refused, %zu taken\n", refused, taken);
	ok(refused > mutations / 4 && placed == refused, "who is refused is told where");
	ok(taken > mutations / 20, "what is still a session is taken, and can be looked at");
	is_number(kept, taken, "and is the same when saved and loaded again");
	return done_testing();
}
