src_libblame_a_SOURCES += \
	src/blame/data/cpython.c src/blame/data/cpython.h \
	src/blame/data/cpython_keys.c src/blame/data/cpython_object.c src/blame/data/cpython_pool.c \
	src/blame/data/data.c src/blame/data/data.h \
	src/blame/data/decoder.h src/blame/data/decoders.h \
	src/blame/data/glibc.c src/blame/data/glibc.h \
	src/blame/data/glibc_arena.c src/blame/data/glibc_heap.c \
	src/blame/data/mapped.c src/blame/data/mapped.h \
	src/blame/data/program.c src/blame/data/program.h \
	src/blame/data/ruby.c src/blame/data/ruby.h \
	src/blame/data/ruby_page.c src/blame/data/ruby_slot.c \
	src/blame/data/thread_stack.c
