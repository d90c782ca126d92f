/*
 * Why a guess of model/teach/guess.h is a mistake: one sentence each, from what the kernel does.
 *
 * Each is true wherever the guess says something else than what is to be expected. before: the
 * outlook that the guess was made from.
 */
#ifndef MODEL_TEACH_MISTAKE_H
#define MODEL_TEACH_MISTAKE_H

#include "base/buf.h"
#include "model/teach/guess.h"

typedef void mistake(struct buf *out, const struct outlook *before, const struct deed *deed);

/* Of the guesses of these names in model/teach/guess.c. */
mistake why_not_read_copies, why_not_read_fills, why_not_everyone_maps, why_not_everyone_shares,
    why_not_read_nothing;
mistake why_not_write_through, why_not_write_copies, why_not_write_always_copies,
    why_not_write_fills, why_not_copies_for_the_others, why_not_copies_for_all,
    why_not_takes_from_the_others, why_not_reaches_the_file, why_not_write_nothing;
mistake why_not_fork_shares_all, why_not_fork_copies, why_not_fork_moves, why_not_fork_starts_empty,
    why_not_fork_maps_the_file;
mistake why_not_kill_takes, why_not_kill_copies, why_not_kill_bequeaths, why_not_kill_empties_all,
    why_not_kill_returns;
mistake why_not_drop_maps, why_not_drop_takes, why_not_drop_copies, why_not_drop_writes_back,
    why_not_drop_nothing;
mistake why_not_sync_leaves_dirty, why_not_sync_drops, why_not_sync_merges;
mistake why_not_file_write_clean, why_not_file_write_copies, why_not_file_write_drops,
    why_not_file_write_reaches_all, why_not_file_write_nothing;

#endif
