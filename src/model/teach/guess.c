#include "config.h"
#include "model/teach/guess.h"
#include "model/teach/mistake.h"

#include <string.h>

typedef void guesser(struct outlook *outlook, const struct deed *deed);

static int8_t *
guess_place(struct outlook *outlook, char process)
{
	return &outlook->at[process - 'a'];
}

static bool
guess_is_own(int at)
{
	return at >= AT_FIRST;
}

/* What a process gets that is the first to touch the page, and reads it. */
static int8_t
first_touch(struct outlook *outlook)
{
	if (outlook->kind != KIND_PRIVATE_ANON)
		return AT_FILE;
	return outlook->no_zeros
	    ? outlook_frame(outlook, BIRTH_FILLED, &outlook->frames[AT_ZERO].content)
	    : AT_ZERO;
}

/* What the process would find there. */
static struct content
found(const struct outlook *outlook, char process)
{
	int at = outlook->at[process - 'a'],
	    untouched = outlook->kind == KIND_PRIVATE_ANON ? AT_ZERO : AT_FILE;

	return outlook->frames[at >= 0 ? at : untouched].content;
}

static void
overwrite(struct outlook *outlook, int at, const struct deed *deed)
{
	struct content *content = &outlook->frames[at].content;

	if (content->length)
		memcpy(content->bytes, deed->text, strlen(deed->text));
}

static void
get_copy(struct outlook *outlook, char process, enum birth birth)
{
	struct content content = found(outlook, process);

	*guess_place(outlook, process) = outlook_frame(outlook, birth, &content);
}

static void
nothing(struct outlook *outlook, const struct deed *deed)
{
	(void)outlook;
	(void)deed;
}

/* read */

static void
read_maps(struct outlook *outlook, const struct deed *deed)
{
	if (*guess_place(outlook, deed->process) == AT_ABSENT)
		*guess_place(outlook, deed->process) = first_touch(outlook);
}

static void
read_copies(struct outlook *outlook, const struct deed *deed)
{
	get_copy(outlook, deed->process, BIRTH_COPIED);
}

static void
read_fills(struct outlook *outlook, const struct deed *deed)
{
	get_copy(outlook, deed->process, BIRTH_FILLED);
}

static void
everyone_maps(struct outlook *outlook, const struct deed *deed)
{
	(void)deed;
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (outlook->at[i] == AT_ABSENT)
			outlook->at[i] = first_touch(outlook);
}

/* write */

static void
write_through(struct outlook *outlook, const struct deed *deed)
{
	read_maps(outlook, deed);
	overwrite(outlook, *guess_place(outlook, deed->process), deed);
	if (*guess_place(outlook, deed->process) == AT_FILE && outlook->dirty != TRI_UNKNOWN)
		outlook->dirty = TRI_YES;
}

static void
write_copies(struct outlook *outlook, const struct deed *deed)
{
	int at = *guess_place(outlook, deed->process);
	bool fills = outlook->kind == KIND_PRIVATE_ANON && !guess_is_own(at);

	if (!guess_is_own(at) || outlook_mapped_by(outlook, at) > 1)
		get_copy(outlook, deed->process, fills ? BIRTH_FILLED : BIRTH_COPIED);
	overwrite(outlook, *guess_place(outlook, deed->process), deed);
}

static void
write_expected(struct outlook *outlook, const struct deed *deed)
{
	if (kind_is_shared(outlook->kind))
		write_through(outlook, deed);
	else
		write_copies(outlook, deed);
}

static void
write_always_copies(struct outlook *outlook, const struct deed *deed)
{
	get_copy(outlook, deed->process, BIRTH_COPIED);
	overwrite(outlook, *guess_place(outlook, deed->process), deed);
}

static void
write_fills(struct outlook *outlook, const struct deed *deed)
{
	get_copy(outlook, deed->process, BIRTH_FILLED);
	overwrite(outlook, *guess_place(outlook, deed->process), deed);
}

/* All that share the frame with the process get what give() gives. */
static void
to_sharers(
    struct outlook *outlook, char process, void (*give)(struct outlook *outlook, char sharer))
{
	int at = *guess_place(outlook, process);

	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (at >= 0 && name != process && *guess_place(outlook, name) == at)
			give(outlook, name);
}

static void
give_copy(struct outlook *outlook, char sharer)
{
	get_copy(outlook, sharer, BIRTH_COPIED);
}

static void
give_nothing(struct outlook *outlook, char sharer)
{
	*guess_place(outlook, sharer) = AT_ABSENT;
}

static void
write_copies_for_the_others(struct outlook *outlook, const struct deed *deed)
{
	to_sharers(outlook, deed->process, give_copy);
	write_through(outlook, deed);
}

static void
write_copies_for_all(struct outlook *outlook, const struct deed *deed)
{
	to_sharers(outlook, deed->process, give_copy);
	write_always_copies(outlook, deed);
}

static void
write_takes_from_the_others(struct outlook *outlook, const struct deed *deed)
{
	to_sharers(outlook, deed->process, give_nothing);
	write_through(outlook, deed);
}

/* The file gets the bytes, and the process its copy. */
static void
write_copies_and_reaches_the_file(struct outlook *outlook, const struct deed *deed)
{
	write_always_copies(outlook, deed);
	overwrite(outlook, AT_FILE, deed);
	if (outlook->dirty != TRI_UNKNOWN)
		outlook->dirty = TRI_YES;
}

/* fork */

static void
fork_expected(struct outlook *outlook, const struct deed *deed)
{
	bool inherits = outlook_is_inherited(outlook, deed->process);

	*guess_place(outlook, deed->child) =
	    inherits ? *guess_place(outlook, deed->process) : AT_ABSENT;
}

static void
fork_shares_all(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->child) = *guess_place(outlook, deed->process);
}

static void
fork_copies(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->child) = *guess_place(outlook, deed->process);
	if (*guess_place(outlook, deed->child) >= 0)
		get_copy(outlook, deed->child, BIRTH_COPIED);
}

static void
fork_copies_for_the_parent(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->child) = *guess_place(outlook, deed->process);
	if (*guess_place(outlook, deed->child) >= 0)
		get_copy(outlook, deed->process, BIRTH_COPIED);
}

static void
fork_moves(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->child) = *guess_place(outlook, deed->process);
	*guess_place(outlook, deed->process) = AT_ABSENT;
}

static void
fork_starts_empty(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->child) = AT_ABSENT;
}

static void
fork_maps_the_file(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->child) = first_touch(outlook);
}

/* kill */

static void
kill_expected(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->process) = AT_ENDED;
}

static void
kill_takes_from_the_others(struct outlook *outlook, const struct deed *deed)
{
	to_sharers(outlook, deed->process, give_nothing);
	kill_expected(outlook, deed);
}

static void
kill_copies_for_the_others(struct outlook *outlook, const struct deed *deed)
{
	to_sharers(outlook, deed->process, give_copy);
	kill_expected(outlook, deed);
}

/* Its page goes to the first that is left. */
static void
kill_bequeaths(struct outlook *outlook, const struct deed *deed)
{
	int8_t at = *guess_place(outlook, deed->process);

	kill_expected(outlook, deed);
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (outlook->at[i] >= AT_ABSENT && outlook->at[i] != at) {
			outlook->at[i] = at;
			return;
		}
}

static void
kill_empties_all(struct outlook *outlook, const struct deed *deed)
{
	kill_expected(outlook, deed);
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (outlook->at[i] >= 0)
			outlook->at[i] = AT_ABSENT;
}

static void
kill_returns_to_the_file(struct outlook *outlook, const struct deed *deed)
{
	kill_expected(outlook, deed);
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (outlook->at[i] >= 0)
			outlook->at[i] = first_touch(outlook);
}

/* drop */

static void
drop_expected(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->process) = AT_ABSENT;
}

static void
drop_maps_at_once(struct outlook *outlook, const struct deed *deed)
{
	*guess_place(outlook, deed->process) = first_touch(outlook);
}

static void
drop_takes_from_all(struct outlook *outlook, const struct deed *deed)
{
	to_sharers(outlook, deed->process, give_nothing);
	drop_expected(outlook, deed);
}

static void
drop_copies_for_the_others(struct outlook *outlook, const struct deed *deed)
{
	to_sharers(outlook, deed->process, give_copy);
	drop_expected(outlook, deed);
}

/* The copy is written to the file before it is dropped. */
static void
drop_writes_back(struct outlook *outlook, const struct deed *deed)
{
	outlook->frames[AT_FILE].content = found(outlook, deed->process);
	drop_expected(outlook, deed);
}

/* sync */

static void
sync_expected(struct outlook *outlook, const struct deed *deed)
{
	(void)deed;
	if (outlook->dirty != TRI_UNKNOWN && outlook->kind == KIND_SHARED_FILE)
		outlook->dirty = TRI_NO;
}

static void
sync_leaves_dirty(struct outlook *outlook, const struct deed *deed)
{
	(void)deed;
	if (outlook->dirty != TRI_UNKNOWN)
		outlook->dirty = TRI_YES;
}

static void
sync_drops(struct outlook *outlook, const struct deed *deed)
{
	sync_expected(outlook, deed);
	drop_expected(outlook, deed);
}

static void
sync_drops_from_all(struct outlook *outlook, const struct deed *deed)
{
	sync_expected(outlook, deed);
	drop_takes_from_all(outlook, deed);
}

/* The copy becomes the file's page. */
static void
sync_merges(struct outlook *outlook, const struct deed *deed)
{
	drop_writes_back(outlook, deed);
	*guess_place(outlook, deed->process) = AT_FILE;
}

/* file write */

static void
file_write_expected(struct outlook *outlook, const struct deed *deed)
{
	overwrite(outlook, AT_FILE, deed);
	if (outlook->dirty != TRI_UNKNOWN)
		outlook->dirty = TRI_YES;
}

static void
file_write_is_clean(struct outlook *outlook, const struct deed *deed)
{
	overwrite(outlook, AT_FILE, deed);
	if (outlook->dirty != TRI_UNKNOWN)
		outlook->dirty = TRI_NO;
}

/* Each process keeps what was there, in a copy. */
static void
file_write_copies(struct outlook *outlook, const struct deed *deed)
{
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (*guess_place(outlook, name) == AT_FILE)
			give_copy(outlook, name);
	file_write_expected(outlook, deed);
}

static void
file_write_drops(struct outlook *outlook, const struct deed *deed)
{
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (*guess_place(outlook, name) == AT_FILE)
			give_nothing(outlook, name);
	file_write_expected(outlook, deed);
}

static void
file_write_reaches_all(struct outlook *outlook, const struct deed *deed)
{
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (*guess_place(outlook, name) >= 0)
			*guess_place(outlook, name) = AT_FILE;
	file_write_expected(outlook, deed);
}

/* of any act */

static void
everyone_has_a_copy(struct outlook *outlook, const struct deed *deed)
{
	(void)deed;
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (*guess_place(outlook, name) >= AT_ABSENT)
			give_copy(outlook, name);
}

static void
everyone_shares(struct outlook *outlook, const struct deed *deed)
{
	(void)deed;
	for (char name = 'a'; name < PROCESS_NAME_END; name++)
		if (*guess_place(outlook, name) >= AT_ABSENT)
			*guess_place(outlook, name) = AT_FILE;
}

#define GUESSES_MAX 10

static const struct {
	guesser *turn;
	enum mistake mistake; /* none: this is what to expect */
} guesses[DEED_TYPE_COUNT][GUESSES_MAX] = {
    [DEED_READ] =
	{
	    {read_maps, MISTAKE_NONE},
	    {read_copies, MISTAKE_READ_COPIES},
	    {read_fills, MISTAKE_READ_FILLS},
	    {everyone_maps, MISTAKE_EVERYONE_MAPS},
	    {nothing, MISTAKE_READ_NOTHING},
	    {everyone_shares, MISTAKE_EVERYONE_SHARES},
	    {everyone_has_a_copy, MISTAKE_READ_COPIES},
	},
    [DEED_WRITE] =
	{
	    {write_expected, MISTAKE_NONE},
	    {write_through, MISTAKE_WRITE_THROUGH},
	    {write_copies, MISTAKE_ONE_FRAME_FOR_ALL},
	    {write_always_copies, MISTAKE_WRITE_ALWAYS_COPIES},
	    {write_fills, MISTAKE_WRITE_FILLS},
	    {write_copies_for_the_others, MISTAKE_COPIES_FOR_THE_OTHERS},
	    {write_copies_for_all, MISTAKE_COPIES_FOR_ALL},
	    {write_takes_from_the_others, MISTAKE_TAKES_FROM_THE_OTHERS},
	    {write_copies_and_reaches_the_file, MISTAKE_REACHES_THE_FILE},
	    {nothing, MISTAKE_WRITE_NOTHING},
	},
    [DEED_FORK] =
	{
	    {fork_expected, MISTAKE_NONE},
	    {fork_shares_all, MISTAKE_FORK_SHARES_ALL},
	    {fork_copies, MISTAKE_FORK_COPIES},
	    {fork_copies_for_the_parent, MISTAKE_FORK_COPIES},
	    {fork_moves, MISTAKE_FORK_MOVES},
	    {fork_starts_empty, MISTAKE_FORK_STARTS_EMPTY},
	    {fork_maps_the_file, MISTAKE_FORK_MAPS_THE_FILE},
	},
    [DEED_KILL] =
	{
	    {kill_expected, MISTAKE_NONE},
	    {kill_takes_from_the_others, MISTAKE_KILL_TAKES},
	    {kill_copies_for_the_others, MISTAKE_KILL_COPIES},
	    {kill_bequeaths, MISTAKE_KILL_BEQUEATHS},
	    {kill_empties_all, MISTAKE_KILL_EMPTIES_ALL},
	    {kill_returns_to_the_file, MISTAKE_KILL_RETURNS},
	},
    [DEED_DROP] =
	{
	    {drop_expected, MISTAKE_NONE},
	    {drop_maps_at_once, MISTAKE_DROP_MAPS},
	    {drop_takes_from_all, MISTAKE_DROP_TAKES},
	    {drop_copies_for_the_others, MISTAKE_DROP_COPIES},
	    {drop_writes_back, MISTAKE_DROP_WRITES_BACK},
	    {nothing, MISTAKE_DROP_NOTHING},
	},
    [DEED_SYNC] =
	{
	    {sync_expected, MISTAKE_NONE},
	    {sync_leaves_dirty, MISTAKE_SYNC_LEAVES_DIRTY},
	    {sync_drops, MISTAKE_SYNC_DROPS},
	    {sync_drops_from_all, MISTAKE_SYNC_DROPS},
	    {sync_merges, MISTAKE_SYNC_MERGES},
	    {nothing, MISTAKE_SYNC_LEAVES_DIRTY},
	},
    [DEED_FILE_WRITE] =
	{
	    {file_write_expected, MISTAKE_NONE},
	    {file_write_is_clean, MISTAKE_FILE_WRITE_CLEAN},
	    {file_write_copies, MISTAKE_FILE_WRITE_COPIES},
	    {file_write_drops, MISTAKE_FILE_WRITE_DROPS},
	    {file_write_reaches_all, MISTAKE_FILE_WRITE_REACHES_ALL},
	    {nothing, MISTAKE_FILE_WRITE_NOTHING},
	    {everyone_has_a_copy, MISTAKE_FILE_WRITE_COPIES},
	},
};

size_t
guess_count(enum deed_type type)
{
	size_t count = 0;

	while (count < GUESSES_MAX && guesses[type][count].turn)
		count++;
	return count;
}

/* A process that has a frame of its own has written in the VMA. */
static void
note_written(struct outlook *outlook)
{
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (guess_is_own(outlook->at[i]))
			outlook->inherited |= (uint16_t)(1u << i);
}

void
guess(struct outlook *outlook, const struct deed *deed, uint32_t page, size_t which)
{
	if (deed_touches(deed, page))
		guesses[deed->type][which].turn(outlook, deed);
	note_written(outlook);
}

void
guess_why_not(struct buf *out, const struct outlook *before, const struct deed *deed, size_t which)
{
	mistake_text(out, guesses[deed->type][which].mistake, before, deed);
}
