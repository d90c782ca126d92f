# Each lesson by name: tests/live/lessons.py holds the list against the directory.
lessonsdir = $(pkgdatadir)/lessons
dist_lessons_DATA = \
	lessons/beyond.md \
	lessons/cow.md \
	lessons/demand-paging.md \
	lessons/ends.md \
	lessons/fork.md \
	lessons/four-kinds.md \
	lessons/ipc.md \
	lessons/msync.md \
	lessons/offset-length.md \
	lessons/posix-shm.md \
	lessons/protection.md \
	lessons/read-write-mmap.md \
	lessons/refcounts.md \
	lessons/shared-anon.md \
	lessons/shared-file.md \
	lessons/sigbus.md
