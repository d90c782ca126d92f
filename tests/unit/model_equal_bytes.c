/* What one frame would do for, on paper. */
#include "config.h"
#include "model/family/equal_bytes.h"
#include "tap.h"

#define OWN(lineage, hash, frame) \
	{ \
		lineage, hash, frame, false, false, false \
	}
#define COPY(lineage, hash, frame) \
	{ \
		lineage, hash, frame, true, false, false \
	}
#define FILE_PAGE(lineage, hash, frame) \
	{ \
		lineage, hash, frame, false, true, false \
	}
#define ZEROS(lineage, frame) \
	{ \
		lineage, 7, frame, false, false, true \
	}

#define PLACE_MOST 6

static const struct {
	const char *what;
	struct equal_page pages[PLACE_MOST];
	size_t count;
	uint64_t equal, copies, zeros;
	size_t left;
} places[] = {
    {"nobody", {OWN(0, 0, 0)}, 0, 0, 0, 0, 0},
    {"one alone", {OWN(1, 5, 10)}, 1, 0, 0, 0, 1},
    {"three loaded the same", {OWN(1, 5, 10), OWN(1, 5, 11), OWN(1, 5, 12)}, 3, 2, 0, 0, 3},
    {"and one loaded something else", {OWN(1, 5, 10), OWN(1, 6, 11), OWN(1, 5, 12)}, 3, 1, 0, 0, 3},
    {"two pairs", {OWN(1, 5, 10), OWN(1, 6, 11), OWN(1, 5, 12), OWN(1, 6, 13)}, 4, 2, 0, 0, 4},
    {"a frame that two share counts once", {OWN(1, 5, 10), OWN(1, 5, 10), OWN(1, 5, 12)}, 3, 1, 0,
	0, 2},
    {"other lineages are other places", {OWN(1, 5, 10), OWN(2, 5, 11)}, 2, 0, 0, 0, 2},
    {"a copy like the original", {OWN(1, 5, 10), COPY(1, 5, 11)}, 2, 1, 1, 0, 2},
    {"two copies alike, the original gone", {COPY(1, 5, 10), COPY(1, 5, 11)}, 2, 1, 1, 0, 2},
    {"one loaded it, one copied it", {OWN(1, 5, 10), OWN(1, 5, 11), COPY(1, 5, 12)}, 3, 2, 1, 0, 3},
    {"a copy like the file's page", {FILE_PAGE(1, 5, 10), COPY(1, 5, 11)}, 2, 1, 1, 0, 2},
    {"zeros count apart", {ZEROS(1, 10), ZEROS(1, 11), ZEROS(1, 11), OWN(1, 7, 12)}, 4, 0, 0, 2, 1},
};

static void
test_places(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct equal_page pages[PLACE_MOST];
		struct siblings sum = {0};
		size_t left;

		for (size_t k = 0; k < places[i].count; k++)
			pages[k] = places[i].pages[k];
		left = equal_at_place(pages, places[i].count, &sum);
		is_number(sum.equal, places[i].equal, "%s: frames too many", places[i].what);
		is_number(sum.copies, places[i].copies, "%s: of them copies", places[i].what);
		is_number(sum.zeros, places[i].zeros, "%s: frames of zeros", places[i].what);
		is_number(left, places[i].left, "%s: frames left", places[i].what);
	}
}

static void
test_anywhere(void)
{
	static const struct equal_page pages[] = {OWN(1, 5, 10), OWN(1, 6, 11), OWN(2, 5, 12),
	    FILE_PAGE(1, 5, 13), OWN(1, 5, 10), COPY(1, 9, 14)};
	struct equal_frames frames = {0};

	is_number(equal_frames_count(&frames), 0, "anywhere: nothing");
	for (size_t i = 0; i < 100; i++)
		equal_frames_add(&frames, pages, sizeof(pages) / sizeof(pages[0]));
	is_number(equal_frames_count(&frames), 1,
	    "anywhere: two frames hold the same, whatever the lineage; no file's");
	equal_frames_release(&frames);
	is_number(frames.count, 0, "anywhere: released");
}

int
main(void)
{
	test_places();
	test_anywhere();
	return done_testing();
}
