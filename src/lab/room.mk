noinst_LIBRARIES += src/liblab.a
src_liblab_a_SOURCES = \
	src/lab/clerk.c src/lab/clerk.h \
	src/lab/evidence.c src/lab/evidence.h \
	src/lab/file.c src/lab/file.h \
	src/lab/lab.c src/lab/lab.h src/lab/private.h \
	src/lab/lifeline.c src/lab/lifeline.h \
	src/lab/mapping.c src/lab/mapping.h \
	src/lab/process.c \
	src/lab/receive.c \
	src/lab/wire.c src/lab/wire.h \
	src/lab/worker.c src/lab/worker.h
