#include "config.h"
#include "model/teach/mistake.h"

#include "base/i18n.h"

static int
place_before(const struct outlook *before, const struct deed *deed)
{
	return before->at[deed->process - 'a'];
}

static bool
is_shared(const struct outlook *before, const struct deed *deed)
{
	return outlook_mapped_by(before, place_before(before, deed)) > 1;
}

/* An anonymous frame that the process alone maps. */
static bool
is_its_own(const struct outlook *before, const struct deed *deed)
{
	return place_before(before, deed) >= AT_FIRST && !is_shared(before, deed);
}

/* read */

void
why_not_read_copies(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out, _("A read copies nothing, whatever the mapping is."));
}

void
why_not_read_fills(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (place_before(before, deed) >= 0)
		buf_addf(
		    out, _("%c had the page mapped: a read of it changes nothing."), deed->process);
	else
		buf_addf(out,
		    _("A read gives %c no frame of its own: it maps what is there, the file's page, the object's, or the page of zeros."),
		    deed->process);
}

void
why_not_everyone_maps(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("Each process has a page table of its own: when %c reads, nothing is entered in those of the others."),
	    deed->process);
}

void
why_not_everyone_shares(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out, _("A read concerns %c's page table alone, and takes nobody's copy away."),
	    deed->process);
}

void
why_not_read_nothing(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("The page was absent, so %c's read was a page fault, and the kernel entered a frame."),
	    deed->process);
}

/* write */

static void
add_one_frame_for_all(struct buf *out)
{
	buf_add(out,
	    _("MAP_SHARED copies nothing: the write goes into the one frame of that page, for everyone who maps it."));
}

static void
add_written_in_place(struct buf *out, const struct deed *deed)
{
	buf_addf(out,
	    _("The frame was %c's alone: it was written in place, and stays what it was."),
	    deed->process);
}

void
why_not_write_through(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("The mapping is private: %c gets a frame of its own, and nobody else sees what it writes."),
	    deed->process);
}

void
why_not_write_copies(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	add_one_frame_for_all(out);
}

void
why_not_write_always_copies(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (kind_is_shared(before->kind))
		add_one_frame_for_all(out);
	else if (is_its_own(before, deed))
		add_written_in_place(out, deed);
	else
		buf_addf(out,
		    _("There was nothing to copy: nobody ever wrote the page, and %c gets a frame of zeros."),
		    deed->process);
}

void
why_not_write_fills(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (kind_is_shared(before->kind))
		add_one_frame_for_all(out);
	else if (is_its_own(before, deed))
		add_written_in_place(out, deed);
	else
		buf_addf(out,
		    _("%c's frame is no new one of zeros: it is a copy of what the page held, so it is called copied."),
		    deed->process);
}

void
why_not_copies_for_the_others(
    struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (kind_is_shared(before->kind))
		add_one_frame_for_all(out);
	else if (!is_shared(before, deed))
		why_not_write_through(out, before, deed);
	else
		buf_addf(out,
		    _("It is the writer, %c, who gets the new frame; the others keep the one that was there."),
		    deed->process);
}

void
why_not_copies_for_all(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (kind_is_shared(before->kind))
		add_one_frame_for_all(out);
	else if (!is_shared(before, deed))
		why_not_write_always_copies(out, before, deed);
	else
		buf_addf(out,
		    _("Only the writer, %c, gets a copy; the others keep the frame that was there."),
		    deed->process);
}

void
why_not_takes_from_the_others(
    struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (kind_is_shared(before->kind))
		buf_add(out, _("MAP_SHARED: the others map the same frame, and go on doing so."));
	else if (!is_shared(before, deed))
		why_not_write_through(out, before, deed);
	else
		buf_addf(out,
		    _("A write takes nothing from anybody: %c gets a copy, and the others keep the frame that was there."),
		    deed->process);
}

void
why_not_reaches_the_file(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (before->kind != KIND_PRIVATE_FILE)
		why_not_write_always_copies(out, before, deed);
	else
		buf_addf(out,
		    _("A private mapping is never written to its file: what %c wrote is in its copy alone."),
		    deed->process);
}

void
why_not_write_nothing(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (kind_is_shared(before->kind))
		buf_addf(out,
		    _("%c did write: what it wrote is in the one frame of that page, which it maps now."),
		    deed->process);
	else
		buf_addf(
		    out, _("%c did write: what it wrote is in a frame of its own."), deed->process);
}

/* fork */

static bool
is_inherited(const struct outlook *before, const struct deed *deed)
{
	return place_before(before, deed) >= AT_FILE && outlook_is_inherited(before, deed->process);
}

void
why_not_fork_shares_all(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (place_before(before, deed) < 0)
		buf_addf(out,
		    _("%c had no entry at the page itself: fork copies entries, and there is none."),
		    deed->process);
	else if (kind_is_shared(before->kind))
		buf_addf(out,
		    _("fork did not enter the page in %c's page table: it can be found again at the first touch."),
		    deed->child);
	else
		buf_addf(out,
		    _("fork entered nothing in %1$c's page table: %2$c had never written in this mapping, so %1$c finds the page again at its "
		      "first touch."),
		    deed->child, deed->process);
}

void
why_not_fork_copies(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("fork copies no page: %1$c and %2$c map the same frames until one of them writes."),
	    deed->process, deed->child);
}

void
why_not_fork_moves(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out, _("fork takes nothing away from the parent: %c keeps what it had."),
	    deed->process);
}

void
why_not_fork_starts_empty(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("A child inherits its parent's memory: %2$c's page table leads to the same frame as %1$c's."),
	    deed->process, deed->child);
}

void
why_not_fork_maps_the_file(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (is_inherited(before, deed))
		buf_addf(out,
		    _("A child inherits what its parent has: %2$c maps %1$c's frame, and not the file's."),
		    deed->process, deed->child);
	else
		why_not_fork_shares_all(out, before, deed);
}

/* kill */

void
why_not_kill_takes(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("A frame lives as long as anybody maps it: %c's end takes it from nobody else."),
	    deed->process);
}

void
why_not_kill_copies(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out,
	    _("The end of a process copies nothing: who shared its frame keeps that very frame."));
}

void
why_not_kill_bequeaths(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out, _("%c leaves its pages to nobody: a frame that it alone mapped is freed."),
	    deed->process);
}

void
why_not_kill_empties_all(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out, _("%c's page table is gone, and no other: the others keep every entry."),
	    deed->process);
}

void
why_not_kill_returns(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out,
	    _("The others' entries stay as they are: nobody's page goes back to where it came from."));
}

/* drop */

void
why_not_drop_maps(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("MADV_DONTNEED takes the entry away; there is another one only when %c touches the page again."),
	    deed->process);
}

void
why_not_drop_takes(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out,
	    _("MADV_DONTNEED is about %c's own page table: the others keep their entries."),
	    deed->process);
}

void
why_not_drop_copies(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out,
	    _("Nothing is copied when somebody lets go of a frame: who shared it keeps that very frame."));
}

void
why_not_drop_writes_back(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out, _("A private copy that is dropped is lost: nothing writes it to the file."));
}

void
why_not_drop_nothing(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before;
	buf_addf(out, _("MADV_DONTNEED is no mere advice on Linux: %c's entry is gone at once."),
	    deed->process);
}

/* sync */

void
why_not_sync_leaves_dirty(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)deed;
	if (kind_is_shared(before->kind))
		buf_add(
		    out, _("msync(MS_SYNC) returns when the disk has the page: then it is clean."));
	else
		buf_add(out,
		    _("msync does nothing for a private mapping, neither to its copies nor to the file."));
}

void
why_not_sync_drops(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out, _("msync writes back and takes no entry away: what was mapped stays mapped."));
}

void
why_not_sync_merges(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	if (place_before(before, deed) >= AT_FIRST)
		buf_add(out,
		    _("msync does nothing for a private copy: it is never written to the file, and stays a copy."));
	else if (place_before(before, deed) == AT_FILE)
		why_not_sync_leaves_dirty(out, before, deed);
	else
		buf_add(out, _("msync touches no page: what was absent stays absent."));
}

/* file write */

void
why_not_file_write_clean(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out,
	    _("write(2) changes the page cache; the disk gets it later, and until then the page is dirty."));
}

void
why_not_file_write_copies(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out,
	    _("write(2) gives nobody a copy: who maps the file's frame finds the new bytes in it."));
}

void
why_not_file_write_drops(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out,
	    _("write(2) changes bytes in a frame, and no page table: who mapped it still does."));
}

void
why_not_file_write_reaches_all(
    struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out, _("A copy is not a page of the file: write(2) does not reach it."));
}

void
why_not_file_write_nothing(struct buf *out, const struct outlook *before, const struct deed *deed)
{
	(void)before, (void)deed;
	buf_add(out,
	    _("write(2) did change the file's page, in the page cache: it holds the new bytes, and the disk does not yet."));
}
