/*
 * Writes known pages in known functions: pages of "area N START" are written by function N, called
 * by outer. Waits for a line on standard input before. Builds in any way: stripped, static, 32 bit.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define PAGES 64
#define PAGE 4096

#define APART __attribute__((noinline, noclone))

volatile int depth_of_outer;

static APART void
hidden(volatile char *area)
{
	for (int i = 0; i < PAGES; i++)
		area[i * PAGE] = 1;
	depth_of_outer++;
}

APART void
open_to_all(volatile char *area)
{
	for (int i = 0; i < PAGES; i++)
		area[i * PAGE] = 2;
	depth_of_outer++;
}

APART void
by_library(char *area)
{
	for (int i = 0; i < PAGES; i++)
		memset(area + i * PAGE, i, 3000);
	depth_of_outer++;
}

APART void
outer(void (*inner)(char *), char *area)
{
	depth_of_outer--;
	inner(area);
	depth_of_outer++;
}

int
main(void)
{
	void (*const inner[])(char *) = {
	    (void (*)(char *))hidden, (void (*)(char *))open_to_all, by_library};
	const char *name[] = {"hidden", "open_to_all", "by_library"};
	char *area[3], line[16];

	for (int i = 0; i < 3; i++) {
		area[i] = mmap(
		    NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		madvise(area[i], PAGES * PAGE, MADV_NOHUGEPAGE);
		printf("area %s %lx %lx\n", name[i], (unsigned long)area[i],
		    (unsigned long)area[i] + PAGES * PAGE);
	}
	puts("go");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	for (int i = 0; i < 3; i++)
		outer(inner[i], area[i]);
	puts("done");
	fflush(stdout);
	return !fgets(line, sizeof(line), stdin);
}
