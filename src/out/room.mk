noinst_LIBRARIES += src/libout.a
src_libout_a_SOURCES = \
	src/out/picture/ansi.c src/out/picture/ansi.h \
	src/out/picture/areas.c src/out/picture/areas.h \
	src/out/picture/cast.c \
	src/out/picture/draw.c src/out/picture/draw.h src/out/picture/draw_run.c \
	src/out/family/blame_json.c src/out/family/blame_json.h src/out/family/blame_load.c src/out/family/blame_load.h \
	src/out/family/diff_json.c \
	src/out/family/family_json.c src/out/family/family_json.h src/out/family/family_load.c \
	src/out/family/metrics.c src/out/family/metrics.h \
	src/out/family/costs_json.c src/out/family/costs_json.h \
	src/out/family/siblings_json.c src/out/family/siblings_json.h \
	src/out/family/siblings_load.c src/out/family/siblings_load.h \
	src/out/picture/film.c \
	src/out/picture/formats.c src/out/picture/formats.h \
	src/out/picture/html.c src/out/picture/html.h \
	src/out/json/json.c src/out/json/json.h \
	src/out/teach/grade_report.c src/out/teach/grade_report.h \
	src/out/teach/json_lesson.c src/out/teach/json_lesson.h \
	src/out/teach/json_quiz.c src/out/teach/json_quiz.h \
	src/out/teach/lesson_page.c src/out/teach/lesson_page.h \
	src/out/teach/page_frame.c src/out/teach/page_frame.h \
	src/out/teach/page_states.c src/out/teach/page_states.h \
	src/out/teach/played.c src/out/teach/played.h \
	src/out/teach/prose_page.c src/out/teach/prose_page.h \
	src/out/json/json_write.c src/out/json/json_write.h \
	src/out/json/lines.c src/out/json/lines.h \
	src/out/lab/load.c src/out/lab/load.h src/out/lab/load_acts.c src/out/lab/load_processes.c \
	src/out/lab/load_snapshot.c src/out/lab/load_snapshot.h \
	src/out/picture/markdown.c src/out/picture/markdown.h \
	src/out/picture/markup.c src/out/picture/markup.h \
	src/out/picture/notes.c src/out/picture/notes.h \
	src/out/picture/picture.h \
	src/out/json/json_reader.c src/out/json/json_reader.h src/out/json/where.c \
	src/out/lab/c_program.c src/out/lab/c_program.h src/out/lab/c_program_act.h \
	src/out/lab/c_program_acts.c src/out/lab/c_program_lab.c src/out/lab/c_program_memory.c src/out/lab/c_program_parts.h \
	src/out/lab/recorded.c src/out/lab/recorded.h \
	src/out/picture/runs.c src/out/picture/runs.h \
	src/out/save.c src/out/save.h \
	src/out/picture/shapes.c src/out/picture/shapes.h \
	src/out/picture/svg.c \
	src/out/picture/text.c src/out/picture/text.h

# Style sheets and the script of pages, as C strings.
page_parts = src/out/picture/page_css.inc src/out/picture/film_css.inc src/out/picture/film_js.inc
to_string = $(AM_V_GEN)$(MKDIR_P) src/out/picture && sed 's/^[[:space:]]*//; s/[\\"]/\\&/g; s/^/"/; s/$$/\\n"/'
src/out/picture/page_css.inc: src/out/picture/page.css
	$(to_string) '$(srcdir)/src/out/picture/page.css' >$@-t && mv $@-t $@
src/out/picture/film_css.inc: src/out/picture/film.css
	$(to_string) '$(srcdir)/src/out/picture/film.css' >$@-t && mv $@-t $@
src/out/picture/film_js.inc: src/out/picture/film.js
	$(to_string) '$(srcdir)/src/out/picture/film.js' >$@-t && mv $@-t $@
src/out/picture/html.$(OBJEXT) src/out/picture/film.$(OBJEXT): $(page_parts)
# The text that programs are made of, indentation and all.
c_program_template = src/out/lab/c_program_template.inc
$(c_program_template): src/out/lab/c_program.template
	$(AM_V_GEN)$(MKDIR_P) src/out/lab && sed 's/[\\"]/\\&/g; s/^/"/; s/$$/\\n"/' '$(srcdir)/src/out/lab/c_program.template' >$@-t && mv $@-t $@
src/out/lab/c_program.$(OBJEXT): $(c_program_template)
EXTRA_DIST += src/out/lab/c_program.template
BUILT_SOURCES += $(c_program_template)
CLEANFILES += $(c_program_template)
EXTRA_DIST += src/out/picture/page.css src/out/picture/film.css src/out/picture/film.js
BUILT_SOURCES += $(page_parts)
CLEANFILES += $(page_parts)

# Of the pages of the course: with what their policy calls them.
teach_parts = src/out/teach/teach_css.inc src/out/teach/lesson_page_js.inc
embed = $(AM_V_GEN)$(MKDIR_P) src/out/teach && $(SHELL) '$(srcdir)/src/out/teach/embed.sh'
src/out/teach/teach_css.inc: src/out/teach/teach.css src/out/teach/embed.sh
	$(embed) teach_css '$(srcdir)/src/out/teach/teach.css' >$@-t && mv $@-t $@
src/out/teach/lesson_page_js.inc: src/out/teach/lesson_page.js src/out/teach/embed.sh
	$(embed) lesson_page_js '$(srcdir)/src/out/teach/lesson_page.js' >$@-t && mv $@-t $@
src/out/teach/page_frame.$(OBJEXT) src/out/teach/lesson_page.$(OBJEXT): $(teach_parts)
EXTRA_DIST += src/out/teach/embed.sh src/out/teach/teach.css src/out/teach/lesson_page.js
BUILT_SOURCES += $(teach_parts)
CLEANFILES += $(teach_parts)


out_tests = tests/unit/out_grade tests/unit/out_ansi tests/unit/out_cast tests/unit/out_formats tests/unit/out_html tests/unit/out_json \
	tests/unit/out_notes tests/unit/out_program tests/unit/out_svg tests/unit/out_text tests/unit/view_blame
out_test_libraries = src/libout.a src/libview.a src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += $(out_tests)
TESTS += $(out_tests)

tests_unit_out_json_SOURCES = \
	tests/unit/out_json.c tests/unit/view_fixture.h tests/unit/view_stories.h tests/unit/tap.h
tests_unit_out_json_LDADD = $(out_test_libraries)
tests_unit_out_program_SOURCES = tests/unit/out_program.c tests/unit/command_list.h tests/unit/tap.h
tests_unit_out_program_LDADD = $(out_test_libraries)
tests_unit_out_grade_SOURCES = tests/unit/out_grade.c tests/unit/tap.h
tests_unit_out_grade_LDADD = $(out_test_libraries)
tests_unit_out_text_SOURCES = tests/unit/out_text.c tests/unit/tap.h
tests_unit_out_text_LDADD = $(out_test_libraries)

picture_test_sources = tests/unit/golden.h tests/unit/picture_fixture.h tests/unit/picture_golden.h tests/unit/view_fixture.h \
	tests/unit/view_stories.h tests/unit/tap.h
tests_unit_view_blame_SOURCES = tests/unit/view_blame.c $(picture_test_sources)
tests_unit_view_blame_LDADD = $(out_test_libraries)
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
