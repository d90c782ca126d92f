#include "config.h"
#include "app/teach/player.h"
#include "app/lab/able.h"
#include "tap.h"

#include <stdlib.h>

static const char text[] =
    "# T\n\nS.\n\nProse.\n\nWhat?\n\n- [ ] one\n- [x] two\n- [ ] three\n\n```cow\nread a:2\nexpect a:2 private\n```\n\n"
    "More.\n\nWhich?\n\n- [x] {pages}\n\n```cow\nwrite ab:1\n```\n\n"
    "Both?\n\n- [x] one\n- [ ] two\n- [x] three\n\n```cow\nread a:0\n```\n\n"
    "Swap?\n\n- [x] one\n- [ ] two\n\n```cow needs=root,swap,ksm\nread a:0\n```\n\n```cow\nread b:0\n```\n";

static bool
lacks_two(const char *need, uint64_t bytes, struct buf *reason)
{
	(void)bytes;
	if (strcmp(need, "root") == 0)
		return true;
	buf_addf(reason, "There is no %s.", need);
	return false;
}

static void
run_block(struct player *player, unsigned lines)
{
	unsigned count = 0;

	is_number(player->stage, PLAYER_ACTS, "the block is played");
	while (player_line(player))
		count++;
	is_number(count, lines, "line by line");
}

static void
test_choice(struct player *player)
{
	is_number(player->stage, PLAYER_TELLS, "prose first");
	player_choose(player, 0);
	ok(!player_answered(player), "nothing can be answered yet");
	player_next(player);
	is_number(player->stage, PLAYER_ASKS, "then a question");
	player_choose(player, 0);
	player_choose(player, 1);
	ok(!player->chosen[0] && player->chosen[1], "another answer takes the place of the first");
	player_choose(player, 9);
	player_next(player);
	ok(player->question == &player->lesson->parts[1],
	    "it stays open while the block is played");
	run_block(player, 2);
	is_number(player->stage, PLAYER_SHOWS, "then it is judged");
	ok(player_is_right(player), "rightly answered");
	ok(player->asked == 1 && player->right == 1, "and counted");
	player_next(player);
	is_number(player->stage, PLAYER_TELLS, "prose follows");
	ok(!player->question, "the question is over");
	player_next(player);
}

static struct snapshot *
two_processes(void)
{
	struct snapshot *now = snapshot_new(3, 2);

	now->processes[0].name = 'a';
	now->processes[1].name = 'b';
	return now;
}

static void
test_pages(struct player *player)
{
	struct snapshot *now = two_processes();
	struct event list[] = {
	    {.type = EVENT_MAPPED, .process = 'b', .page = 1},
	    {.type = EVENT_FAULTED, .process = 'b', .page = 2},
	    {.type = EVENT_DIRTIED, .process = 0, .page = 0},
	    {.type = EVENT_STARTED, .process = 'a', .page = EVENT_NO_PAGE},
	};
	struct events events = {list, 4};
	bool *flags;

	now->acts = calloc(2, sizeof(*now->acts));
	now->act_count = 2;
	now->acts[0] = (struct act){.process = 'a', .verb = ACT_WRITE, .page = 1};
	now->acts[1] = (struct act){.process = 'a', .verb = ACT_WRITE, .page = 2, .signal = 7};
	player_point_nowhere(player);
	ok(player_answered(player) && player_is_right(player),
	    "that nothing changes is a prediction");
	player_point(player, 'a', 1);
	ok(player_answered(player) && !player->nothing, "which a mark takes back");
	player_point(player, 'b', 1);
	player_point(player, 'b', 2);
	player_point(player, 'b', 2);
	player_next(player);
	player_line(player);
	player_saw(player, now, &events);
	flags = page_set_flags(player->changed, now);
	ok(!flags[0] && flags[1] && !flags[2] && !flags[3] && flags[4] && !flags[5],
	    "what was written or mapped changed; a fault, the file and a process are no page");
	free(flags);
	ok(!player_line(player) && player_is_right(player), "exactly those were pointed at");
	player->pointed->processes[0] = 1;
	ok(!player_is_right(player), "one more would be wrong");
	player_next(player);
	snapshot_free(now);
}

static void
test_rest(struct player *player)
{
	player_choose(player, 0);
	player_choose(player, 2);
	ok(player->chosen[0] && player->chosen[2], "where two are right, two can be chosen");
	player_choose(player, 2);
	player_next(player);
	run_block(player, 1);
	ok(!player_is_right(player), "one of two is not right");
	player_next(player);
	is_number(player->stage, PLAYER_LACKS, "a question that the machine cannot answer");
	is_text(buf_text(&player->lacks), "There is no swap. There is no ksm.",
	    "all that is missing is said");
	player_next(player);
	ok(player->stage == PLAYER_ACTS && !player->question, "its block is left out with it");
	run_block(player, 1);
	is_number(player->stage, PLAYER_OVER, "the end");
	ok(!player_part(player), "has no part");
	player_next(player);
	is_number(player->stage, PLAYER_OVER, "and stays");
	ok(player->asked == 3 && player->right == 2, "three answers, two of them right");
}

static const char pointing[] = "# T\n\nS.\n\nWhich?\n\n- [x] {pages}\n\n```cow\nwrite a:1\n```\n\n"
			       "And now?\n\n- [x] {pages}\n\n```cow\nwrite b:2\n```\n";

static void
test_marks(void)
{
	struct event list[] = {
	    {.type = EVENT_MAPPED, .process = 'a', .page = 1},
	    {.type = EVENT_REFUSED, .process = 'b', .page = 1},
	};
	struct events events = {list, 2};
	struct snapshot *now = two_processes();
	struct lesson lesson;
	struct lesson_faults faults;
	struct player player;

	now->acts = calloc(1, sizeof(*now->acts));
	now->act_count = 1;
	now->acts[0] = (struct act){.process = 'b', .verb = ACT_WRITE, .page = 2, .errnum = 14};
	lesson_parse(&lesson, pointing, sizeof(pointing) - 1, &faults);
	player_begin(&player, &lesson, NULL);
	player_point(&player, 'b', 2);
	player_point_nowhere(&player);
	ok(!player.pointed->processes[2] && player.nothing,
	    "that nothing changes takes the marks away");
	player_point(&player, 'a', 1);
	player_point(&player, 'b', 2);
	player_next(&player);
	player_line(&player);
	player_saw(&player, now, &events);
	player_line(&player);
	ok(player.changed->processes[1] == 1 && !player.changed->processes[2],
	    "what was refused or failed changed nothing");
	ok(!player_is_right(&player), "one too many is wrong");
	player.pointed->processes[2] = 0;
	ok(player_is_right(&player), "without it, it is right");
	player.pointed->processes[1] = 0;
	ok(!player_is_right(&player), "one too few is wrong");
	player.pointed->processes[1] = 1;
	player_next(&player);
	ok(player.stage == PLAYER_ASKS && !player_answered(&player) &&
		!player.changed->processes[1],
	    "the next question has no marks yet");
	snapshot_free(now);
	player_free(&player);
	lesson_free(&lesson);
	lesson_faults_free(&faults);
}

static const char heavy[] =
    "# T\n\nS.\n\nWhat?\n\n- [x] one\n- [ ] two\n\n```cow needs=memory\nweigh private-anon\nexpect memory used>=0\n```\n\n"
    "```cow\nweigh shared-anon 2M; weigh private-file 3M\n```\n\n"
    "```cow\nloop 3 read a; weigh shared-anon 7M\n```\n\n"
    "```cow needs=disk,memory\nweigh shared-file 1G\n```\n\n"
    "```cow needs=memory\nread a:0\n```\n\n"
    "```cow\nread a:0\n```\n";
static uint64_t asked_for, has_bytes;

static bool
has_some(const char *need, uint64_t bytes, struct buf *reason)
{
	bool memory = strcmp(need, "memory") == 0;

	asked_for = memory ? bytes : asked_for;
	if (memory ? bytes && bytes <= has_bytes : strcmp(need, "disk") != 0)
		return true;
	buf_addf(reason, "There is no %s.", need);
	return false;
}

static void
test_memory_taken(struct player *player)
{
	is_number(player->stage, PLAYER_SHORT, "without memory the question is not asked");
	is_number(asked_for, UINT64_C(256) << 20, "for 256 MiB of it");
	is_text(buf_text(&player->lacks), "There is no memory.", "what is missing is said");
	ok(player_leaves_out(player) && !player_takes(player), "nothing is taken yet");
	player_take(player);
	is_number(player->stage, PLAYER_ASKS, "taken all the same, the question is asked");
	ok(!player_leaves_out(player) && !player->lacks.length, "and nothing is missing");
	player_choose(player, 0);
	player_next(player);
	is_number(player->stage, PLAYER_ACTS, "nobody is asked a second time");
	ok(player_takes(player), "the block takes it");
	run_block(player, 2);
	ok(player->stage == PLAYER_SHOWS && !player_takes(player), "that block alone");
	player_take(player);
	is_number(player->stage, PLAYER_SHOWS, "there is nothing to take now");
	player_next(player);
}

static void
test_memory_left(struct player *player)
{
	is_number(player->stage, PLAYER_SHORT, "the next block asks for itself, needs= or not");
	is_number(asked_for, UINT64_C(6) << 20, "for the greatest, which costs twice");
	player_next(player);
	is_number(asked_for, UINT64_C(7) << 20, "left out; a loop weighs too");
	player_take(player);
	ok(player->stage == PLAYER_ACTS && player_takes(player),
	    "a block without a question is played at once");
	run_block(player, 1);
	is_number(player->stage, PLAYER_LACKS, "where something else lacks, nobody is asked");
	is_text(buf_text(&player->lacks), "There is no disk. There is no memory.",
	    "all that is missing is said");
	player_take(player);
	is_number(player->stage, PLAYER_LACKS, "and it cannot be taken");
	player_next(player);
	ok(player->stage == PLAYER_SHORT && asked_for == 0,
	    "how much a block needs that weighs nothing is not known");
	player_next(player);
	is_number(player->stage, PLAYER_ACTS, "what needs none is played");
}

static void
test_memory(void)
{
	struct lesson lesson;
	struct lesson_faults faults;
	struct player player;

	lesson_parse(&lesson, heavy, sizeof(heavy) - 1, &faults);
	is_number(faults.count, 0, "the lesson is right");
	has_bytes = 0;
	player_begin(&player, &lesson, has_some);
	test_memory_taken(&player);
	test_memory_left(&player);
	player_free(&player);
	has_bytes = UINT64_C(1) << 30;
	player_begin(&player, &lesson, has_some);
	is_number(player.stage, PLAYER_ASKS, "where there is memory, the question is asked");
	has_bytes = 0;
	player_choose(&player, 0);
	player_next(&player);
	ok(player.stage == PLAYER_SHORT && player.question,
	    "memory that went meanwhile is asked for before the block");
	player_take(&player);
	run_block(&player, 2);
	ok(player.stage == PLAYER_SHOWS && player_is_right(&player),
	    "and what was answered counts");
	player_free(&player);
	lesson_free(&lesson);
	lesson_faults_free(&faults);
}

static void
test_needs(void)
{
	size_t i = 0;

	for (; lesson_needs[i] && able_words[i]; i++)
		is_text(lesson_needs[i], able_words[i],
		    "what a lesson may need can be asked of a machine");
	ok(!lesson_needs[i] && !able_words[i], "and nothing else");
}

int
main(void)
{
	struct lesson lesson;
	struct lesson_faults faults;
	struct player player;
	struct buf out = BUF_INIT;

	lesson_parse(&lesson, text, sizeof(text) - 1, &faults);
	player_begin(&player, &lesson, lacks_two);
	test_choice(&player);
	test_pages(&player);
	test_rest(&player);
	test_needs();
	test_marks();
	test_memory();
	player_text(&out, &lesson.parts[1]);
	is_text(buf_text(&out), "What?", "a part's text");
	buf_free(&out);
	player_free(&player);
	lesson_free(&lesson);
	lesson_faults_free(&faults);
	return done_testing();
}
