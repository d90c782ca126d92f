/*
 * decode PID [BEFORE] < ADDRESSES: what data_find() says of each address (hexadecimal, one a line)
 * of the process, as "address cause runtime object". BEFORE is the process that it was forked from.
 * An empty line reads the process anew; the answer to it is an empty line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "blame/data/data.h"

static void
decode_line(struct data *data, struct suspect *suspect, struct suspect *before, const char *line)
{
	uint64_t address = strtoull(line, NULL, 16);
	struct data_found found;

	data_find(data, suspect, before, address, &found);
	printf("%" PRIx64 "\t%s\t%s\t%s\n", address, cause_word(found.cause),
	    runtime_word(found.runtime), found.object);
}

int
main(int argc, char **argv)
{
	struct suspect suspect, before;
	struct data *data = data_new();
	char line[64];

	if (argc < 2 || !suspect_open(&suspect, atoi(argv[1])) ||
	    (argc > 2 && !suspect_open(&before, atoi(argv[2])))) {
		perror("decode");
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		if (line[0] != '\n') {
			decode_line(data, &suspect, argc > 2 ? &before : NULL, line);
			continue;
		}
		suspect_forget(&suspect);
		suspect_refresh_maps(&suspect);
		if (argc > 2)
			suspect_forget(&before);
		puts("");
		fflush(stdout);
	}
	fprintf(stderr, "pages read: %" PRIu64 "\n", suspect.reads);
	data_free(data);
	suspect_close(&suspect);
	if (argc > 2)
		suspect_close(&before);
	return 0;
}
