noinst_LIBRARIES += src/libview.a
src_libview_a_SOURCES = \
	src/view/bars.c \
	src/view/bottom.c src/view/bottom.h \
	src/view/canvas.c src/view/canvas.h \
	src/view/draw.h \
	src/view/drawing.c src/view/drawing.h src/view/drawing_read.c \
	src/view/diff_report.c \
	src/view/family_report.c src/view/family_report.h \
	src/view/explain.c src/view/explain.h \
	src/view/facts.c src/view/facts.h \
	src/view/family_axis.c \
	src/view/family_draw.h \
	src/view/family_erosion.c src/view/family_erosion_rows.c \
	src/view/family_list.c \
	src/view/family_map.c \
	src/view/family_mappings.c \
	src/view/family_move.c \
	src/view/family_page.c \
	src/view/family_processes.c \
	src/view/family_same.c \
	src/view/family_scene.c src/view/family_scene.h \
	src/view/family_text.c \
	src/view/frames.c src/view/frames.h \
	src/view/glyph.c src/view/glyph.h \
	src/view/help.c src/view/help.h \
	src/view/layout.c \
	src/view/look.c src/view/look.h \
	src/view/pages.c \
	src/view/panels.c \
	src/view/report.c src/view/report.h \
	src/view/report_explain.c src/view/report_help.c \
	src/view/guide.c src/view/guide.h src/view/guide_copy.c \
	src/view/guide_pages.c src/view/guide_paper.c src/view/guide_paper.h src/view/guide_shows.c src/view/guide_votes.c \
	src/view/overlay.h \
	src/view/scene.c src/view/scene.h \
	src/view/strokes.c src/view/strokes.h \
	src/view/theme.c src/view/theme.h \
	src/view/words.c \
	src/view/wrap.c src/view/wrap.h

view_tests = \
	tests/unit/view_canvas \
	tests/unit/view_family \
	tests/unit/view_guide \
	tests/unit/view_report \
	tests/unit/view_scene \
	tests/unit/view_screens \
	tests/unit/view_theme \
	tests/unit/view_vision
view_test_headers = tests/unit/view_fixture.h tests/unit/view_stories.h tests/unit/tap.h
view_test_libraries = src/libout.a src/libview.a src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += $(view_tests)
TESTS += $(view_tests)

tests_unit_view_canvas_SOURCES = tests/unit/view_canvas.c tests/unit/tap.h
tests_unit_view_canvas_LDADD = src/libview.a src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_view_family_SOURCES = tests/unit/view_family.c tests/unit/family_fixture.h tests/unit/golden.h tests/unit/tap.h
tests_unit_view_family_LDADD = $(view_test_libraries)
tests_unit_view_guide_SOURCES = tests/unit/view_guide.c $(view_test_headers)
tests_unit_view_guide_LDADD = $(view_test_libraries)
tests_unit_view_report_SOURCES = tests/unit/view_report.c $(view_test_headers)
tests_unit_view_report_LDADD = $(view_test_libraries)
tests_unit_view_scene_SOURCES = tests/unit/view_scene.c $(view_test_headers)
tests_unit_view_scene_LDADD = $(view_test_libraries)
tests_unit_view_screens_SOURCES = tests/unit/view_screens.c $(view_test_headers)
tests_unit_view_screens_LDADD = $(view_test_libraries)
tests_unit_view_theme_SOURCES = tests/unit/view_theme.c tests/unit/color.h tests/unit/tap.h
tests_unit_view_theme_LDADD = src/libview.a src/libbase.a $(LIBINTL)
tests_unit_view_vision_SOURCES = tests/unit/view_vision.c tests/unit/color.h tests/unit/tap.h
tests_unit_view_vision_LDADD = src/libview.a src/libmodel.a src/libbase.a $(LIBINTL)

# The screens that tests compare, of all rooms; UPDATE=1 tests/unit/view_screens writes its own.
EXTRA_DIST += tests/golden
