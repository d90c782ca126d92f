/*
 * The start of a sample: which processes belong to the family, what each of them maps, and whose
 * child each is.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define GONE_SHOWN_NS UINT64_C(30000000000)

static void
drop_gone(struct attach *attach, uint64_t now_ns)
{
	size_t kept = 0, alive = 0;

	for (size_t i = 0; i < attach->subject_count; i++)
		alive += attach->subjects[i].held.life != MEMBER_GONE;
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject = &attach->subjects[i];

		if (alive && subject->held.life == MEMBER_GONE &&
		    now_ns - subject->held.left_ns > GONE_SHOWN_NS) {
			held_close(&subject->held);
			free(subject->twice);
		} else {
			attach->subjects[kept++] = *subject;
		}
	}
	attach->subject_count = kept;
}

struct attach_subject *
subject_of_pid(struct attach *attach, pid_t pid)
{
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].held.pid == pid &&
		    attach->subjects[i].held.life != MEMBER_GONE)
			return &attach->subjects[i];
	return NULL;
}

static bool
add_subject(struct attach *attach, pid_t pid)
{
	struct attach_subject *subject;

	attach->subjects =
	    mem_resize(attach->subjects, attach->subject_count + 1, sizeof(*attach->subjects));
	subject = &attach->subjects[attach->subject_count];
	memset(subject, 0, sizeof(*subject));
	if (!held_open(&subject->held, pid)) {
		held_close(&subject->held);
		return false;
	}
	member_name(subject->held.name, attach->names++);
	attach->subject_count++;
	if (subject->held.dir >= 0 && subject->held.stat.state != 'Z')
		unseen_follow(attach->unseen, pid);
	forks_ask(attach, subject);
	return true;
}

/* A child that was listed belongs to the family where descendants do. */
static void
take_child(struct attach *attach, size_t parent, pid_t pid)
{
	const struct held *held;

	if (subject_of_pid(attach, pid))
		return;
	if (pid == getpid() || !attach->who.descendants) {
		forks_see_stranger(attach, &attach->subjects[parent], pid);
		return;
	}
	if (!add_subject(attach, pid))
		return;
	held = &attach->subjects[attach->subject_count - 1].held;
	/* its parent could not be read */
	attach->unread |= held->dir >= 0 && !held->stat.ppid;
	if (held->dir >= 0 &&
	    !subject_of_pid(attach, held->stat.ppid)) { /* the PID was reused meanwhile */
		held_close(&attach->subjects[--attach->subject_count].held);
		attach->names--;
	}
}

static void
find_children(struct attach *attach)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct pids children = {0};
		bool all;

		if (attach->subjects[i].held.life == MEMBER_GONE)
			continue;
		all = who_children(attach->subjects[i].held.pid, &children);
		if ((children.count || !all) && !held_is_there(&attach->subjects[i].held)) {
			pids_free(&children); /* they may belong to whoever has its PID now */
			continue;
		}
		attach->subjects[i].forks.listed &= all;
		if (!all && attach->who.descendants)
			attach->unread = attach->unlisted = true;
		for (size_t k = 0; k < children.count; k++)
			take_child(attach, i, children.list[k]);
		pids_free(&children);
	}
}

static int
refresh_by_file(const void *one, const void *other)
{
	const struct vma *a = *(const struct vma *const *)one,
			 *b = *(const struct vma *const *)other;

	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void
add_twice(struct attach_subject *subject, const struct vma *vma, uint64_t offset, uint64_t end,
    uint64_t delta)
{
	subject->twice =
	    mem_resize(subject->twice, subject->twice_count + 1, sizeof(*subject->twice));
	subject->twice[subject->twice_count++] = (struct twice){
	    vma->start + (offset - vma->offset), vma->start + (end - vma->offset), delta};
}

void
subject_find_twice(struct attach_subject *subject)
{
	const struct maps *maps = &subject->held.maps;
	const struct vma **files = mem_zero(maps->count + 1, sizeof(struct vma *));
	size_t count = 0;

	subject->twice_count = 0;
	for (size_t i = 0; i < maps->count; i++)
		if (maps->list[i].inode)
			files[count++] = &maps->list[i];
	qsort(files, count, sizeof(struct vma *), refresh_by_file);
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count && files[k]->device == files[i]->device &&
		     files[k]->inode == files[i]->inode;
		     k++) {
			const struct vma *a = files[i], *b = files[k];
			uint64_t a_end = a->offset + (a->end - a->start),
				 b_end = b->offset + (b->end - b->start);
			uint64_t end = a_end < b_end ? a_end : b_end;

			if (b->offset >= a_end)
				break;
			add_twice(subject, a, b->offset, end,
			    b->start - a->start - (b->offset - a->offset));
			add_twice(subject, b, b->offset, end,
			    a->start - b->start + (b->offset - a->offset));
		}
	free(files);
}

static int
parent_of(const struct attach *attach, const struct attach_subject *child)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		const struct held *held = &attach->subjects[i].held;

		if (&attach->subjects[i] == child)
			continue;
		if (child->held.parent
			? strcmp(child->held.parent, held->name) == 0
			: held->life != MEMBER_GONE && held->pid == child->held.stat.ppid)
			return (int)i;
	}
	return MEMBER_NONE;
}

/* Children have the origin of their parent, which may come after them. */
static void
find_origins(struct attach *attach)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < attach->subject_count; i++) {
			struct held *held = &attach->subjects[i].held;
			int parent = held->origin || !held->lineage
			    ? MEMBER_NONE
			    : parent_of(attach, &attach->subjects[i]);

			if (parent == MEMBER_NONE)
				continue;
			held_descend(held, &attach->subjects[parent].held);
			more |= held->origin != 0;
		}
	}
}

/* Parents by fork: a process that exec'd since has no page of its parent. */
static int
origin_of(struct attach *attach, struct attach_subject *subject)
{
	int parent = parent_of(attach, subject);
	const struct held *held;

	if (parent == MEMBER_NONE)
		return MEMBER_NONE;
	held = &attach->subjects[parent].held;
	if (held->lineage && subject->held.lineage && held->lineage != subject->held.lineage)
		return MEMBER_NONE;
	if (!subject->held.parent)
		subject->held.parent = mem_string(held->name);
	return parent;
}

struct member *
subject_enter(const struct attach_subject *subject, struct family *family)
{
	const struct held *held = &subject->held;
	struct member *member = family_add_member(family, held->name, held->pid, held->stat.comm);

	member->ppid = held->stat.ppid;
	member->start_ticks = held->stat.start_ticks;
	member->uid = held->uid;
	member->life = held->life;
	member->errnum = held->errnum;
	member->left_ns = held->left_ns;
	member->pss_kib = held->pss_kib;
	member->pss_ns = held->pss_ns;
	member->tables_kib = held->tables_kib;
	member->memory_of = held->memory_of;
	member_set_command_line(member, held->command_line);
	return member;
}

static void
line_up(struct attach *attach)
{
	struct vmas *of_member = mem_zero(attach->subject_count + 1, sizeof(*of_member));

	for (size_t i = 0; i < attach->subject_count; i++) {
		const struct held *held = &attach->subjects[i].held;

		if (held->memory_of == MEMBER_NONE)
			of_member[i] =
			    (struct vmas){held->maps.list, held->maps.count, held->lineage};
	}
	lineup(attach->work, of_member);
	free(of_member);
}

/* The subject that was this process of the previous family, with the same memory. */
static int
same_memory_now(const struct attach *attach, const struct member *member)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		const struct attach_subject *subject = &attach->subjects[i];

		if (subject->held.pid == member->pid &&
		    subject->held.stat.start_ticks == member->start_ticks && !subject->fresh)
			return (int)i;
	}
	return MEMBER_NONE;
}

/* A process that shared the memory of one that left, and now keeps it. */
static int
heir_of(const struct attach *attach, size_t owner)
{
	const struct family *before = attach->now;

	for (size_t i = 0; i < before->member_count; i++) {
		int now = before->members[i].memory_of == (int)owner
		    ? same_memory_now(attach, &before->members[i])
		    : MEMBER_NONE;

		if (now != MEMBER_NONE && attach->subjects[now].held.memory_of == MEMBER_NONE)
			return now;
	}
	return MEMBER_NONE;
}

/* Maps the processes of the previous family to those of this one. */
static void
look_back(struct attach *attach)
{
	const struct family *before = attach->now;
	int *member_now = before ? mem_zero(before->member_count + 1, sizeof(*member_now)) : NULL;

	for (size_t i = 0; before && i < before->member_count; i++) {
		member_now[i] = same_memory_now(attach, &before->members[i]);
		if (member_now[i] == MEMBER_NONE)
			member_now[i] = heir_of(attach, i);
	}
	prior_build(&attach->prior, before, member_now, attach->rebase);
	free(member_now);
}

static bool
was_in(const struct family *family, const struct held *held)
{
	for (size_t i = 0; family && i < family->member_count; i++)
		if (family->members[i].pid == held->pid &&
		    family->members[i].start_ticks == held->stat.start_ticks)
			return true;
	return false;
}

static bool
refresh_has_ended(const struct held *held)
{
	return held->life == MEMBER_ZOMBIE || held->life == MEMBER_GONE;
}

static void
follow_subjects(struct attach *attach)
{
	for (size_t i = 0; i < attach->subject_count; i++)
		if (!refresh_has_ended(&attach->subjects[i].held))
			unseen_follow(attach->unseen, attach->subjects[i].held.pid);
}

void
refresh_settle(struct attach *attach)
{
	struct unseen_sighting *sightings = mem_zero(attach->subject_count + 1, sizeof(*sightings));
	struct family *work = attach->work;
	size_t count = 0;

	for (size_t i = 0; i < attach->subject_count; i++) {
		const struct held *held = &attach->subjects[i].held;

		if (held->life != MEMBER_GONE)
			sightings[count++] = (struct unseen_sighting){held->pid,
			    !refresh_has_ended(held) && !held->lost, refresh_has_ended(held)};
	}
	unseen_settle(attach->unseen, sightings, count);
	work->unseen =
	    unseen_count(attach->unseen, &work->unseen_least) ? work->unseen_least : COUNT_UNKNOWN;
	free(sightings);
}

/* Forked since watching began by a watched process: it began with everything its parent had. */
static bool
is_forked(const struct attach *attach, size_t i)
{
	int parent = attach->work->members[i].parent;

	if (!attach->now || !attach->subjects[i].fresh || attach->subjects[i].seen)
		return false;
	for (size_t steps = 0; parent != MEMBER_NONE && steps < attach->subject_count; steps++) {
		if (!attach->subjects[parent].fresh)
			return true;
		parent = attach->work->members[parent].parent;
	}
	return false;
}

/* Does the family consist of the same memories as in the sample before? */
static bool
is_settled(const struct attach *attach)
{
	if (!attach->unseen || !attach->who.descendants || !attach->now ||
	    attach->now->unseen == COUNT_UNKNOWN)
		return false;
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].held.lineage != attach->subjects[i].lineage)
			return false;
	return true;
}

void
refresh_all(struct attach *attach)
{
	uint64_t now_ns = clock_real_ns();

	drop_gone(attach, now_ns);
	if (attach->names == 0)
		for (size_t i = 0; i < attach->who.pids.count; i++)
			add_subject(attach, attach->who.pids.list[i]);
	for (size_t i = 0; i < attach->subject_count; i++)
		forks_ask(attach, &attach->subjects[i]);
	find_children(attach);
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject = &attach->subjects[i];

		held_refresh(&subject->held, now_ns);
	}
	find_origins(attach);
	attach->any_unread = false;
	for (size_t i = 0; i < attach->subject_count; i++)
		attach->any_unread |= held_is_unread(&attach->subjects[i].held);
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject = &attach->subjects[i];

		subject->fresh = subject->held.lineage != subject->lineage;
		if (subject->fresh && subject->lineage == 0 && attach->number == 1 &&
		    was_in(attach->now, &subject->held))
			subject->fresh = false; /* its first sample is the saved baseline */
		if (subject->fresh &&
		    subject->lineage) { /* exec: nothing of the parent's is left */
			free(subject->held.parent);
			subject->held.parent = NULL;
		}
		subject_find_twice(subject);
	}
	follow_subjects(attach);
	memories_settle(attach);
	for (size_t i = 0; i < attach->subject_count; i++)
		subject_enter(&attach->subjects[i], attach->work);
	forks_find(attach);
	for (size_t i = 0; i < attach->subject_count; i++)
		attach->work->members[i].parent = origin_of(attach, &attach->subjects[i]);
	for (size_t i = 0; i < attach->subject_count; i++)
		attach->subjects[i].forked = is_forked(attach, i);
	attach->settled = is_settled(attach);
	line_up(attach);
	look_back(attach);
}
