# PNG and PDF: drawings as bytes, their helper, what it draws.
check_PROGRAMS += tests/unit/out_draw tests/unit/view_strokes tests/captures/shots
TESTS += tests/unit/out_draw tests/unit/view_strokes
tests_unit_out_draw_SOURCES = tests/unit/out_draw.c tests/captures/random.h tests/unit/tap.h
tests_unit_out_draw_LDADD = $(out_test_libraries)
tests_unit_view_strokes_SOURCES = tests/unit/view_strokes.c tests/unit/tap.h
tests_unit_view_strokes_LDADD = src/libview.a src/libbase.a $(LIBINTL)

# What the Python tests compare with.
tests_captures_shots_SOURCES = tests/captures/shots.c tests/unit/view_fixture.h tests/unit/view_stories.h
tests_captures_shots_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit
tests_captures_shots_LDADD = $(out_test_libraries)
draw_tests = tests/captures/helper.py tests/captures/pdf.py tests/captures/png.py
dist_check_SCRIPTS += $(draw_tests)
TESTS += $(draw_tests)
EXTRA_DIST += tests/captures/lsan.supp tests/captures/shots.py

if CAIRO
check_PROGRAMS += tests/captures/draw_random tests/unit/draw_trial
TESTS += tests/captures/draw_random tests/unit/draw_trial
endif
tests_captures_draw_random_SOURCES = tests/captures/draw_random.c tests/captures/random.h tests/unit/tap.h
tests_captures_draw_random_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit
tests_captures_draw_random_LDADD = $(draw_libraries)
tests_unit_draw_trial_SOURCES = tests/unit/draw_trial.c tests/unit/tap.h
tests_unit_draw_trial_LDADD = $(draw_libraries)

EXTRA_PROGRAMS += tests/bench/draw
BENCHES += tests/bench/draw
tests_bench_draw_SOURCES = tests/bench/draw.c tests/bench/bench.h tests/unit/view_fixture.h tests/unit/view_stories.h
tests_bench_draw_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit
tests_bench_draw_LDADD = $(out_test_libraries)
