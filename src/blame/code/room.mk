src_libblame_a_SOURCES += \
	src/blame/code/build.c src/blame/code/build.h \
	src/blame/code/code.c src/blame/code/code.h src/blame/code/code_private.h \
	src/blame/code/code_module.c src/blame/code/code_module.h \
	src/blame/code/code_stack.c \
	src/blame/code/served_command.c \
	src/blame/code/debug_file.c src/blame/code/debug_file.h \
	src/blame/code/dwarf_value.c src/blame/code/dwarf_value.h \
	src/blame/code/perf_map.c src/blame/code/perf_map.h \
	src/blame/code/python_object.c src/blame/code/python_object.h \
	src/blame/code/python_places.c src/blame/code/python_places.h \
	src/blame/code/python_scan.c src/blame/code/python_scan.h \
	src/blame/code/python_stack.c src/blame/code/python_stack.h \
	src/blame/code/unwind_table.c src/blame/code/unwind_table.h

check_PROGRAMS += tests/unit/blame_code
TESTS += tests/unit/blame_code
tests_unit_blame_code_SOURCES = tests/unit/blame_code.c tests/unit/tap.h
tests_unit_blame_code_LDADD = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(LIBDW_LIBS) $(LIBINTL)
