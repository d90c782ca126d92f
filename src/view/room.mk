noinst_LIBRARIES += src/libview.a
src_libview_a_SOURCES = \
	src/view/canvas/appearance.c src/view/canvas/appearance.h \
	src/view/lab/bars.c \
	src/view/canvas/wording.c src/view/canvas/wording.h \
	src/view/canvas/bottom.c src/view/canvas/bottom.h \
	src/view/canvas/canvas.c src/view/canvas/canvas.h \
	src/view/lab/scene_draw.h \
	src/view/canvas/drawing.c src/view/canvas/drawing.h src/view/canvas/drawing_read.c \
	src/view/lab/code_view.c \
	src/view/family/diff_report.c \
	src/view/family/blame_chart.c src/view/family/blame_chart.h \
	src/view/family/blame_report.c src/view/family/blame_report.h \
	src/view/family/blame_view.c src/view/family/blame_view.h \
	src/view/family/family_report.c src/view/family/family_report.h \
	src/view/lab/explain.c src/view/lab/explain.h \
	src/view/canvas/facts.c src/view/canvas/facts.h \
	src/view/family/axis.c \
	src/view/family/family_draw.h \
	src/view/family/erosion_chart.c src/view/family/erosion_rows.c src/view/family/erosion_words.c \
	src/view/family/listed.c \
	src/view/family/map.c \
	src/view/family/mappings.c \
	src/view/family/move.c \
	src/view/family/page.c \
	src/view/family/processes.c \
	src/view/family/same.c \
	src/view/family/costs_words.c src/view/family/costs_words.h \
	src/view/family/siblings_words.c src/view/family/siblings_words.h \
	src/view/family/family_scene.c src/view/family/family_scene.h \
	src/view/family/family_text.c \
	src/view/lab/frame_entries.c src/view/lab/frame_entries.h \
	src/view/canvas/glyph.c src/view/canvas/glyph.h \
	src/view/canvas/help.c src/view/canvas/help.h src/view/canvas/help_text.c src/view/canvas/help_text.h \
	src/view/lab/guided.c \
	src/view/lab/layout.c \
	src/view/canvas/look.c src/view/canvas/look.h \
	src/view/lab/page_alone.c \
	src/view/lab/panels.c \
	src/view/lab/report.c src/view/lab/report.h \
	src/view/lab/report_explain.c \
	src/view/teach/guide.h src/view/teach/guide_copy.c \
	src/view/teach/guide_pages.c src/view/teach/guide_paper.c src/view/teach/guide_paper.h src/view/teach/guide_shows.c src/view/teach/guide_votes.c \
	src/view/canvas/overlay.h \
	src/view/lab/scene.c src/view/lab/scene.h \
	src/view/canvas/strokes.c src/view/canvas/strokes.h \
	src/view/canvas/theme.c src/view/canvas/theme.h \
	src/view/lab/story.c \
	src/view/canvas/wrap.c src/view/canvas/wrap.h

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
