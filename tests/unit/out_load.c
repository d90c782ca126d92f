#include "config.h"

#include "out/json/json.h"
#include "out/lab/load.h"
#include "tap.h"
#include "view_stories.h"

#include <errno.h>
#include <unistd.h>

static void
save(struct buf *out, const struct snapshot *now, const struct events *events)
{
	json_snapshot(out, now, events, now->command);
}

static void
save_story(struct buf *out, const struct story *story)
{
	static const struct events none = {NULL, 0};

	if (story->before)
		save(out, story->before, &none);
	save(out, story->now, &story->events);
}

static bool
screens_same(struct story *story, const struct loaded *loaded, const struct events *events,
    enum scene_view view, int columns, int rows)
{
	struct canvas *one = canvas_new(columns, rows, false),
		      *other = canvas_new(columns, rows, false);
	struct scene scene = *story_scene(story);
	bool same;

	scene.view = view;
	scene_draw(one, &scene);
	scene.now = loaded->moments[loaded->count - 1].snapshot;
	scene.before = loaded->count > 1 ? loaded->moments[0].snapshot : NULL;
	scene.events = events;
	scene_draw(other, &scene);
	same = canvas_same(one, other);
	canvas_free(one);
	canvas_free(other);
	return same;
}

static bool
event_same(const struct event *one, const struct event *other)
{
	return one->type == other->type && one->process == other->process &&
	    one->page == other->page && strcmp(one->from, other->from) == 0 &&
	    strcmp(one->to, other->to) == 0 && one->others == other->others &&
	    one->signal == other->signal && one->code == other->code &&
	    one->errnum == other->errnum && one->address == other->address;
}

static bool
events_same(const struct events *one, const struct events *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (!event_same(&one->list[i], &other->list[i]))
			return false;
	return true;
}

static bool
all_screens_same(struct story *story, const struct loaded *loaded, const struct events *events)
{
	for (int view = SCENE_PANELS; view <= SCENE_PAGE; view++)
		if (!screens_same(story, loaded, events, (enum scene_view)view, 120, 40) ||
		    !screens_same(story, loaded, events, (enum scene_view)view, 60, 18))
			return false;
	return true;
}

static bool
facts_same(const struct snapshot *one, const struct snapshot *other)
{
	bool same = !snapshot_differs(one, other) && one->frame_count == other->frame_count &&
	    one->act_count == other->act_count;

	for (size_t i = 0; same && i < one->frame_count; i++)
		same = frame_same(&one->frames[i], &other->frames[i]) &&
		    one->frames[i].pfn == other->frames[i].pfn &&
		    one->frames[i].birth == other->frames[i].birth &&
		    one->frames[i].processes == other->frames[i].processes &&
		    one->frames[i].mapped_by == other->frames[i].mapped_by;
	return same;
}

static void
round_trip(struct story *story)
{
	struct buf text = BUF_INIT, again = BUF_INIT;
	struct loaded loaded;
	struct events found;
	struct err err = {0};
	const struct moment *last;

	save_story(&text, story);
	if (!ok(session_parse("x", buf_text(&text), text.length, &loaded, &err) == 0,
		"%s is loaded", story->name)) {
		printf("# %s\n", err.text);
		buf_free(&text);
		return;
	}
	last = &loaded.moments[loaded.count - 1];
	for (size_t i = 0; i < loaded.count; i++)
		save(&again, loaded.moments[i].snapshot, &loaded.moments[i].events);
	is_text(buf_text(&again), buf_text(&text), "%s is saved again as it was", story->name);
	ok(facts_same(story->now, last->snapshot), "%s: the same facts", story->name);
	events_between(
	    &found, loaded.count > 1 ? loaded.moments[0].snapshot : NULL, last->snapshot);
	ok(events_same(&found, &story->events) && events_same(&last->events, &story->events),
	    "%s: the same events, saved and found again", story->name);
	ok(all_screens_same(story, &loaded, &found), "%s: the same screens", story->name);
	events_free(&found);
	loaded_free(&loaded);
	buf_free(&text);
	buf_free(&again);
}

/* What no story has. */
static struct story
story_odd(void)
{
	struct story story = story_lives();
	struct snapshot *now = story.now;

	story.name = "odd";
	now->processes[1].exit_signal = 0;
	now->processes[1].exit_status = 3;
	now->processes[0].pages[1].kpageflags = UINT64_MAX;
	now->processes[0].rss_anon_kib = 7;
	now->lab = story.before->lab = UINT32_MAX;
	now->acts = mem_resize(now->acts, 3, sizeof(*now->acts));
	now->act_count = 3;
	now->acts[0] = (struct act){
	    .process = 'a',
	    .verb = ACT_SYNC,
	    .page = 1,
	    .errnum = ENOMEM,
	    .major = 65535,
	};
	now->acts[1] = (struct act){
	    .process = 'c',
	    .verb = ACT_WRITE,
	    .page = 9,
	    .signal = SIGSEGV,
	    .code = SEGV_ACCERR,
	    .address = UINT64_MAX,
	};
	now->acts[2] = (struct act){
	    .process = 'c',
	    .verb = ACT_READ,
	    .page = 0,
	    .signal = 42,
	    .code = -6,
	    .content = {2, "\377"},
	};
	events_free(&story.events);
	events_between(&story.events, story.before, now);
	return story;
}

/* Pages of the file where they do not belong, one of them behind the lab's last; another object. */
static struct story
story_elsewhere(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 4, 2, true);
	struct snapshot *start = stage_snapshot(stage, NULL, NULL);
	struct story story;

	stage->processes[0].frame[2] = STAGE_FILE;
	stage->processes[0].frame[3] = STAGE_FILE + 12;
	stage->processes[1].frame[0] = STAGE_FILE;
	story = story_end("elsewhere", stage, start, "read all:*", 'a', 2);
	story.now->processes[1].pages[3].object = 2;
	return story;
}

static void
round_trips(void)
{
	struct story odd, elsewhere = story_elsewhere();

	round_trip(&elsewhere);
	story_free(&elsewhere);

	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct story story = stories[i]();

		round_trip(&story);
		story_free(&story);
	}
	odd = story_odd();
	round_trip(&odd);
	story_free(&odd);
}

static void
is_refused(const char *text, const char *wanted, const char *what)
{
	struct loaded loaded;
	struct err err = {0};

	is_number(
	    session_parse("f.json", text, strlen(text), &loaded, &err), -1, "refused: %s", what);
	is_text(err.text, wanted, "it says where");
	is_number(err.kind, ERR_USAGE, "it is the user's");
	ok(loaded.count == 0 && !loaded.moments, "nothing is left");
}

/* One good line in which `old` became `new`; %zu of wanted is the byte of `at`. */
static void
changed_is_refused(const char *old, const char *new, const char *at, const char *wanted)
{
	struct story story = story_both();
	struct buf text = BUF_INIT, changed = BUF_INIT, message = BUF_INIT;
	const char *found;

	save_story(&text, &story);
	found = strstr(strchr(buf_text(&text), '\n'), old);
	if (ok(found != NULL, "there is %s", old)) {
		buf_add_n(&changed, buf_text(&text), (size_t)(found - buf_text(&text)));
		buf_add(&changed, new);
		buf_add(&changed, found + strlen(old));
		found = strstr(strchr(buf_text(&changed), '\n') + 1, at);
		buf_addf(&message, "f.json: byte %zu (line 2): %s",
		    found ? (size_t)(found - buf_text(&changed)) + 1 : 0, wanted);
		is_refused(buf_text(&changed), buf_text(&message), new);
	}
	buf_free(&text);
	buf_free(&changed);
	buf_free(&message);
	story_free(&story);
}

static void
refusals(void)
{
	is_refused("", "f.json holds no snapshot", "an empty file");
	is_refused("\n \n", "f.json holds no snapshot", "blank lines");
	is_refused("{\"schema\":\"cowscope/1\",\"type\":\"error\"}\n", "f.json holds no snapshot",
	    "no snapshot");
	is_refused("\n[1]\n", "f.json: byte 2 (line 2): expected an object", "a list");
	is_refused("{\"type\":1}", "f.json: byte 1 (line 1): the field \"schema\" is missing",
	    "no schema");
	is_refused(" {\"schema\": \"cowscope/2\"}",
	    "f.json: byte 13 (line 1): schema: unknown schema: expected cowscope/1",
	    "another schema");
	is_refused(
	    "\n{\"a\":x}", "f.json: byte 7 (line 2): not JSON: invalid token near 'x'", "no JSON");
	changed_is_refused("\"state\":\"shared\"", "\"state\":\"shered\"", "\"shered\"",
	    "processes[0].pages[0].state: not a word that is known here");
	changed_is_refused("\"pid\":4243", "\"pid\":\"4243\"", "\"4243\"",
	    "processes[1].pid: expected a whole number");
	changed_is_refused("\"pid\":4243", "\"pid\":-1", "-1",
	    "processes[1].pid: -1 is not between 0 and 2147483647");
	changed_is_refused("\"lab\":{\"kind\":\"private-file\",\"pages\":10",
	    "\"lab\":{\"kind\":\"private-file\",\"pages\":4097", "4097",
	    "lab.pages: 4097 is not between 0 and 4096");
	changed_is_refused(
	    "\"pages\":10", "\"pages\":9", "[{\"name\"", "processes: expected 9 pages each");
	changed_is_refused(
	    "\"kernel\":{", "\"kerne1\":{", "{\"schema\"", "the field \"kernel\" is missing");
	changed_is_refused("\"frame\":\"F3\"", "\"frame\":\"F99\"", "\"F99\"",
	    "processes[0].pages[3].frame: none of the frames of the snapshot");
	changed_is_refused("\"frame\":\"b2\",\"birth\"", "\"frame\":\"b2''''\",\"birth\"",
	    "\"b2''''\"", "frames[3].frame: not a frame's name");
	changed_is_refused("\"page_size\":4096", "\"page_size\":4095", "4095",
	    "kernel.page_size: no machine has pages of this size");
	changed_is_refused("\"type\":\"snapshot\",\"step\":3", "\"type\":\"snapshot\",\"step\":1",
	    "1,\"command\"", "step: step 1 comes after step 2");
	changed_is_refused("\"pagemap\":\"0x", "\"pagemap\":\"0xg", "\"0xg",
	    "processes[0].pages[0].pagemap: expected a hexadecimal number such as "
	    "\"0x1f\"");
	changed_is_refused("\"content_hex\":\"30", "\"content_hex\":\"3", "\"33030",
	    "processes[0].pages[0].content_hex: expected 1 to 16 bytes, two hexadecimal "
	    "digits each");
	changed_is_refused("\"act\":\"write\",\"process\":\"b\",\"page\":2",
	    "\"act\":\"write\",\"process\":\"b\",\"page\":10", "10,\"minor_faults\"",
	    "acts[0].page: 10 is not between 0 and 9");
	changed_is_refused("\"type\":\"copied\",\"process\":\"b\",\"page\":2",
	    "\"type\":\"copied\",\"process\":\"b\",\"page\":10", "10,\"from\"",
	    "events[0].page: 10 is not between 0 and 9");
	changed_is_refused("\"others\":[\"c\"]", "\"others\":[\"j\"]", "[\"j\"]",
	    "events[0].others: expected names of processes");
	changed_is_refused("\"alive\":true", "\"alive\":false", "false,\"address\"",
	    "processes[0].alive: contradicts the field \"life\"");
	changed_is_refused("\"name\":\"b\"", "\"name\":\"a\"", "\"a\",\"pid\":4243",
	    "processes[1].name: the names do not ascend");
	changed_is_refused("\"release\":\"6",
	    "\"release\":\"\xff"
	    "6",
	    "\xff", "not JSON: unable to decode byte 0xff near '\"'");
}

static void
passes_over(void)
{
	struct story story = story_both();
	struct buf text = BUF_INIT;
	struct loaded loaded;
	struct err err = {0};

	buf_add(&text, "\r\n{\"schema\":\"cowscope/1\",\"type\":\"dance\"}\n");
	save_story(&text, &story);
	save(&text, story.before, &story.events);
	json_error(&text, "x", "no such command");
	buf_add(&text, "  \n");
	text.length--;
	is_number(session_parse("x", buf_text(&text), text.length, &loaded, &err), 0,
	    "a session of batch");
	is_number(loaded.count, 2, "what is said again, or is no snapshot, is passed over");
	loaded_free(&loaded);
	buf_free(&text);
	story_free(&story);
}

static void
files(void)
{
	struct story story = story_both();
	char path[] = "out-load-XXXXXX";
	int fd = mkstemp(path);
	struct buf text = BUF_INIT;
	struct loaded loaded;
	struct err err = {0};

	save_story(&text, &story);
	ok(write(fd, buf_text(&text), text.length) == (ssize_t)text.length, "a file");
	is_number(session_load(path, &loaded, &err), 0, "is loaded");
	is_number(loaded.count, 2, "both snapshots");
	loaded_free(&loaded);
	is_number(ftruncate(fd, (off_t)text.length - 100), 0, "the end is cut off");
	is_number(session_load(path, &loaded, &err), -1, "and it is refused");
	buf_clear(&text);
	buf_addf(&text, "%s: byte ", path);
	ok(strncmp(err.text, buf_text(&text), text.length) == 0 && strstr(err.text, "(line 2)"),
	    "%s", err.text);
	close(fd);
	unlink(path);
	is_number(session_load(path, &loaded, &err), -1, "a file that is not there");
	ok(strstr(err.text, "(ENOENT)") != NULL, "%s", err.text);
	is_number(session_load("/", &loaded, &err), -1, "a directory");
	ok(strstr(err.text, "(EISDIR)") != NULL, "%s", err.text);
	buf_free(&text);
	story_free(&story);
}

int
main(void)
{
	round_trips();
	refusals();
	passes_over();
	files();
	return done_testing();
}
