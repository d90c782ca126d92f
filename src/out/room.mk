noinst_LIBRARIES += src/libout.a
src_libout_a_SOURCES = \
	src/out/ansi.c src/out/ansi.h \
	src/out/areas.c src/out/areas.h \
	src/out/cast.c \
	src/out/draw.c src/out/draw.h src/out/draw_run.c \
	src/out/diff_json.c \
	src/out/family_json.c src/out/family_json.h src/out/family_load.c \
	src/out/family_metrics.c src/out/family_metrics.h \
	src/out/film.c \
	src/out/formats.c src/out/formats.h \
	src/out/html.c src/out/html.h \
	src/out/json.c src/out/json.h \
	src/out/json_lesson.c src/out/json_lesson.h \
	src/out/json_quiz.c src/out/json_quiz.h \
	src/out/json_write.c src/out/json_write.h \
	src/out/lines.c src/out/lines.h \
	src/out/load.c src/out/load.h src/out/load_acts.c src/out/load_processes.c \
	src/out/load_snapshot.c src/out/load_snapshot.h \
	src/out/markdown.c src/out/markdown.h \
	src/out/markup.c src/out/markup.h \
	src/out/notes.c src/out/notes.h \
	src/out/picture.h \
	src/out/reader.c src/out/reader.h src/out/where.c \
	src/out/recorded.c src/out/recorded.h \
	src/out/runs.c src/out/runs.h \
	src/out/save.c \
	src/out/shapes.c src/out/shapes.h \
	src/out/svg.c \
	src/out/text.c src/out/text.h

# Style sheets and the script of pages, as C strings.
page_parts = src/out/page_css.inc src/out/film_css.inc src/out/film_js.inc
to_string = $(AM_V_GEN)$(MKDIR_P) src/out && sed 's/^[[:space:]]*//; s/[\\"]/\\&/g; s/^/"/; s/$$/\\n"/'
src/out/page_css.inc: src/out/page.css
	$(to_string) '$(srcdir)/src/out/page.css' >$@-t && mv $@-t $@
src/out/film_css.inc: src/out/film.css
	$(to_string) '$(srcdir)/src/out/film.css' >$@-t && mv $@-t $@
src/out/film_js.inc: src/out/film.js
	$(to_string) '$(srcdir)/src/out/film.js' >$@-t && mv $@-t $@
src/out/html.$(OBJEXT) src/out/film.$(OBJEXT): $(page_parts)
EXTRA_DIST += src/out/page.css src/out/film.css src/out/film.js
BUILT_SOURCES += $(page_parts)
CLEANFILES += $(page_parts)


out_tests = tests/unit/out_ansi tests/unit/out_cast tests/unit/out_formats tests/unit/out_html tests/unit/out_json \
	tests/unit/out_notes tests/unit/out_svg tests/unit/out_text
out_test_libraries = src/libout.a src/libview.a src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += $(out_tests)
TESTS += $(out_tests)

tests_unit_out_json_SOURCES = \
	tests/unit/out_json.c tests/unit/view_fixture.h tests/unit/view_stories.h tests/unit/tap.h
tests_unit_out_json_LDADD = $(out_test_libraries)
tests_unit_out_text_SOURCES = tests/unit/out_text.c tests/unit/tap.h
tests_unit_out_text_LDADD = $(out_test_libraries)

picture_test_sources = tests/unit/golden.h tests/unit/picture_fixture.h tests/unit/picture_golden.h tests/unit/view_fixture.h \
	tests/unit/view_stories.h tests/unit/tap.h
tests_unit_out_html_SOURCES = tests/unit/out_html.c $(picture_test_sources)
tests_unit_out_html_LDADD = $(out_test_libraries)
tests_unit_out_svg_SOURCES = tests/unit/out_svg.c $(picture_test_sources)
tests_unit_out_svg_LDADD = $(out_test_libraries)

# Sessions: what plays them.
session_test_sources = tests/unit/golden.h tests/unit/session_film.h tests/unit/view_fixture.h \
	tests/unit/view_stories.h tests/unit/tap.h
tests_unit_out_ansi_SOURCES = tests/unit/out_ansi.c $(session_test_sources)
tests_unit_out_ansi_LDADD = $(out_test_libraries)
tests_unit_out_cast_SOURCES = tests/unit/out_cast.c $(session_test_sources)
tests_unit_out_cast_LDADD = $(out_test_libraries)
tests_unit_out_notes_SOURCES = tests/unit/out_notes.c $(session_test_sources)
tests_unit_out_notes_LDADD = $(out_test_libraries)
tests_unit_out_formats_SOURCES = tests/unit/out_formats.c tests/unit/tap.h
tests_unit_out_formats_LDADD = $(out_test_libraries)

# Saved sessions.
load_tests = tests/unit/out_damaged tests/unit/out_load
check_PROGRAMS += $(load_tests)
TESTS += $(load_tests)
tests_unit_out_damaged_SOURCES = \
	tests/unit/out_damaged.c tests/unit/view_fixture.h tests/unit/view_stories.h tests/unit/tap.h
tests_unit_out_damaged_LDADD = $(out_test_libraries) $(JANSSON_LIBS)
tests_unit_out_load_SOURCES = \
	tests/unit/out_load.c tests/unit/view_fixture.h tests/unit/view_stories.h tests/unit/tap.h
tests_unit_out_load_LDADD = $(out_test_libraries) $(JANSSON_LIBS)

TESTS += tests/captures/cast.py
dist_check_SCRIPTS += tests/captures/cast.py
