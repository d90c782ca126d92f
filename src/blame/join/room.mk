src_libblame_a_SOURCES += \
	src/blame/join/blame_sums.c src/blame/join/blame_sums.h \
	src/blame/join/copies_between.c src/blame/join/copies_between.h \
	src/blame/join/fault_explain.c src/blame/join/fault_explain.h \
	src/blame/join/fault_table.c src/blame/join/fault_table.h \
	src/blame/join/inquest.c src/blame/join/inquest.h \
	src/blame/join/kindred.c src/blame/join/kindred.h \
	src/blame/join/names_pool.c src/blame/join/names_pool.h
