#include "config.h"
#include "model/teach/guess.h"

#include "base/i18n.h"

void
deed_command(struct buf *out, const struct deed *deed)
{
	switch (deed->type) {
	case DEED_READ:
		buf_addf(out, "read %c:%u", deed->process, deed->page);
		break;
	case DEED_WRITE:
		buf_addf(out, "write %c:%u \"%s\"", deed->process, deed->page, deed->text);
		break;
	case DEED_FORK:
		buf_addf(out, "fork %c %c", deed->process, deed->child);
		break;
	case DEED_KILL:
		buf_addf(out, "kill %c", deed->process);
		break;
	case DEED_DROP:
		buf_addf(out, "advise %c:%u dontneed", deed->process, deed->page);
		break;
	case DEED_SYNC:
		buf_addf(out, "sync %c:%u", deed->process, deed->page);
		break;
	case DEED_FILE_WRITE:
		buf_addf(out, "file write %u \"%s\"", deed->page, deed->text);
		break;
	case DEED_TYPE_COUNT:
		break;
	}
}

static void
writes_words(struct buf *out, const struct deed *deed, bool with_text)
{
	if (deed->type == DEED_WRITE && with_text)
		buf_addf(out, _("%1$c writes \"%3$s\" to page %2$u"), deed->process, deed->page,
		    deed->text);
	else if (deed->type == DEED_WRITE)
		buf_addf(out, _("%1$c writes to page %2$u"), deed->process, deed->page);
	else if (with_text)
		buf_addf(out, _("somebody writes \"%2$s\" to page %1$u of the file with write(2)"),
		    deed->page, deed->text);
	else
		buf_addf(
		    out, _("somebody writes to page %u of the file with write(2)"), deed->page);
}

void
deed_words(struct buf *out, const struct deed *deed, bool with_text)
{
	switch (deed->type) {
	case DEED_READ:
		buf_addf(out, _("%1$c reads page %2$u"), deed->process, deed->page);
		break;
	case DEED_FORK:
		buf_addf(out, _("%1$c forks %2$c"), deed->process, deed->child);
		break;
	case DEED_KILL:
		buf_addf(out, _("%c is killed"), deed->process);
		break;
	case DEED_DROP:
		buf_addf(
		    out, _("%1$c drops page %2$u with MADV_DONTNEED"), deed->process, deed->page);
		break;
	case DEED_SYNC:
		buf_addf(out, _("%1$c calls msync for page %2$u"), deed->process, deed->page);
		break;
	case DEED_WRITE:
	case DEED_FILE_WRITE:
		writes_words(out, deed, with_text);
		break;
	case DEED_TYPE_COUNT:
		break;
	}
}

bool
deed_is_of_page(const struct deed *deed)
{
	return deed->type != DEED_FORK && deed->type != DEED_KILL;
}

bool
deed_touches(const struct deed *deed, uint32_t page)
{
	return !deed_is_of_page(deed) || deed->page == page;
}
