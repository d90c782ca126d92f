noinst_LIBRARIES += src/libblame.a
src_libblame_a_SOURCES = \
	src/blame/code/code.h \
	src/blame/data/cpython.c \
	src/blame/data/data.c src/blame/data/data.h \
	src/blame/data/decoder.h src/blame/data/decoders.h \
	src/blame/data/glibc.c \
	src/blame/data/mapped.c src/blame/data/mapped.h \
	src/blame/data/program.c src/blame/data/program.h \
	src/blame/data/ruby.c \
	src/blame/data/thread_stack.c \
	src/blame/elf_symbols.c src/blame/elf_symbols.h \
	src/blame/event/fault.h \
	src/blame/memory.h \
	src/blame/suspect.c src/blame/suspect.h src/blame/suspect_file.c
