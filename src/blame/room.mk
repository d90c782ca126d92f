noinst_LIBRARIES += src/libblame.a
src_libblame_a_SOURCES = \
	src/blame/code/code.h \
	src/blame/data/data.h src/blame/data/decoder.h \
	src/blame/event/fault.h \
	src/blame/memory.h \
	src/blame/suspect.c src/blame/suspect.h
