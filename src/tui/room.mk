noinst_LIBRARIES += src/libtui.a src/libedit.a
src_libtui_a_SOURCES = \
	src/tui/tui.c src/tui/tui.h \
	src/tui/keyboard.c src/tui/keyboard.h \
	src/tui/paint.c src/tui/paint.h \
	src/tui/richer.c src/tui/richer.h \
	src/tui/signals.c src/tui/signals.h \
	src/tui/terminfo.c src/tui/terminfo.h

# The prompt's line needs no ncurses: a library of its own, so that its test proves it.
src_libedit_a_SOURCES = src/tui/edit.c src/tui/edit.h

check_PROGRAMS += tests/unit/tui_edit tests/tui/demo
TESTS += tests/unit/tui_edit
tests_unit_tui_edit_SOURCES = tests/unit/tui_edit.c tests/unit/tap.h
tests_unit_tui_edit_LDADD = src/libedit.a src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)

tests_tui_demo_SOURCES = tests/tui/demo.c
tests_tui_demo_LDADD = src/libtui.a src/libview.a src/liblang.a src/libmodel.a src/libbase.a $(NCURSES_LIBS) $(LIBINTL)

EXTRA_DIST += tests/tui/terminal.py
dist_check_SCRIPTS += tests/tui/raw.py tests/tui/screen.py
TESTS += tests/tui/raw.py tests/tui/screen.py
