#include "config.h"
#include "blame/join/inquest.h"

#include <errno.h>
#include <pthread.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "blame/event/fault_events.h"
#include "blame/join/blame_sums.h"
#include "blame/join/fault_explain.h"
#include "blame/join/settling.h"

#define WAIT_MS 50                      /* between two checks, if nothing is urgent */
#define AT_ONCE 32                      /* faults explained before the rings are checked again */
#define QUEUE_MOST 1048576              /* faults waiting to be explained */
#define STACKS_BYTES ((size_t)64 << 20) /* of their stacks */

/* A fault waiting to be explained. */
struct fault_question {
	struct fault fault; /* owns its registers and stack, in one piece; NULL: none */
	bool beside;
	struct fault_question *next;
};

struct inquest {
	struct fault_events *events;
	pthread_mutex_t lock; /* of all below */
	pthread_t thread;
	bool running, over;
	atomic_bool wanted; /* a thread waits for the lock: the inquest's own releases it first */
	struct names_pool names;
	struct kindred kindred;
	struct fault_table table;
	struct blame_sums sums;
	struct explain *explain;
	struct fault_question *first, **last; /* they wait */
	size_t waiting, waiting_bytes;
	uint64_t faults, lost, left_out;
	uint64_t page_bytes;
	uint64_t real_ahead_ns;      /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
	const struct family *before; /* held; NULL: no sample yet */
	uint64_t since_ns, sample_ns;
	struct partings_told partings; /* of the last sample */
	unsigned stack_every;
};

static uint64_t
fault_page(const struct inquest *inquest, uint64_t address)
{
	return address & ~(inquest->page_bytes - 1);
}

/* Allocated with room at its end for what it borrowed. */
static struct fault_question *
question_of(const struct fault *fault, bool beside, size_t *bytes)
{
	size_t registers = fault->registers
	    ? (size_t)__builtin_popcountll(fault->register_mask) * sizeof(uint64_t)
	    : 0;
	struct fault_question *question;
	uint8_t *room;

	*bytes = sizeof(*question) + registers + fault->stack_bytes;
	question = mem_zero(1, *bytes);
	question->fault = *fault;
	question->beside = beside;
	room = (uint8_t *)(question + 1);
	question->fault.registers = NULL;
	question->fault.stack = NULL;
	if (registers)
		question->fault.registers = memcpy(room, fault->registers, registers);
	if (fault->stack_bytes)
		question->fault.stack = memcpy(room + registers, fault->stack, fault->stack_bytes);
	return question;
}

static size_t
question_bytes(const struct fault_question *question)
{
	return sizeof(*question) +
	    (question->fault.registers
		    ? (size_t)__builtin_popcountll(question->fault.register_mask) * sizeof(uint64_t)
		    : 0) +
	    question->fault.stack_bytes;
}

static void
ask_about(struct inquest *inquest, const struct fault *fault, bool beside)
{
	struct fault_question *question;
	size_t bytes;

	if (inquest->waiting == QUEUE_MOST ||
	    (fault->stack_bytes && inquest->waiting_bytes > STACKS_BYTES)) {
		inquest->left_out += !beside;
		return;
	}
	question = question_of(fault, beside, &bytes);
	*inquest->last = question;
	inquest->last = &question->next;
	inquest->waiting++;
	inquest->waiting_bytes += bytes;
}

static void
take_fault(struct inquest *inquest, const struct perf_record *record)
{
	const struct fault *fault = &record->fault;

	if (!record->beside) {
		inquest->faults++;
		fault_table_add(&inquest->table, fault, fault_page(inquest, fault->address));
	}
	ask_about(inquest, fault, record->beside);
}

static void
take_exec(struct inquest *inquest, const struct perf_record *record)
{
	struct kindred_one *one = kindred_enter(&inquest->kindred, record->pid);

	if (one)
		one->exec_ns = record->time_ns;
	explain_forget(inquest->explain, record->pid);
}

static void
take_record(struct inquest *inquest, const struct perf_record *record)
{
	switch (record->type) {
	case RECORD_FAULT:
		take_fault(inquest, record);
		break;
	case RECORD_FORK:
		if (record->pid != record->parent)
			kindred_forked(
			    &inquest->kindred, record->pid, record->parent, record->time_ns);
		break;
	case RECORD_EXIT:
		if (record->pid != record->tid)
			break;
		kindred_ended(&inquest->kindred, record->pid);
		explain_forget(inquest->explain, record->pid);
		break;
	case RECORD_EXEC:
		take_exec(inquest, record);
		break;
	case RECORD_LOST:
		inquest->lost += record->beside ? 0 : record->lost;
		break;
	case RECORD_OTHER:
		break;
	}
}

/* Takes everything in the rings. */
static void
drain(struct inquest *inquest)
{
	struct perf_record record;

	fault_events_look(inquest->events);
	while (fault_events_next(inquest->events, &record))
		take_record(inquest, &record);
}

static void
answer_question(struct inquest *inquest, const struct fault_question *question)
{
	const struct fault *fault = &question->fault;
	struct fault_slot *slot = fault_table_slot(&inquest->table, fault->pid,
	    fault_page(inquest, fault->address), fault->address, fault->ip);

	if (!slot || fault->time_ns < kindred_program_since(&inquest->kindred, fault->pid))
		return;
	if (!question->beside && !slot->finding.found)
		explain_fault(inquest->explain, fault, &slot->finding);
	if (fault->registers && !slot->finding.has_stack)
		explain_stack(inquest->explain, fault, &slot->finding);
}

/* Some of those that wait, the earliest first. */
static void
answer_some(struct inquest *inquest, size_t most)
{
	explain_again(inquest->explain);
	for (; inquest->first && most; most--) {
		struct fault_question *question = inquest->first;

		inquest->first = question->next;
		if (!inquest->first)
			inquest->last = &inquest->first;
		inquest->waiting--;
		inquest->waiting_bytes -= question_bytes(question);
		answer_question(inquest, question);
		free(question);
	}
}

static void
lock_first(struct inquest *inquest)
{
	atomic_store(&inquest->wanted, true);
	pthread_mutex_lock(&inquest->lock);
	atomic_store(&inquest->wanted, false);
}

/* Everything that waits by now. Meanwhile the rings are emptied, or records would be lost. */
static void
answer_all(struct inquest *inquest)
{
	size_t left;

	drain(inquest);
	for (left = inquest->waiting; left; left -= left < AT_ONCE ? left : AT_ONCE) {
		answer_some(inquest, left < AT_ONCE ? left : AT_ONCE);
		drain(inquest);
	}
}

static void *
inquest_run(void *data)
{
	struct inquest *inquest = data;
	bool over = false, idle = true;

	while (!over) {
		if (idle)
			fault_events_wait(inquest->events, WAIT_MS);
		while (atomic_load(&inquest->wanted))
			poll(NULL, 0, 1);
		pthread_mutex_lock(&inquest->lock);
		drain(inquest);
		answer_some(inquest, AT_ONCE);
		idle = !inquest->first;
		over = inquest->over;
		pthread_mutex_unlock(&inquest->lock);
	}
	return NULL;
}

static bool
inquest_follow(struct inquest *inquest, pid_t pid, struct err *err)
{
	struct kindred_one *one = kindred_enter(&inquest->kindred, pid);

	if (one)
		one->seen = true;
	return fault_events_follow(inquest->events, pid, err) == 0;
}

struct inquest *
inquest_open(const pid_t *pids, size_t count, unsigned stack_every, struct err *err)
{
	struct inquest *inquest = mem_zero(1, sizeof(*inquest));
	bool good = true;

	pthread_mutex_init(&inquest->lock, NULL);
	inquest->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	inquest->stack_every = stack_every;
	inquest->last = &inquest->first;
	inquest->kindred.all.each = sizeof(struct kindred_one);
	inquest->real_ahead_ns = clock_real_ns() - clock_steady_ns();
	names_pool_init(&inquest->names);
	blame_sums_init(&inquest->sums, &inquest->names);
	inquest->explain = explain_new(&inquest->names, &inquest->kindred);
	inquest->events = fault_events_open(stack_every);
	for (size_t i = 0; good && i < count; i++)
		good = inquest_follow(inquest, pids[i], err);
	inquest->running = good && thread_start(&inquest->thread, inquest_run, inquest);
	if (good && !inquest->running)
		good = err_sys(err, ERR_MACHINE, EAGAIN, "pthread_create") == 0;
	if (good)
		return inquest;
	inquest_close(inquest);
	return NULL;
}

void
inquest_close(struct inquest *inquest)
{
	if (!inquest)
		return;
	if (inquest->running) {
		lock_first(inquest);
		inquest->over = true;
		pthread_mutex_unlock(&inquest->lock);
		pthread_join(inquest->thread, NULL);
	}
	while (inquest->first) {
		struct fault_question *question = inquest->first;

		inquest->first = question->next;
		free(question);
	}
	fault_events_close(inquest->events);
	explain_free(inquest->explain);
	fault_table_release(&inquest->table);
	free(inquest->kindred.all.list);
	blame_sums_release(&inquest->sums);
	names_pool_release(&inquest->names);
	family_free(inquest->before);
	free(inquest->partings.list);
	pthread_mutex_destroy(&inquest->lock);
	free(inquest);
}

void
inquest_take(struct inquest *inquest, const struct perf_record *records, size_t count)
{
	lock_first(inquest);
	for (size_t i = 0; i < count; i++)
		take_record(inquest, &records[i]);
	pthread_mutex_unlock(&inquest->lock);
}

/* A process forked before its parent's forks were reported. */
static void
assume_parent(struct inquest *inquest, const struct family *family, const struct member *member)
{
	struct kindred_one *one = by_pid_find(&inquest->kindred.all, member->pid);

	if (!one || one->parent || one->exec_ns || member->parent == MEMBER_NONE)
		return;
	one->parent = family->members[member->parent].pid;
	one->assumed = true;
}

/* Those in the sample, including new ones that no event reported. */
static void
inquest_see(struct inquest *inquest, const struct family *family)
{
	struct err err;

	for (size_t i = 0; i < family->member_count; i++) {
		const struct member *member = &family->members[i];
		struct kindred_one *one;

		assume_parent(inquest, family, member);
		if (member->life == MEMBER_RUNNING || member->life == MEMBER_STOPPED)
			inquest_follow(inquest, member->pid, &err);
		else if ((one = by_pid_find(&inquest->kindred.all, member->pid)))
			one->seen = true;
	}
}

static uint64_t
unseen_page(const struct inquest *inquest, const struct fault_entry *entry)
{
	const struct kindred_one *one = by_pid_find(&inquest->kindred.all, entry->pid);

	return one && one->ended && !one->seen &&
	    (entry->last.kind == FAULT_WRITE || entry->before.kind == FAULT_WRITE);
}

/* Later than the sample began: it may not have seen the page yet. */
static bool
keep_later(void *with, struct fault_entry *entry)
{
	struct inquest *inquest = with;
	const struct kindred_one *one = by_pid_find(&inquest->kindred.all, entry->pid);

	inquest->sums.unseen_pages += unseen_page(inquest, entry);
	if (!one || one->ended)
		return false;
	return entry->last.time_ns >= inquest->sample_ns;
}

static const struct blame *
inquest_tell(const struct inquest *inquest)
{
	struct fault_events_facts facts = fault_events_facts(inquest->events);
	struct blame *blame = blame_new();

	blame->page_size = inquest->before->page_size;
	blame->since_ns = inquest->since_ns;
	blame->faults = inquest->faults;
	blame->lost = inquest->lost;
	blame->left_out = inquest->left_out + inquest->table.left_out;
	blame->kernel_writes = facts.kernel_writes;
	blame->stack_every = inquest->stack_every;
	blame->unseen = inquest->kindred.missed ? COUNT_UNKNOWN : inquest->kindred.unseen;
	blame->unseen_pages = facts.error_codes ? inquest->sums.unseen_pages : COUNT_UNKNOWN;
	blame_sums_tell(&inquest->sums, blame);
	blame_finish(blame);
	return blame;
}

const struct blame *
inquest_settle(struct inquest *inquest, const struct family *family)
{
	struct settling settling = {
	    .before = inquest->before,
	    .after = family,
	    .kindred = &inquest->kindred,
	    .table = &inquest->table,
	    .page_bytes = inquest->page_bytes,
	    .real_ahead_ns = inquest->real_ahead_ns,
	    .sums = &inquest->sums,
	    .partings = &inquest->partings,
	};
	const struct blame *blame;

	lock_first(inquest);
	answer_all(inquest);
	inquest_see(inquest, family);
	inquest->partings.count = 0;
	if (inquest->before)
		settling_find(&settling);
	else
		inquest->since_ns = family->time_ns;
	inquest->sample_ns = settling_steady(&settling, family->time_ns);
	fault_table_sift(&inquest->table, keep_later, inquest);
	kindred_settle(&inquest->kindred);
	family_free(inquest->before);
	inquest->before = family_hold(family);
	blame = inquest_tell(inquest);
	pthread_mutex_unlock(&inquest->lock);
	return blame;
}

const struct partings_told *
inquest_partings(const struct inquest *inquest)
{
	return &inquest->partings;
}
