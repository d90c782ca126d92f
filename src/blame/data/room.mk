src_libblame_a_SOURCES += \
	src/blame/data/cpython.c src/blame/data/cpython.h \
	src/blame/data/cpython_owned.c \
	src/blame/data/cpython_keys.c src/blame/data/cpython_object.c src/blame/data/cpython_pool.c \
	src/blame/data/data.c src/blame/data/data.h \
	src/blame/data/decoder.h src/blame/data/decoders.h \
	src/blame/data/glibc.c src/blame/data/glibc.h \
	src/blame/data/glibc_arena.c src/blame/data/glibc_heap.c src/blame/data/glibc_mapped.c \
	src/blame/data/owners.c src/blame/data/owners.h \
	src/blame/data/mapped.c src/blame/data/mapped.h \
	src/blame/data/program.c src/blame/data/program.h \
	src/blame/data/ruby.c src/blame/data/ruby.h \
	src/blame/data/ruby_owned.c \
	src/blame/data/ruby_page.c src/blame/data/ruby_slot.c \
	src/blame/data/thread_stack.c

data_tests = tests/unit/blame_data tests/unit/blame_cpython tests/unit/blame_glibc tests/unit/blame_ruby
check_PROGRAMS += $(data_tests)
TESTS += $(data_tests)
data_libs = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBDW_LIBS) $(LIBINTL)
tests_unit_blame_cpython_SOURCES = tests/unit/blame_cpython.c tests/unit/paper.h tests/unit/paper_cpython.h tests/unit/tap.h
tests_unit_blame_cpython_LDADD = $(data_libs)
tests_unit_blame_data_SOURCES = tests/unit/blame_data.c tests/unit/tap.h
tests_unit_blame_data_LDADD = $(data_libs)
tests_unit_blame_glibc_SOURCES = tests/unit/blame_glibc.c tests/unit/paper.h tests/unit/paper_glibc.h tests/unit/tap.h
tests_unit_blame_glibc_LDADD = $(data_libs)
tests_unit_blame_ruby_SOURCES = tests/unit/blame_ruby.c tests/unit/paper.h tests/unit/paper_ruby.h tests/unit/tap.h
tests_unit_blame_ruby_LDADD = $(data_libs)
