noinst_LIBRARIES += src/libattach.a
src_libattach_a_SOURCES = \
	src/attach/attach.h \
	src/attach/freeze.c src/attach/freeze.h \
	src/attach/held.c src/attach/held.h \
	src/attach/look.c \
	src/attach/maps.c src/attach/maps.h \
	src/attach/prior.c src/attach/prior.h \
	src/attach/private.h \
	src/attach/reader.c src/attach/reader.h \
	src/attach/refresh.c \
	src/attach/sample.c \
	src/attach/sharing.c \
	src/attach/who.c src/attach/who.h \
	src/attach/window.c
