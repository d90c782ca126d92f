#include "config.h"

#include "base/utf8.h"
#include "out/json/json.h"
#include "out/json/json_write.h"
#include "tap.h"
#include "view_stories.h"

/* A reader of JSON that only says whether a text is one value, and UTF-8. */
static const char *value(const char *at);

static const char *
string(const char *at)
{
	if (*at++ != '"')
		return NULL;
	while (*at != '"') {
		uint32_t code;
		size_t bytes = utf8_decode(at, strlen(at), &code);

		if (!bytes || code < 0x20 || (bytes == 1 && code > 0x7F))
			return NULL;
		if (code == '\\' && strchr("\"\\u", at[1]) == NULL)
			return NULL;
		at += code == '\\' ? 2 : bytes;
	}
	return at + 1;
}

static const char *
members(const char *at, char end, bool keys)
{
	if (*++at == end)
		return at + 1;
	for (;; at++) {
		if (keys && (!(at = string(at)) || *at++ != ':'))
			return NULL;
		at = value(at);
		if (!at || *at == end)
			return at ? at + 1 : NULL;
		if (*at != ',')
			return NULL;
	}
}

static const char *
value(const char *at)
{
	static const char *const words[] = {"true", "false", "null"};

	if (*at == '{' || *at == '[')
		return members(at, *at == '{' ? '}' : ']', *at == '{');
	if (*at == '"')
		return string(at);
	for (size_t i = 0; i < 3; i++)
		if (strncmp(at, words[i], strlen(words[i])) == 0)
			return at + strlen(words[i]);
	if (strspn(at, "-0123456789") == 0)
		return NULL;
	return at + strspn(at, "-0123456789");
}

static bool
is_one_line_of_json(const char *text)
{
	const char *end = value(text);

	return end && strcmp(end, "\n") == 0;
}

static void
exact_shape(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 2, 1, true);
	struct snapshot *start = stage_snapshot(stage, NULL, NULL);
	struct buf out = BUF_INIT;
	struct story story;

	stage->cached[1] = false;
	stage_read(stage, 'a', 0);
	story = story_end("json", stage, start, "read a:0", 'a', 0);
	json_snapshot(&out, story.now, NULL, "read a:0");
	is_text(buf_text(&out),
	    "{\"schema\":\"cowscope/1\",\"type\":\"snapshot\",\"step\":1,\"command\":\"read a:0\""
	    ",\"time_ns\":1700000000000000001"
	    ",\"kernel\":{\"release\":\"6.18.0\",\"page_size\":4096,\"pfn\":\"known\"}"
	    ",\"lab\":{\"kind\":\"private-file\",\"pages\":2,\"path\":\"/var/tmp/cow.dat\",\"file"
	    "system\":\"ext4\",\"number\":1,\"file_bytes\":8192"
	    ",\"file_links\":null,\"vmas\":\"page\",\"read_only\":false}"
	    ",\"processes\":[{\"name\":\"a\",\"pid\":4242,\"ppid\":4241,\"alive\":true,\"address"
	    "\":\"0xa0000000\""
	    ",\"minor_faults\":120,\"major_faults\":0,\"rss_kib\":4,\"pss_kib\":4,\"pages\":["
	    "{\"page\":0,\"state\":\"private\",\"dirty\":false,\"mapped_by\":1,\"frame\":\"F0\","
	    "\"pfn\":\"0x103402\""
	    ",\"pagemap\":\"0xa100000000103402\",\"basis\":\"exact\",\"content\":\"00000000000000"
	    "00\",\"perms\":\"rw-p\""
	    ",\"content_hex\":\"30303030303030303030303030303030\",\"zero\":false,\"kpageflags\":"
	    "\"0x2c\",\"object\":1},"
	    "{\"page\":1,\"state\":\"absent\",\"dirty\":false,\"mapped_by\":0,\"frame\":null,\"pf"
	    "n\":null"
	    ",\"pagemap\":\"0x0000000000000000\",\"basis\":\"exact\",\"content\":null,\"perms\":"
	    "\"rw-p\""
	    ",\"content_hex\":null,\"zero\":false,\"kpageflags\":null,\"object\":1}]"
	    ",\"forked_from\":null,\"waits\":false,\"file_closed\":false,\"opens\":0,\"programs\":0,\"blocks\":0,\"life\":\"running\",\"exit_signal\":null"
	    ",\"exit_status\":null,\"rss_anon_kib\":null,\"rss_file_kib\":null,\"rss"
	    "_shmem_kib\":null"
	    ",\"smaps\":["
	    "{\"start\":\"0xa0000000\",\"end\":\"0xa0001000\",\"perms\":\"rw-p\",\"offset\":\"0x0\""
	    ",\"rss_kib\":4,\"pss_kib\":4,\"shared_clean_kib\":0,\"shared_dirty_kib\":0"
	    ",\"private_clean_kib\":4,\"private_dirty_kib\":0,\"referenced_kib\":4,\"anonymous_ki"
	    "b\":0,\"ksm_kib\":0,\"swap_kib\":0},"
	    "{\"start\":\"0xa0001000\",\"end\":\"0xa0002000\",\"perms\":\"rw-p\",\"offset\":\"0x1000\""
	    ",\"rss_kib\":0,\"pss_kib\":0,\"shared_clean_kib\":0,\"shared_dirty_kib\":0"
	    ",\"private_clean_kib\":0,\"private_dirty_kib\":0,\"referenced_kib\":0,\"anonymous_ki"
	    "b\":0,\"ksm_kib\":0,\"swap_kib\":0}]}]"
	    ",\"file\":{\"pages\":["
	    "{\"page\":0,\"cached\":true,\"dirty\":false,\"writeback\":false,\"frame\":\"F0\""
	    ",\"content_hex\":\"30303030303030303030303030303030\"},"
	    "{\"page\":1,\"cached\":false,\"dirty\":false,\"writeback\":false,\"frame\":null"
	    ",\"content_hex\":null}]}"
	    ",\"memory\":{\"used_kib\":1258291,\"buff_cache_kib\":3565158,\"shared_kib\":12288"
	    ",\"available_kib\":5368709,\"dirty_kib\":4}"
	    ",\"events\":[],\"step_command\":\"read a:0\",\"acts\":[{\"act\":\"read\",\"process\""
	    ":\"a\",\"page\":0"
	    ",\"minor_faults\":1,\"major_faults\":0"
	    ",\"before\":null,\"after\":\"0xa100000000103402\""
	    ",\"content_hex\":null}]"
	    ",\"frames\":[{\"frame\":\"F0\",\"birth\":\"file\",\"object\":1}]}\n",
	    "a snapshot, field by field");
	buf_free(&out);
	story_free(&story);
}

#define has(text, part) ok(strstr(buf_text(text), part) != NULL, "has %s", part)

static void
events(void)
{
	struct story copied = story_copied(), faulted = story_faulted(), lives = story_lives();
	struct buf out = BUF_INIT;

	json_snapshot(&out, copied.now, &copied.events, NULL);
	has(&out, "\"command\":null");
	has(&out,
	    "{\"type\":\"copied\",\"process\":\"a\",\"page\":2,\"from\":\"F2\",\"to\":\"a2\","
	    "\"text\":\"");
	buf_clear(&out);
	json_snapshot(&out, faulted.now, &faulted.events, "write b:6");
	has(&out,
	    "{\"type\":\"faulted\",\"process\":\"b\",\"page\":6,\"signal\":\"SIGBUS\","
	    "\"code\":\"BUS_ADRERR\",\"address\":\"0xa0006000\"");
	buf_clear(&out);
	json_snapshot(&out, lives.now, &lives.events, "kill b");
	has(&out, "{\"type\":\"exited\",\"process\":\"b\",\"page\":null,\"signal\":\"SIGKILL\"");
	has(&out, "\"life\":\"dead\",\"exit_signal\":\"SIGKILL\"");
	has(&out, "\"disagrees\":true");
	buf_free(&out);
	story_free(&copied);
	story_free(&faulted);
	story_free(&lives);
}

static void
unknown_is_null(void)
{
	struct story hidden = story_hidden();
	struct snapshot *bare = snapshot_new(1, 1);
	struct buf out = BUF_INIT;

	json_snapshot(&out, hidden.now, &hidden.events, "x");
	has(&out, "\"pfn\":\"unknown\"");
	has(&out,
	    "\"frame\":\"a2\",\"pfn\":null,\"pagemap\":\"0x8100000000000000\",\"basis\":"
	    "\"inferred\"");
	has(&out, "\"rss_kib\":null,\"pss_kib\":null");
	has(&out, "\"shared_kib\":null");
	has(&out, "\"cached\":null,\"dirty\":null,\"writeback\":null,\"frame\":null");
	buf_clear(&out);
	bare->processes[0].name = 'a';
	json_snapshot(&out, bare, NULL, NULL);
	has(&out, "\"path\":null,\"filesystem\":null");
	has(&out, "\"minor_faults\":null,\"major_faults\":null");
	has(&out,
	    "\"state\":\"unknown\",\"dirty\":null,\"mapped_by\":null,\"frame\":null,\"pfn\":"
	    "null,\"pagemap\":null");
	has(&out, "\"file\":null");
	ok(is_one_line_of_json(buf_text(&out)), "and it is JSON");
	buf_free(&out);
	snapshot_free(bare);
	story_free(&hidden);
}

static void
always_json(void)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct story story = stories[i]();

		buf_clear(&out);
		json_snapshot(&out, story.now, &story.events, story.now->command);
		ok(is_one_line_of_json(buf_text(&out)), "%s is one line of JSON", story.name);
		story_free(&story);
	}
	ok(!is_one_line_of_json("{\"a\":\"\xff\"}\n") && !is_one_line_of_json("{\"a\":1,}\n"),
	    "the reader can say no");
	buf_free(&out);
}

static void
other_answers(void)
{
	struct buf out = BUF_INIT;

	json_error(&out, "wriet", "no such command");
	is_text(buf_text(&out),
	    "{\"schema\":\"cowscope/1\",\"type\":\"error\",\"command\":\"wriet\",\"message\":\"no "
	    "such command\"}\n",
	    "an error");
	buf_clear(&out);
	json_expect(&out, "expect a:2 copied", TRI_NO, "it is shared");
	is_text(buf_text(&out),
	    "{\"schema\":\"cowscope/1\",\"type\":\"expect\",\"command\":\"expect a:2 "
	    "copied\",\"holds\":false,\"message\":\"it is shared\"}\n",
	    "an expectation");
	buf_clear(&out);
	json_text(&out, "help", NULL, "a\nb");
	is_text(buf_text(&out),
	    "{\"schema\":\"cowscope/"
	    "1\",\"type\":\"help\",\"command\":null,\"text\":\"a\\u000ab\"}\n",
	    "a text");
	buf_clear(&out);
	json_quote(&out, "\0\"\\\xff\xed\xa0\x80\xe9\xa1\xb5\x7f", 11);
	is_text(buf_text(&out),
	    "\"\\u0000\\\"\\\\\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xe9\xa1\xb5\\u007f"
	    "\"",
	    "any byte");
	buf_clear(&out);
	json_quote(&out,
	    "\xc2\x9b"
	    "1m\xe2\x80\xae\xf3\xb0\x80\x81",
	    11);
	is_text(
	    buf_text(&out), "\"\\u009b1m\\u202e\\udb80\\udc01\"", "nothing that a terminal obeys");
	buf_free(&out);
}

int
main(void)
{
	exact_shape();
	events();
	unknown_is_null();
	always_json();
	other_answers();
	return done_testing();
}
