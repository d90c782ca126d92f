noinst_LIBRARIES += src/libout.a
src_libout_a_SOURCES = \
	src/out/json.c src/out/json.h \
	src/out/save.c \
	src/out/text.c src/out/text.h

