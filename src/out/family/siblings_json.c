#include "config.h"
#include "out/family/siblings_json.h"

static void
siblings_write_pages(
    struct json *json, const char *key, const struct family *family, uint64_t pages, bool known)
{
	json_count(json, key, known ? pages * family->page_size / 1024 : COUNT_UNKNOWN);
}

static void
write_how(struct json *json, const struct family *family)
{
	uint64_t end = family->end_ns > family->siblings_ns ? family->end_ns : family->siblings_ns;

	siblings_write_pages(json, "anywhere_kib", family, family->equal_places,
	    family->equal_places != COUNT_UNKNOWN);
	json_u64(json, "one_place_in", family->siblings_in);
	json_u64(json, "hash_bits", 64);
	json_decimal(json, "age_ms", (double)(end - family->siblings_ns) / 1e6, 1);
}

void
siblings_write(struct json *json, const struct family *family, const struct siblings *siblings)
{
	bool known = siblings_known(siblings);

	if (!family->siblings_ns)
		return;
	json_object(json, "siblings");
	siblings_write_pages(json, "equal_kib", family, siblings->equal, known);
	siblings_write_pages(
	    json, "preload_kib", family, siblings->equal - siblings->copies, known);
	siblings_write_pages(json, "of_zeros_kib", family, siblings->zeros, known);
	siblings_write_pages(json, "compared_kib", family, siblings->compared, true);
	siblings_write_pages(json, "unread_kib", family, siblings->unread, true);
	if (siblings == &family->siblings)
		write_how(json, family);
	json_end(json);
}
