/*
 * A target for fuzzing. It fills one seed after the other, and takes any bytes:
 *
 *	size_t fuzz_seed(unsigned which, uint8_t *bytes, size_t room): its size, 0 after the last
 *	void fuzz_bytes(const uint8_t *bytes, size_t size): ends, and neither crashes nor reads
 *without bound; fuzz_expect() says what else must hold
 *
 * In make check a driver of its own runs the seeds and ROUNDS mutations of them (from SEED on),
 *which sanitizers look at where they are built in. With libFuzzer (make fuzz-targets CC=clang) the
 *same target explores by itself.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_ROOM ((size_t)1 << 20)

static size_t fuzz_seed(unsigned which, uint8_t *bytes, size_t room);
static void fuzz_bytes(const uint8_t *bytes, size_t size);

__attribute__((unused)) static void
fuzz_expect(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "# not so: %s\n", what);
	abort();
}

#ifdef FUZZ_LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_bytes(bytes, size);
	return 0;
}

/* With SEEDS=DIRECTORY it begins from them, written there. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *directory = getenv("SEEDS");
	uint8_t *bytes = malloc(FUZZ_ROOM);
	size_t size;

	(void)argc;
	(void)argv;
	for (unsigned which = 0; directory && (size = fuzz_seed(which, bytes, FUZZ_ROOM));
	     which++) {
		char path[4096];
		FILE *file;

		snprintf(path, sizeof(path), "%s/%u", directory, which);
		file = fopen(path, "wb");
		if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
			abort();
	}
	free(bytes);
	return 0;
}

#else

#include "base/dice.h"

/* Most of what a seed holds is nothing: where something stands, as far as it is soon found. */
static size_t
fuzz_place(struct dice *dice, const uint8_t *bytes, size_t size)
{
	size_t at = dice_below(dice, (uint32_t)size);

	for (unsigned i = 0; i < 64 && !bytes[at]; i++)
		at = dice_below(dice, (uint32_t)size);
	return at;
}

/* Bytes, words, words that are elsewhere in it (most of them addresses), and ends. */
static void
fuzz_mutate(struct dice *dice, uint8_t *bytes, size_t *size)
{
	static const uint64_t odd[] = {0, 1, UINT64_MAX, INT64_MAX, 1u << 31, 0x8000000000000000};
	size_t at = fuzz_place(dice, bytes, *size), from = fuzz_place(dice, bytes, *size);
	size_t word = at / 8 * 8, other = from / 8 * 8;

	switch (dice_below(dice, 6)) {
	case 0:
		bytes[at] ^= (uint8_t)(1u << dice_below(dice, 8));
		break;
	case 1:
		bytes[at] = (uint8_t)dice_below(dice, 256);
		break;
	case 2:
		if (word + 8 <= *size)
			memcpy(bytes + word, &odd[dice_below(dice, 6)], 8);
		break;
	case 3:
		if (word + 8 <= *size && other + 8 <= *size)
			memmove(bytes + word, bytes + other, 8);
		break;
	case 4:
		if (word + 64 <= *size && other + 64 <= *size)
			memmove(bytes + word, bytes + other, 64);
		break;
	default:
		if (dice_below(dice, 64) == 0)
			*size = at + 1;
	}
}

static unsigned
fuzz_number(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void
fuzz_rounds(const uint8_t *seed, size_t size, unsigned rounds, struct dice *dice)
{
	uint8_t *bytes = malloc(FUZZ_ROOM);

	for (unsigned round = 0; round < rounds; round++) {
		size_t now = size;

		memcpy(bytes, seed, size);
		for (unsigned i = 1 + dice_below(dice, 16); i; i--)
			fuzz_mutate(dice, bytes, &now);
		fuzz_bytes(bytes, now);
	}
	free(bytes);
}

int
main(void)
{
	unsigned rounds = fuzz_number("ROUNDS", 1000), which = 0;
	struct dice dice = {fuzz_number("SEED", 1)};
	uint8_t *seed = malloc(FUZZ_ROOM);
	size_t size;

	for (; (size = fuzz_seed(which, seed, FUZZ_ROOM)); which++) {
		fuzz_bytes(seed, size);
		fuzz_rounds(seed, size, rounds, &dice);
		printf("ok %u - seed %u and %u mutations of it\n", which + 1, which, rounds);
		fflush(stdout);
	}
	free(seed);
	printf("1..%u\n", which);
	return 0;
}

#endif
#endif
