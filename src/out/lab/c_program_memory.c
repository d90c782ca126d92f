#include "config.h"
#include "out/lab/c_program_act.h"

#include <string.h>
#include <sys/mman.h>

#include "model/lab/snapshot.h"

#define DEFAULT_BYTES "W"

struct buf *
act_out(const struct program_act *act)
{
	return &act->draft->main;
}

void
act_needs(const struct program_act *act, uint64_t needs)
{
	act->draft->needs |= needs;
}

void
act_names(struct buf *out, uint16_t processes)
{
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (processes & 1u << (name - 'a'))
			buf_add_char(out, name);
}

void
act_tell(const struct program_act *act, const char *function, const char *more)
{
	act_needs(act, NEEDS(TELL));
	for (size_t i = 0; i < act->count; i++) {
		buf_add(act_out(act), "\ttell(\"");
		act_names(act_out(act), act->processes);
		buf_addf(act_out(act), "\", %s, (struct order){.first = %u, .last = %u%s%s});\n",
		    function, act->ranges[i].first, act->ranges[i].last, *more ? ", " : "", more);
	}
}

size_t
act_text(const struct program_act *act, struct buf *out)
{
	const char *text = act->command->text ? act->command->text : DEFAULT_BYTES;
	size_t length = act->command->text ? act->command->text_length : strlen(DEFAULT_BYTES);

	act_needs(act, NEEDS(TEXT));
	if (length > act->draft->text)
		act->draft->text = length;
	c_string(out, text, length);
	return length;
}

void
act_read(const struct program_act *act)
{
	act_needs(act, NEEDS(LOAD));
	act_tell(act, "load", "");
}

void
act_write(const struct program_act *act)
{
	struct buf more = BUF_INIT;
	size_t length;

	buf_add(&more, ".text = ");
	length = act_text(act, &more);
	buf_addf(&more, ", .size = %zu", length);
	act_needs(act, NEEDS(STORE));
	act_tell(act, "store", buf_text(&more));
	buf_free(&more);
}

static void
act_tell_how(const struct program_act *act, const char *function,
    void write(struct buf *out, int value), const char *more)
{
	struct buf how = BUF_INIT;

	buf_add(&how, ".how = ");
	write(&how, act->command->choice);
	buf_add(&how, more);
	act_tell(act, function, buf_text(&how));
	buf_free(&how);
}

void
act_sync(const struct program_act *act)
{
	act_needs(act, NEEDS(SYNC));
	act_tell_how(act, "sync_page", c_sync, "");
}

void
act_protect(const struct program_act *act)
{
	act_needs(act, NEEDS(PROTECT));
	act_tell_how(act, "protect", c_protection, "");
}

/* As src/lab/evidence.c has it: after any other advice a write may copy a frame that nobody else
 * has. */
static bool
advice_loosens(const char *constant)
{
	static const char *const others[] = {"MADV_NORMAL", "MADV_RANDOM", "MADV_SEQUENTIAL",
	    "MADV_WILLNEED", "MADV_DONTNEED", "MADV_COLD", "MADV_DONTFORK", "MADV_DOFORK",
	    "MADV_NOHUGEPAGE", "MADV_POPULATE_READ", "MADV_POPULATE_WRITE"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i], constant) == 0)
			return false;
	return true;
}

void
act_advise(const struct program_act *act)
{
	struct buf advice = BUF_INIT;
	bool loosens;

	c_advice(&advice, act->command->choice);
	loosens = advice_loosens(buf_text(&advice));
	act_needs(act, act->lab.one_vma ? NEEDS(ADVISE_ALL) : NEEDS(ADVISE));
	act_needs(act, loosens ? NEEDS(LOOSE) : 0);
	if (strcmp(buf_text(&advice), "MADV_HUGEPAGE") == 0 ||
	    strcmp(buf_text(&advice), "MADV_COLLAPSE") == 0)
		act_needs(act, NEEDS(HUGE));
	act_tell_how(act, act->lab.one_vma ? "advise_all" : "advise", c_advice,
	    loosens ? ", .loosens = true" : "");
	if (strcmp(buf_text(&advice), "MADV_MERGEABLE") == 0) {
		act_needs(act, NEEDS(MERGES));
		buf_add(act_out(act), "\tlet_merge();\n");
	}
	buf_free(&advice);
}

void
act_unmap(const struct program_act *act)
{
	act_needs(act, NEEDS(UNMAP));
	act_tell(act, "unmap", "");
}

static void
act_map_flags(struct buf *out, const struct mapping_wish *wish, enum kind kind)
{
	bool shared = wish->sharing ? wish->sharing == MAP_SHARED : kind_is_shared(kind);

	buf_add(out, shared ? "MAP_SHARED" : "MAP_PRIVATE");
	if (kind_is_anonymous(kind) && wish->of == MAP_OF_LAB)
		buf_add(out, " | MAP_ANONYMOUS");
	buf_add(out, wish->fixed ? " | MAP_FIXED" : " | MAP_FIXED_NOREPLACE");
}

/* A range by itself: where it begins in the file. */
static void
act_map_range(const struct program_act *act, size_t range)
{
	const struct mapping_wish *wish = &act->command->mapping;
	struct program_act one = *act;
	uint64_t first = act->ranges[range].first, behind = first - act->ranges[0].first;
	struct buf more = BUF_INIT;

	buf_add(&more, ".protection = ");
	if (wish->has_protection)
		c_protection(&more, wish->protection);
	else
		buf_add(&more, act->lab.read_only ? "PROT_READ" : "PROT_READ | PROT_WRITE");
	buf_add(&more, ", .flags = ");
	act_map_flags(&more, wish, act->lab.kind);
	if (wish->has_length)
		buf_addf(&more, ", .length = %lluu", (unsigned long long)wish->length);
	else
		buf_add(&more, ", .length = PAGE");
	if (wish->has_offset)
		buf_addf(&more, ", .offset = %llu + %llu * PAGE", (unsigned long long)wish->offset,
		    (unsigned long long)behind);
	else
		buf_addf(&more, ", .offset = %llu * PAGE", (unsigned long long)first);
	if (wish->of != MAP_OF_LAB)
		buf_addf(&more, ", .how = '%c'", "lcpdrw"[wish->of]);
	one.ranges[0] = act->ranges[range];
	one.count = 1;
	act_tell(&one, "map_page", buf_text(&more));
	buf_free(&more);
}

void
act_map(const struct program_act *act)
{
	act_needs(act, NEEDS(MAP));
	act_needs(act, act->command->mapping.of != MAP_OF_LAB ? NEEDS(ODD) : 0);
	act_needs(act, act->command->mapping.has_offset ? NEEDS(OFFSET) : 0);
	for (size_t i = 0; i < act->count; i++)
		act_map_range(act, i);
}

void
act_copy(const struct program_act *act)
{
	static const struct {
		uint64_t needs;
		const char *function;
	} hows[] = {
	    [COPY_LOAD] = {NEEDS(COPY_LOAD), "copy_load"},
	    [COPY_STORE] = {NEEDS(COPY_STORE), "copy_store"},
	    [COPY_READ] = {NEEDS(COPY_READ), "copy_read"},
	    [COPY_WRITE] = {NEEDS(COPY_WRITE), "copy_write"},
	};

	act_needs(act, hows[act->command->choice].needs);
	act_tell(act, hows[act->command->choice].function, "");
}

void
act_lock(const struct program_act *act)
{
	act_needs(act, NEEDS(LOCK));
	act_tell(act, "lock_page", "");
}

void
act_unlock(const struct program_act *act)
{
	act_needs(act, NEEDS(UNLOCK));
	act_tell(act, "unlock_page", "");
}
