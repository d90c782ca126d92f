noinst_LIBRARIES += src/liblab.a
src_liblab_a_SOURCES = \
	src/lab/clerk.c src/lab/clerk.h \
	src/lab/evidence.c src/lab/evidence.h \
	src/lab/file.c src/lab/file.h \
	src/lab/keeper.c src/lab/keeper.h \
	src/lab/lab.c src/lab/lab.h src/lab/lab_private.h \
	src/lab/lifeline.c src/lab/lifeline.h \
	src/lab/lock.c src/lab/lock.h \
	src/lab/mapping.c src/lab/mapping.h \
	src/lab/process.c \
	src/lab/receive.c \
	src/lab/sweep.c src/lab/sweep.h \
	src/lab/weigh.c src/lab/weigh.h \
	src/lab/wire.c src/lab/wire.h \
	src/lab/worker.c src/lab/worker.h

lab_libs = src/liblab.a src/libmodel.a src/libbase.a $(LIBINTL)
lab_tests = \
	tests/unit/lab_busy \
	tests/unit/lab_end \
	tests/unit/lab_file \
	tests/unit/lab_fork \
	tests/unit/lab_pages \
	tests/unit/lab_start \
	tests/unit/lab_wire
check_PROGRAMS += $(lab_tests)
TESTS += $(lab_tests)
tests_unit_lab_busy_SOURCES = tests/unit/lab_busy.c tests/unit/lab_live.h tests/unit/tap.h
tests_unit_lab_busy_LDADD = $(lab_libs)
tests_unit_lab_end_SOURCES = tests/unit/lab_end.c tests/unit/lab_live.h tests/unit/tap.h
tests_unit_lab_end_LDADD = $(lab_libs)
tests_unit_lab_file_SOURCES = tests/unit/lab_file.c tests/unit/lab_live.h tests/unit/tap.h
tests_unit_lab_file_LDADD = $(lab_libs)
tests_unit_lab_fork_SOURCES = tests/unit/lab_fork.c tests/unit/lab_live.h tests/unit/tap.h
tests_unit_lab_fork_LDADD = $(lab_libs)
tests_unit_lab_pages_SOURCES = tests/unit/lab_pages.c tests/unit/lab_live.h tests/unit/tap.h
tests_unit_lab_pages_LDADD = $(lab_libs)
tests_unit_lab_start_SOURCES = tests/unit/lab_start.c tests/unit/lab_live.h tests/unit/tap.h
tests_unit_lab_start_LDADD = $(lab_libs)
tests_unit_lab_wire_SOURCES = tests/unit/lab_wire.c tests/unit/lab_live.h tests/unit/tap.h
tests_unit_lab_wire_LDADD = $(lab_libs)
