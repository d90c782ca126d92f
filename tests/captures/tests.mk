# SVG and HTML: samples, read by parsers, renderers and a browser.
check_PROGRAMS += tests/captures/samples
tests_captures_samples_SOURCES = tests/captures/samples.c tests/unit/view_fixture.h tests/unit/view_stories.h
tests_captures_samples_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit
tests_captures_samples_LDADD = $(out_test_libraries)

capture_tests = tests/captures/film.py tests/captures/lesson_page.py tests/captures/lesson_walk.py tests/captures/markup.py tests/captures/render.py
TESTS += $(capture_tests)
dist_check_SCRIPTS += $(capture_tests)
EXTRA_DIST += tests/captures/browser.py tests/captures/captures.py tests/captures/firefox.py tests/captures/image.py

# Arbitrary canvases in every format, read by real parsers.
check_PROGRAMS += tests/captures/fuzz
tests_captures_fuzz_SOURCES = tests/captures/fuzz.c tests/captures/random.h tests/unit/view_fixture.h tests/unit/view_stories.h
tests_captures_fuzz_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit
tests_captures_fuzz_LDADD = $(out_test_libraries)
TESTS += tests/captures/fuzz.py
dist_check_SCRIPTS += tests/captures/fuzz.py
