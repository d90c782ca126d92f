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

check_PROGRAMS += tests/unit/kernel_parse tests/unit/kernel_live
TESTS += tests/unit/kernel_parse tests/unit/kernel_live
tests_unit_kernel_parse_SOURCES = tests/unit/kernel_parse.c tests/unit/tap.h
tests_unit_kernel_parse_LDADD = src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBINTL)
tests_unit_kernel_live_SOURCES = tests/unit/kernel_live.c tests/unit/tap.h
tests_unit_kernel_live_LDADD = src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBINTL)
