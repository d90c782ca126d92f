/*
 * A program and its processes, judged by the checks one after the other while it runs.
 *
 * Samples are taken from before it begins, so that each process is known from its fork on; fault
 * events too where they may be had, for what nobody saw in a sample.
 */
#include "config.h"
#include "app/grade/grade_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/family/blaming.h"
#include "app/grade/grade_script.h"
#include "app/grade/ward.h"
#include "attach/attach.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/family_fact.h"

#define LOOK_US 20000 /* between samples */
#define BRISK_US 2000 /* while the program is young: most is forked then */
#define BRISK_MS 500
#define AWAIT_LOOK_MS 10000 /* after that an await is false, and an expect looks anyhow */
#define REST_MS 200         /* nobody ran for so long: the program rests */

#define FOUND_NO_LIMIT UINT64_MAX

/* What was seen of a process, or of all: bytes. [least, most]: it is in between; FOUND_NO_LIMIT:
 * nobody knows how much more. */
struct found_bytes {
	uint64_t least, most;
};

struct found_member {
	char name[MEMBER_NAME_MAX];
	bool read; /* it was in a sample while it lived */
	struct found_bytes facts[FAMILY_FACT_COUNT];
};

struct program_check {
	struct family_check check;
	char *source;
	int line;
};

struct program_grading {
	const struct options *options;
	struct program_check *checks;
	size_t count;
	struct ward ward;
	struct attach *attach;
	struct inquest *inquest; /* NULL: events are refused */
	struct found_member *members;
	size_t member_count;
	struct found_bytes whole[FAMILY_FACT_COUNT];
	uint64_t ran; /* what its processes ran, as of the last look */
	int64_t rests_since_ms, deadline_ms, brisk_until_ms;
	bool unseen; /* some came and went between samples */
	bool seen;   /* a process of it was read since it began */
};

/* What is known. */

static struct found_member *
found_of(struct program_grading *grading, const char *name)
{
	struct found_member *member;

	for (size_t i = 0; i < grading->member_count; i++)
		if (strcmp(grading->members[i].name, name) == 0)
			return &grading->members[i];
	grading->members =
	    mem_resize(grading->members, grading->member_count + 1, sizeof(*grading->members));
	member = &grading->members[grading->member_count++];
	*member = (struct found_member){0};
	snprintf(member->name, sizeof(member->name), "%s", name);
	return member;
}

static struct found_bytes
found_exactly(uint64_t bytes)
{
	return (struct found_bytes){bytes, bytes};
}

/* It only grows. */
static void
found_raise(struct found_bytes *found, uint64_t least, uint64_t most)
{
	if (least > found->least)
		found->least = least;
	if (most > found->most)
		found->most = most;
	if (found->least > found->most)
		found->most = found->least;
}

static uint64_t
program_bytes(const struct family *family, const struct tally *tally, enum page_state state)
{
	return (uint64_t)tally->counts[state] * family->page_size;
}

static void
found_in_tally(struct found_bytes *facts, const struct family *family, const struct tally *tally)
{
	uint64_t unknown = program_bytes(family, tally, PAGE_UNKNOWN);
	uint64_t shared = program_bytes(family, tally, PAGE_SHARED);
	uint64_t alone = program_bytes(family, tally, PAGE_PRIVATE);

	facts[FAMILY_FACT_SHARED] = (struct found_bytes){shared, shared + unknown};
	facts[FAMILY_FACT_PRIVATE] = (struct found_bytes){alone, alone + unknown};
}

static bool
program_lives(const struct member *member)
{
	return (member->life == MEMBER_RUNNING || member->life == MEMBER_STOPPED) && !member->lost;
}

static void
found_in_member(
    struct program_grading *grading, const struct family *family, const struct member *member)
{
	struct found_member *found = found_of(grading, member->name);
	struct found_bytes *facts = found->facts;
	uint64_t copied = program_bytes(family, &member->tally, PAGE_COPIED);
	uint64_t perhaps = program_bytes(family, &member->tally, PAGE_PARTED) +
	    program_bytes(family, &member->tally, PAGE_UNKNOWN);

	found->read = true;
	found_in_tally(facts, family, &member->tally);
	found_raise(&facts[FAMILY_FACT_COPIED], copied, copied + perhaps);
	facts[FAMILY_FACT_RSS] = found_exactly(member_rss_kib(family, member) * 1024);
}

/* What events told of copies, of processes that no sample saw too. */
static void
found_in_blame(struct program_grading *grading, const struct blame *blame)
{
	uint64_t unseen = blame->unseen_pages == COUNT_UNKNOWN ? 0 : blame->unseen_pages;

	found_raise(
	    &grading->whole[FAMILY_FACT_COPIED], (blame->copies + unseen) * blame->page_size, 0);
	for (size_t i = 0; i < grading->member_count; i++) {
		uint64_t pages = 0;

		for (size_t at = 0; at < blame->writer_count; at++)
			if (strcmp(blame->writers[at].process, grading->members[i].name) == 0)
				pages += blame->writers[at].pages;
		found_raise(
		    &grading->members[i].facts[FAMILY_FACT_COPIED], pages * blame->page_size, 0);
	}
}

/* Without PFNs frames are at least what one process has, at most what all have. */
static void
found_frames(struct program_grading *grading, const struct family *family, uint64_t largest)
{
	struct found_bytes *whole = grading->whole;

	whole[FAMILY_FACT_RSS] = found_exactly(family->sum_rss_kib * 1024);
	if (family->frames_kib != COUNT_UNKNOWN)
		whole[FAMILY_FACT_FRAMES] = found_exactly(family->frames_kib * 1024);
	else
		whole[FAMILY_FACT_FRAMES] =
		    (struct found_bytes){largest, family->sum_rss_kib * 1024};
}

/* What it copied after its last sample nobody saw. */
static void
found_end(struct program_grading *grading, const struct member *member)
{
	if (member->life != MEMBER_GONE && member->life != MEMBER_ZOMBIE)
		return;
	found_of(grading, member->name)->facts[FAMILY_FACT_COPIED].most = FOUND_NO_LIMIT;
	grading->whole[FAMILY_FACT_COPIED].most = FOUND_NO_LIMIT;
}

static void
found_in_family(struct program_grading *grading, const struct family *family)
{
	struct found_bytes *whole = grading->whole;
	uint64_t living = 0, largest = 0, copied = 0;

	for (size_t i = 0; i < family->member_count; i++) {
		const struct member *member = &family->members[i];

		found_end(grading, member);
		if (!program_lives(member))
			continue;
		living++;
		found_in_member(grading, family, member);
		if (member_rss_kib(family, member) * 1024 > largest)
			largest = member_rss_kib(family, member) * 1024;
	}
	found_raise(&whole[FAMILY_FACT_PROCESSES], living, living);
	if (living) {
		grading->seen = true;
		found_in_tally(whole, family, &family->tally);
		found_frames(grading, family, largest);
	}
	if (family->copied_kib != COUNT_UNKNOWN)
		found_raise(&whole[FAMILY_FACT_COPIED], family->copied_kib * 1024, 0);
	for (size_t i = 0; i < grading->member_count; i++)
		copied += grading->members[i].facts[FAMILY_FACT_COPIED].least;
	found_raise(&whole[FAMILY_FACT_COPIED], copied, 0);
	if (family->blame)
		found_in_blame(grading, family->blame);
	grading->unseen = family->unseen_least > 0;
	if (grading->unseen && (!family->blame || family->blame->unseen_pages == COUNT_UNKNOWN))
		whole[FAMILY_FACT_COPIED].most = FOUND_NO_LIMIT;
}

/* Looking. */

/* What the processes ran so far; a change of it, or of their number, is unrest. */
static uint64_t
program_ran(const struct family *family, bool *running)
{
	uint64_t sum = family->member_count;

	*running = false;
	for (size_t i = 0; i < family->member_count; i++) {
		unsigned long long user = 0, system = 0;
		char path[64], state = 'S', text[512];
		FILE *file;

		if (!program_lives(&family->members[i]))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/stat", (int)family->members[i].pid);
		file = fopen(path, "re");
		if (file && fgets(text, sizeof(text), file) && strrchr(text, ')') &&
		    sscanf(strrchr(text, ')'),
			") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &state, &user,
			&system) != 3)
			user = system = 0;
		if (file)
			fclose(file);
		*running = *running || state == 'R' || state == 'D';
		sum = sum * 31 + user + system;
	}
	return sum;
}

static void
program_look(struct program_grading *grading)
{
	const struct family *family;
	bool running;
	uint64_t ran;

	ward_reap(&grading->ward);
	attach_sample(grading->attach);
	family = attach_now(grading->attach);
	blaming_settle(grading->inquest, family);
	found_in_family(grading, family);
	ran = program_ran(family, &running);
	if (running || ran != grading->ran)
		grading->rests_since_ms = clock_ms();
	grading->ran = ran;
}

static bool
program_rests(const struct program_grading *grading)
{
	return attach_ended(grading->attach) || clock_ms() - grading->rests_since_ms >= REST_MS;
}

/* Judging. */

static enum tri
judge_bytes(const struct found_bytes *found, const struct family_fact *fact)
{
	bool least = found->least >= fact->number, most = found->most <= fact->number;

	if (fact->compare == COMPARE_AT_LEAST)
		return least ? TRI_YES : found->most < fact->number ? TRI_NO : TRI_UNKNOWN;
	if (fact->compare == COMPARE_AT_MOST)
		return most ? TRI_YES : found->least > fact->number ? TRI_NO : TRI_UNKNOWN;
	if (found->least > fact->number || found->most < fact->number)
		return TRI_NO;
	return least && most ? TRI_YES : TRI_UNKNOWN;
}

static void
judge_size(struct buf *out, uint64_t bytes)
{
	if (bytes % 1024)
		buf_addf(out, "%llu", (unsigned long long)bytes);
	else
		buf_addf(out, "%lluK", (unsigned long long)bytes / 1024);
}

static void
judge_tell(struct buf *out, const struct family_fact *fact, const struct found_bytes *found)
{
	buf_addf(out, "%s%s=", out->length ? ", " : "", family_fact_name(fact->type));
	if (!family_fact_is_size(fact->type)) {
		buf_addf(out, "%llu", (unsigned long long)found->least);
		return;
	}
	judge_size(out, found->least);
	if (found->most == found->least)
		return;
	buf_add(out, "..");
	if (found->most != FOUND_NO_LIMIT)
		judge_size(out, found->most);
}

/* false: there is no such process. What no sample has can be anything from what events told on. */
static bool
judge_find(const struct program_grading *grading, const char *target, enum family_fact_type type,
    struct found_bytes *found)
{
	if (!*target) {
		*found = grading->whole[type];
		if (!grading->seen && type != FAMILY_FACT_PROCESSES)
			found->most = FOUND_NO_LIMIT;
		return true;
	}
	for (size_t i = 0; i < grading->member_count; i++) {
		if (strcmp(grading->members[i].name, target) != 0)
			continue;
		*found = grading->members[i].facts[type];
		if (!grading->members[i].read)
			found->most = FOUND_NO_LIMIT;
		return true;
	}
	return false;
}

static enum tri
judge_status(const struct program_grading *grading, const char *target,
    const struct family_fact *fact, struct buf *out)
{
	struct found_bytes is = found_exactly((uint64_t)grading->ward.status);

	if (strcmp(target, "a") != 0) {
		buf_add(out, _("only the status of a is known"));
		return TRI_NO;
	}
	if (!grading->ward.ended) {
		buf_add(out, _("it has not ended"));
		return TRI_NO;
	}
	judge_tell(out, fact, &is);
	return judge_bytes(&is, fact);
}

static enum tri
judge_fact(const struct program_grading *grading, const char *target,
    const struct family_fact *fact, struct buf *out)
{
	struct found_bytes found;

	if (fact->type == FAMILY_FACT_STATUS)
		return judge_status(grading, target, fact, out);
	if (!judge_find(grading, target, fact->type, &found)) {
		buf_addf(out, _("no process %s was seen"), target);
		return grading->unseen ? TRI_UNKNOWN : TRI_NO;
	}
	judge_tell(out, fact, &found);
	return judge_bytes(&found, fact);
}

static enum tri
judge(const struct program_grading *grading, const struct family_check *check, struct buf *out)
{
	enum tri all = TRI_YES;

	for (size_t i = 0; i < check->fact_count && all != TRI_NO; i++) {
		enum tri one = judge_fact(grading, check->target, &check->facts[i], out);

		if (one != TRI_YES)
			all = one;
	}
	return all;
}

/* An await looks until it holds, an expect until the program rests. false: the time is over. */
static bool
program_await(struct program_grading *grading, const struct family_check *check)
{
	int64_t until = clock_ms() + AWAIT_LOOK_MS;

	grading->rests_since_ms = clock_ms();
	while (clock_ms() < grading->deadline_ms) {
		struct buf found = BUF_INIT;
		enum tri holds;
		bool ended;

		ward_reap(&grading->ward);
		ended = attach_ended(grading->attach);
		program_look(grading);
		holds = judge(grading, check, &found);
		buf_free(&found);
		if (ended || clock_ms() >= until ||
		    (check->awaits ? holds == TRI_YES : program_rests(grading)))
			return true;
		usleep(clock_ms() < grading->brisk_until_ms ? BRISK_US : LOOK_US);
	}
	return false;
}

static void
program_row(struct grade *grade, const struct program_grading *grading, size_t index,
    enum tri holds, const char *found)
{
	grade_add(grade,
	    &(struct grade_row){
		.file = grading->options->grade,
		.line = grading->checks[index].line,
		.what = grading->checks[index].source,
		.holds = holds,
		.found = found,
	    });
}

static void
program_judge(struct grade *grade, struct program_grading *grading)
{
	bool over = false;

	for (size_t i = 0; i < grading->count; i++) {
		const struct family_check *check = &grading->checks[i].check;
		struct buf found = BUF_INIT;
		enum tri holds = TRI_NO;

		over = over || !program_await(grading, check);
		if (over)
			buf_add(&found, _("it was not reached before the time was over"));
		else
			holds = judge(grading, check, &found);
		program_row(grade, grading, i, holds, buf_text(&found));
		buf_free(&found);
	}
}

/* Running. */

static int
program_watch(struct program_grading *grading, struct err *err)
{
	struct attach_options wanted = {.duty = 1};
	struct err refused;
	char who[16];

	snprintf(who, sizeof(who), "%d", (int)grading->ward.pid);
	wanted.who = who;
	grading->attach = attach_open(&wanted, err);
	if (!grading->attach)
		return -1;
	attach_sample(grading->attach);
	grading->inquest = blaming_begin(attach_now(grading->attach), grading->options, &refused);
	attach_sample(grading->attach);
	blaming_settle(grading->inquest, attach_now(grading->attach));
	return 0;
}

static int
program_grade(struct grade *grade, struct program_grading *grading, struct err *err)
{
	int seconds = grade_time_limit(grading->options), result;
	char *const *argv = grading->options->program;

	result = ward_start(&grading->ward, argv, seconds, err);
	if (result == 0)
		result = program_watch(grading, err);
	grading->deadline_ms = clock_ms() + 1000 * (int64_t)seconds;
	grading->brisk_until_ms = clock_ms() + BRISK_MS;
	if (result == 0)
		result = ward_begin(&grading->ward, argv[0], err);
	if (result == 0)
		program_judge(grade, grading);
	ward_end(&grading->ward);
	inquest_close(grading->inquest);
	attach_close(grading->attach);
	if (result == 0 && !grading->seen && !grading->ward.ended)
		return err_set(err, ERR_MACHINE, _("no process of %s could be read"), argv[0]);
	return result;
}

/* The check. */

static int
program_take_checks(struct program_grading *grading, struct grade_script *script, struct err *err)
{
	struct program_check next;
	struct err why;
	bool whole;
	char *line;
	int found;

	while ((line = grade_script_line(script, &whole))) {
		found = family_check_parse(&next.check, line, &why);
		if (found < 0)
			return grade_script_fault(script, script->line, why.text, err);
		if (found == 0)
			continue;
		next.line = script->line;
		next.source = mem_string_n(line, strcspn(line, "#"));
		for (size_t end = strlen(next.source); end && next.source[end - 1] == ' '; end--)
			next.source[end - 1] = '\0';
		grading->checks =
		    mem_resize(grading->checks, grading->count + 1, sizeof(*grading->checks));
		grading->checks[grading->count++] = next;
	}
	if (grading->count)
		return 0;
	return err_set(
	    err, ERR_USAGE, _("%s has no expect: there is nothing to be checked"), script->path);
}

static void
program_free(struct program_grading *grading)
{
	for (size_t i = 0; i < grading->count; i++)
		free(grading->checks[i].source);
	free(grading->checks);
	free(grading->members);
}

int
grade_program(struct grade *grade, const struct options *options, struct err *err)
{
	struct program_grading grading = {.options = options};
	struct grade_script script;
	int result;

	if (grade_script_open(&script, options->grade, err) < 0)
		return -1;
	result = program_take_checks(&grading, &script, err);
	grade_script_close(&script);
	if (result == 0)
		result = program_grade(grade, &grading, err);
	program_free(&grading);
	return result;
}
