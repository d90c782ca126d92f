# Bytes from anywhere: in make check a driver mutates seeds; make fuzz-targets CC=clang explores with libFuzzer.
fuzz_names = code cpython elf glibc iseq perf_record python_code ruby
fuzz_tests = tests/fuzz/fuzz_code tests/fuzz/fuzz_python_code tests/fuzz/fuzz_cpython tests/fuzz/fuzz_elf tests/fuzz/fuzz_glibc tests/fuzz/fuzz_iseq tests/fuzz/fuzz_perf_record tests/fuzz/fuzz_ruby
check_PROGRAMS += $(fuzz_tests)
TESTS += $(fuzz_tests)
fuzz_libs = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBDW_LIBS) $(LIBINTL)
tests_fuzz_fuzz_code_SOURCES = tests/fuzz/fuzz_code.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_code_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_python_code_SOURCES = tests/fuzz/fuzz_python_code.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_python_code_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_cpython_SOURCES = tests/fuzz/fuzz_cpython.c tests/fuzz/fuzz.h tests/fuzz/fuzz_memory.h
tests_fuzz_fuzz_cpython_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_elf_SOURCES = tests/fuzz/fuzz_elf.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_elf_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_glibc_SOURCES = tests/fuzz/fuzz_glibc.c tests/fuzz/fuzz.h tests/fuzz/fuzz_memory.h
tests_fuzz_fuzz_glibc_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_iseq_SOURCES = tests/fuzz/fuzz_iseq.c tests/fuzz/fuzz.h tests/unit/paper_iseq.h
tests_fuzz_fuzz_iseq_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_perf_record_SOURCES = tests/fuzz/fuzz_perf_record.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_perf_record_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_ruby_SOURCES = tests/fuzz/fuzz_ruby.c tests/fuzz/fuzz.h tests/fuzz/fuzz_memory.h
tests_fuzz_fuzz_ruby_LDADD = $(fuzz_libs)

# In a tree that was built with clang and --enable-sanitizers. Each then runs as tests/fuzz/explore_NAME CORPUS;
# SEEDS=CORPUS writes the seeds there first.
fuzz-targets: all
	@for name in $(fuzz_names); do \
		$(CC) $(DEFS) -I. $(AM_CPPFLAGS) $(CPPFLAGS) $(AM_CFLAGS) $(CFLAGS) -DFUZZ_LIBFUZZER -fsanitize=fuzzer \
			-o tests/fuzz/explore_$$name $(srcdir)/tests/fuzz/fuzz_$$name.c $(fuzz_libs) || exit 1; \
	done
.PHONY: fuzz-targets
MOSTLYCLEANFILES = tests/fuzz/explore_code tests/fuzz/explore_python_code tests/fuzz/explore_cpython tests/fuzz/explore_elf tests/fuzz/explore_glibc tests/fuzz/explore_iseq tests/fuzz/explore_perf_record tests/fuzz/explore_ruby
