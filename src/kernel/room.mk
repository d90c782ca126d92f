noinst_LIBRARIES += src/libkernel.a
src_libkernel_a_SOURCES = \
	src/kernel/cachestat.c src/kernel/cachestat.h \
	src/kernel/content.c src/kernel/content.h \
	src/kernel/disk.c src/kernel/disk.h \
	src/kernel/kernel.c src/kernel/kernel.h \
	src/kernel/kpageflags.c src/kernel/kpageflags.h \
	src/kernel/maps.c src/kernel/maps.h \
	src/kernel/pages.c \
	src/kernel/pagemap.c src/kernel/pagemap.h \
	src/kernel/procps.c src/kernel/procps.h \
	src/kernel/sampling.c src/kernel/sampling.h \
	src/kernel/scan.c src/kernel/scan.h \
	src/kernel/smaps.c src/kernel/smaps.h \
	src/kernel/state.h \
	src/kernel/vitals.c src/kernel/vitals.h

kernel_tests = tests/unit/kernel_parse tests/unit/kernel_mappings tests/unit/kernel_processes tests/unit/kernel_readings
kernel_test_libraries = src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBINTL)
check_PROGRAMS += $(kernel_tests)
TESTS += $(kernel_tests)
tests_unit_kernel_parse_SOURCES = tests/unit/kernel_parse.c tests/unit/tap.h
tests_unit_kernel_parse_LDADD = $(kernel_test_libraries)
tests_unit_kernel_mappings_SOURCES = tests/unit/kernel_mappings.c tests/unit/kernel_fixture.h tests/unit/tap.h
tests_unit_kernel_mappings_LDADD = $(kernel_test_libraries)
tests_unit_kernel_processes_SOURCES = tests/unit/kernel_processes.c tests/unit/kernel_fixture.h tests/unit/tap.h
tests_unit_kernel_processes_LDADD = $(kernel_test_libraries)
tests_unit_kernel_readings_SOURCES = tests/unit/kernel_readings.c tests/unit/kernel_fixture.h tests/unit/tap.h
tests_unit_kernel_readings_LDADD = $(kernel_test_libraries)
