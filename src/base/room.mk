noinst_LIBRARIES += src/libbase.a
src_libbase_a_SOURCES = \
	src/base/buf.c src/base/buf.h \
	src/base/by_pid.c src/base/by_pid.h \
	src/base/clock.c src/base/clock.h \
	src/base/dice.c src/base/dice.h \
	src/base/err.c src/base/err.h \
	src/base/i18n.h src/base/list.h \
	src/base/io.c src/base/io.h \
	src/base/libc.h \
	src/base/mem.c src/base/mem.h \
	src/base/parts.c src/base/parts.h \
	src/base/thread.c src/base/thread.h \
	src/base/utf8.c src/base/utf8.h src/base/widths.def
EXTRA_DIST += src/base/widths.py

# Looked at by every make, written only when a directory is another: what was built for one prefix is not installed at a second.
src/base/parts.inc: parts-are-looked-at
	@$(MKDIR_P) src/base
	@{ echo '#define PARTS_PROGRAMS "$(bindir)"'; echo '#define PARTS_DATA "$(pkgdatadir)"'; \
		echo '#define PARTS_LOCALE "$(localedir)"'; echo '#define PARTS_HELPERS "$(pkglibexecdir)"'; } >$@-t
	@if cmp -s $@-t $@; then rm -f $@-t; else mv -f $@-t $@; fi
parts-are-looked-at:
.PHONY: parts-are-looked-at
src/base/parts.$(OBJEXT): src/base/parts.inc
CLEANFILES += src/base/parts.inc

# In the tree of a build: the source's lessons where that is another tree, and translations as if they were installed.
all-local:
	@test -e lessons || $(LN_S) '$(abs_srcdir)/lessons' lessons
	@for language in $$(sed 's/#.*//' '$(srcdir)/po/LINGUAS'); do \
		$(MKDIR_P) "po/built/$$language/LC_MESSAGES" && \
		cp "$(srcdir)/po/$$language.gmo" "po/built/$$language/LC_MESSAGES/$(PACKAGE).mo" || exit 1; \
	done
mostlyclean-local:
	rm -rf po/built
distclean-local:
	test ! -L lessons || rm -f lessons

check_PROGRAMS += tests/unit/base_buf tests/unit/base_by_pid tests/unit/base_dice tests/unit/base_err tests/unit/base_utf8
TESTS += tests/unit/base_buf tests/unit/base_by_pid tests/unit/base_dice tests/unit/base_err tests/unit/base_utf8
tests_unit_base_buf_SOURCES = tests/unit/base_buf.c tests/unit/tap.h
tests_unit_base_buf_LDADD = src/libbase.a $(LIBINTL)
tests_unit_base_by_pid_SOURCES = tests/unit/base_by_pid.c tests/unit/tap.h
tests_unit_base_by_pid_LDADD = src/libbase.a $(LIBINTL)
tests_unit_base_dice_SOURCES = tests/unit/base_dice.c tests/unit/tap.h
tests_unit_base_dice_LDADD = src/libbase.a $(LIBINTL)
tests_unit_base_err_SOURCES = tests/unit/base_err.c tests/unit/tap.h
tests_unit_base_err_LDADD = src/libbase.a $(LIBINTL)
tests_unit_base_utf8_SOURCES = tests/unit/base_utf8.c tests/unit/tap.h
tests_unit_base_utf8_LDADD = src/libbase.a $(LIBINTL)
