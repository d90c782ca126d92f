/* A sample solution: a counter in each page makes a copy of it. */
#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE ((size_t)8 << 20)
#define PAGE 4096

static void
work(char *data)
{
	volatile long sum = 0;

	for (size_t at = 0; at < SIZE; at += PAGE)
		sum += ++data[at];
	for (;;)
		pause();
}

int
main(void)
{
	char *data = malloc(SIZE);

	if (!data)
		return 1;
	memset(data, 1, SIZE);
	for (int i = 0; i < 3; i++)
		if (fork() == 0)
			work(data);
	for (;;)
		pause();
}
