src_libblame_a_SOURCES += \
	src/blame/code/build.c src/blame/code/build.h \
	src/blame/code/code.c src/blame/code/code.h src/blame/code/code_private.h \
	src/blame/code/code_module.c src/blame/code/code_module.h \
	src/blame/code/code_stack.c \
	src/blame/code/served_command.c \
	src/blame/code/debug_file.c src/blame/code/debug_file.h \
	src/blame/code/dwarf_value.c src/blame/code/dwarf_value.h \
	src/blame/code/function_bounds.c src/blame/code/function_bounds.h \
	src/blame/code/perf_map.c src/blame/code/perf_map.h \
	src/blame/code/python_object.c src/blame/code/python_object.h \
	src/blame/code/python_places.c src/blame/code/python_places.h \
	src/blame/code/bytecode.c src/blame/code/bytecode.h src/blame/code/code_names.c src/blame/code/code_names.h \
	src/blame/code/python_stack.c src/blame/code/python_stack.h \
	src/blame/code/ruby_iseq.c src/blame/code/ruby_iseq.h \
	src/blame/code/ruby_stack.c src/blame/code/ruby_stack.h \
	src/blame/code/unwind_table.c src/blame/code/unwind_table.h

check_PROGRAMS += tests/unit/blame_code tests/unit/blame_iseq
TESTS += tests/unit/blame_code tests/unit/blame_iseq
tests_unit_blame_code_SOURCES = tests/unit/blame_code.c tests/unit/tap.h
tests_unit_blame_code_LDADD = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(LIBDW_LIBS) $(LIBINTL)
tests_unit_blame_iseq_SOURCES = tests/unit/blame_iseq.c tests/unit/paper.h tests/unit/paper_iseq.h tests/unit/tap.h
tests_unit_blame_iseq_LDADD = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(LIBDW_LIBS) $(LIBINTL)
