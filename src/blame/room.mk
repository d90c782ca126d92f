noinst_LIBRARIES += src/libblame.a
src_libblame_a_SOURCES = \
	src/blame/elf_file.c src/blame/elf_file.h \
	src/blame/elf_symbols.c src/blame/elf_symbols.h \
	src/blame/event/fault_events.c src/blame/event/fault_events.h \
	src/blame/event/fault.h \
	src/blame/event/perf_record.c src/blame/event/perf_record.h \
	src/blame/event/refusal.c src/blame/event/refusal.h \
	src/blame/event/registers.h \
	src/blame/event/ring.c src/blame/event/ring.h \
	src/blame/event/rings.c src/blame/event/rings.h \
	src/blame/event/threads.c src/blame/event/threads.h \
	src/blame/event/tracepoint.c src/blame/event/tracepoint.h \
	src/blame/memory.h \
	src/blame/memory_sweep.c src/blame/memory_sweep.h \
	src/blame/suspect.c src/blame/suspect.h \
	src/blame/target_file.c src/blame/target_file.h

blame_tests = tests/unit/blame_events tests/unit/blame_perf_record
check_PROGRAMS += $(blame_tests)
TESTS += $(blame_tests)
tests_unit_blame_events_SOURCES = tests/unit/blame_events.c tests/unit/tap.h
tests_unit_blame_events_LDADD = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBINTL)
tests_unit_blame_perf_record_SOURCES = tests/unit/blame_perf_record.c tests/unit/tap.h
tests_unit_blame_perf_record_LDADD = src/libblame.a src/libmodel.a src/libbase.a $(LIBINTL)
