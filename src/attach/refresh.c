/*
 * The beginning of a sample: who belongs to the family now, what each of them maps, and who is whose child.
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

	for (size_t i = 0; i < attach->member_count; i++)
		alive += attach->members[i].held.life != KIN_GONE;
	for (size_t i = 0; i < attach->member_count; i++) {
		struct member *member = &attach->members[i];

		if (alive && member->held.life == KIN_GONE && now_ns - member->held.left_ns > GONE_SHOWN_NS) {
			held_close(&member->held);
			free(member->twice);
		} else {
			attach->members[kept++] = *member;
		}
	}
	attach->member_count = kept;
}

static struct member *
member_of(struct attach *attach, pid_t pid)
{
	for (size_t i = 0; i < attach->member_count; i++)
		if (attach->members[i].held.pid == pid && attach->members[i].held.life != KIN_GONE)
			return &attach->members[i];
	return NULL;
}

static bool
add_member(struct attach *attach, pid_t pid)
{
	struct member *member;

	attach->members = mem_resize(attach->members, attach->member_count + 1, sizeof(*attach->members));
	member = &attach->members[attach->member_count];
	memset(member, 0, sizeof(*member));
	if (!held_open(&member->held, pid)) {
		held_close(&member->held);
		return false;
	}
	kin_name(member->held.name, attach->names++);
	attach->member_count++;
	return true;
}

static void
find_children(struct attach *attach)
{
	for (size_t i = 0; attach->who.descendants && i < attach->member_count; i++) {
		struct pids children = {0};
		bool all;

		if (attach->members[i].held.life == KIN_GONE)
			continue;
		all = who_children(attach->members[i].held.pid, &children);
		if ((children.count || !all) && !held_is_there(&attach->members[i].held))
			children.count = 0; /* they may be of who has its number now */
		else if (!all)
			attach->unread = true;
		for (size_t k = 0; k < children.count; k++)
			if (children.list[k] != getpid() && !member_of(attach, children.list[k]) && add_member(attach, children.list[k])) {
				const struct member *child = &attach->members[attach->member_count - 1];

				attach->unread |= child->held.dir >= 0 && !child->held.stat.ppid; /* whose child it is could not be read */
				if (child->held.dir >= 0 && !member_of(attach, child->held.stat.ppid)) { /* the number was given away meanwhile */
					held_close(&attach->members[--attach->member_count].held);
					attach->names--;
				}
			}
		pids_free(&children);
	}
}

static int
by_file(const void *one, const void *other)
{
	const struct vma *a = *(const struct vma *const *)one, *b = *(const struct vma *const *)other;

	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void
add_twice(struct member *member, const struct vma *vma, uint64_t offset, uint64_t end, uint64_t delta)
{
	member->twice = mem_resize(member->twice, member->twice_count + 1, sizeof(*member->twice));
	member->twice[member->twice_count++] =
	    (struct twice){vma->start + (offset - vma->offset), vma->start + (end - vma->offset), delta};
}

void
member_find_twice(struct member *member)
{
	const struct maps *maps = &member->held.maps;
	const struct vma **files = mem_zero(maps->count + 1, sizeof(struct vma *));
	size_t count = 0;

	member->twice_count = 0;
	for (size_t i = 0; i < maps->count; i++)
		if (maps->list[i].inode)
			files[count++] = &maps->list[i];
	qsort(files, count, sizeof(*files), by_file);
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count && files[k]->device == files[i]->device && files[k]->inode == files[i]->inode; k++) {
			const struct vma *a = files[i], *b = files[k];
			uint64_t a_end = a->offset + (a->end - a->start), b_end = b->offset + (b->end - b->start);
			uint64_t end = a_end < b_end ? a_end : b_end;

			if (b->offset >= a_end)
				break;
			add_twice(member, a, b->offset, end, b->start - a->start - (b->offset - a->offset));
			add_twice(member, b, b->offset, end, a->start - b->start + (b->offset - a->offset));
		}
	free(files);
}

static int
parent_of(const struct attach *attach, const struct member *child)
{
	for (size_t i = 0; i < attach->member_count; i++) {
		const struct held *held = &attach->members[i].held;

		if (&attach->members[i] == child)
			continue;
		if (child->held.parent ? strcmp(child->held.parent, held->name) == 0
				       : held->life != KIN_GONE && held->pid == child->held.stat.ppid)
			return (int)i;
	}
	return KIN_NONE;
}

/* Parents by fork: what exec'd since has no page of its parent. */
static int
origin_of(struct attach *attach, struct member *member)
{
	int parent = parent_of(attach, member);
	const struct held *held;

	if (parent == KIN_NONE)
		return KIN_NONE;
	held = &attach->members[parent].held;
	if (held->lineage && member->held.lineage && held->lineage != member->held.lineage)
		return KIN_NONE;
	if (!member->held.parent)
		member->held.parent = mem_string(held->name);
	return parent;
}

static void
find_shared_memory(struct attach *attach, size_t i)
{
	struct held *held = &attach->members[i].held;

	if (!attach->members[i].fresh && held->memory_of == KIN_NONE)
		return;
	held->memory_of = KIN_NONE;
	for (size_t k = 0; k < i && held->lineage; k++) {
		const struct held *other = &attach->members[k].held;

		if (other->lineage != held->lineage || other->memory_of != KIN_NONE || !held_same_memory(held, other))
			continue;
		held->memory_of = (int)k;
		break;
	}
}

struct kin *
member_enter(const struct member *member, struct family *family)
{
	const struct held *held = &member->held;
	struct kin *kin = family_add_kin(family, held->name, held->pid, held->stat.comm);

	kin->ppid = held->stat.ppid;
	kin->start_ticks = held->stat.start_ticks;
	kin->uid = held->uid;
	kin->life = held->life;
	kin->errnum = held->errnum;
	kin->left_ns = held->left_ns;
	kin->pss_kib = held->pss_kib;
	kin->pss_ns = held->pss_ns;
	kin->memory_of = held->memory_of;
	kin_set_command_line(kin, held->command_line);
	return kin;
}

static void
line_up(struct attach *attach)
{
	struct vmas *of_kin = mem_zero(attach->member_count + 1, sizeof(*of_kin));

	for (size_t i = 0; i < attach->member_count; i++) {
		const struct held *held = &attach->members[i].held;

		if (held->memory_of == KIN_NONE)
			of_kin[i] = (struct vmas){held->maps.list, held->maps.count, held->lineage};
	}
	lineup(attach->work, of_kin);
	free(of_kin);
}

/* The member that a process of the family before is, with the memory that it had then. */
static int
same_memory_now(const struct attach *attach, const struct kin *kin)
{
	for (size_t i = 0; i < attach->member_count; i++) {
		const struct member *member = &attach->members[i];

		if (member->held.pid == kin->pid && member->held.stat.start_ticks == kin->start_ticks && !member->fresh)
			return (int)i;
	}
	return KIN_NONE;
}

/* Who shared the memory of one that left it, and has it now. */
static int
heir_of(const struct attach *attach, size_t owner)
{
	const struct family *before = attach->now;

	for (size_t i = 0; i < before->kin_count; i++) {
		int now = before->kin[i].memory_of == (int)owner ? same_memory_now(attach, &before->kin[i]) : KIN_NONE;

		if (now != KIN_NONE && attach->members[now].held.memory_of == KIN_NONE)
			return now;
	}
	return KIN_NONE;
}

/* Which process of the family before is which now. */
static void
look_back(struct attach *attach)
{
	const struct family *before = attach->now;
	int *kin_now = before ? mem_zero(before->kin_count + 1, sizeof(*kin_now)) : NULL;

	for (size_t i = 0; before && i < before->kin_count; i++) {
		kin_now[i] = same_memory_now(attach, &before->kin[i]);
		if (kin_now[i] == KIN_NONE)
			kin_now[i] = heir_of(attach, i);
	}
	prior_build(&attach->prior, before, kin_now, attach->rebase);
	free(kin_now);
}

static bool
was_in(const struct family *family, const struct held *held)
{
	for (size_t i = 0; family && i < family->kin_count; i++)
		if (family->kin[i].pid == held->pid && family->kin[i].start_ticks == held->stat.start_ticks)
			return true;
	return false;
}

static bool
has_ended(const struct held *held)
{
	return held->life == KIN_ZOMBIE || held->life == KIN_GONE;
}

static void
follow_members(struct attach *attach)
{
	for (size_t i = 0; i < attach->member_count; i++)
		if (!has_ended(&attach->members[i].held))
			unseen_follow(attach->unseen, attach->members[i].held.pid);
}

void
refresh_settle(struct attach *attach)
{
	struct unseen_sighting *sightings = mem_zero(attach->member_count + 1, sizeof(*sightings));
	struct family *work = attach->work;
	size_t count = 0;

	for (size_t i = 0; i < attach->member_count; i++) {
		const struct held *held = &attach->members[i].held;

		if (held->life != KIN_GONE)
			sightings[count++] = (struct unseen_sighting){held->pid, !has_ended(held) && !held->lost, has_ended(held)};
	}
	unseen_settle(attach->unseen, sightings, count);
	work->unseen = unseen_count(attach->unseen, &work->unseen_least) ? work->unseen_least : COUNT_UNKNOWN;
	free(sightings);
}

/* Forked since watching began, by one who was watched then: it began with everything that its parent had. */
static bool
is_forked(const struct attach *attach, size_t i)
{
	int parent = attach->work->kin[i].parent;

	if (!attach->now || !attach->members[i].fresh || attach->members[i].seen)
		return false;
	for (size_t steps = 0; parent != KIN_NONE && steps < attach->member_count; steps++) {
		if (!attach->members[parent].fresh)
			return true;
		parent = attach->work->kin[parent].parent;
	}
	return false;
}

/* Are they the same memories as in the sample before? */
static bool
is_settled(const struct attach *attach)
{
	for (size_t i = 0; i < attach->member_count; i++)
		if (attach->members[i].held.lineage != attach->members[i].lineage)
			return false;
	return attach->now != NULL;
}

void
refresh_all(struct attach *attach)
{
	uint64_t now_ns = clock_real_ns();

	drop_gone(attach, now_ns);
	if (attach->names == 0)
		for (size_t i = 0; i < attach->who.pids.count; i++)
			add_member(attach, attach->who.pids.list[i]);
	find_children(attach);
	for (size_t i = 0; i < attach->member_count; i++) {
		struct member *member = &attach->members[i];

		held_refresh(&member->held, now_ns);
		member->fresh = member->held.lineage != member->lineage;
		if (member->fresh && member->lineage == 0 && attach->number == 1 && was_in(attach->now, &member->held))
			member->fresh = false; /* its first sample is the saved baseline */
		if (member->fresh && member->lineage) { /* exec: nothing of the parent's is left */
			free(member->held.parent);
			member->held.parent = NULL;
		}
		member_find_twice(member);
	}
	follow_members(attach);
	for (size_t i = 0; i < attach->member_count; i++) {
		find_shared_memory(attach, i);
		member_enter(&attach->members[i], attach->work);
	}
	for (size_t i = 0; i < attach->member_count; i++)
		attach->work->kin[i].parent = origin_of(attach, &attach->members[i]);
	for (size_t i = 0; i < attach->member_count; i++)
		attach->members[i].forked = is_forked(attach, i);
	attach->settled = is_settled(attach);
	line_up(attach);
	look_back(attach);
}
