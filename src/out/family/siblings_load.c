#include "config.h"
#include "out/family/siblings_load.h"

/* null: COUNT_UNKNOWN */
static uint64_t
siblings_read_pages(
    struct json_reader *reader, const json_t *object, const char *key, const struct family *family)
{
	uint64_t kib = read_count(reader, object, key);

	return kib == COUNT_UNKNOWN ? kib : kib / (family->page_size / 1024);
}

static uint64_t
siblings_read_known(
    struct json_reader *reader, const json_t *object, const char *key, const struct family *family)
{
	uint64_t pages = siblings_read_pages(reader, object, key, family);

	return pages == COUNT_UNKNOWN ? 0 : pages;
}

static void
load_how(struct json_reader *reader, const json_t *object, struct family *family)
{
	double age = json_number_value(json_object_get(object, "age_ms")) * 1e6;

	family->equal_places = siblings_read_pages(reader, object, "anywhere_kib", family);
	family->siblings_in = (uint32_t)read_number(reader, object, "one_place_in", UINT32_MAX);
	family->siblings_ns =
	    age >= 0 && age < (double)family->end_ns ? family->end_ns - (uint64_t)age : 0;
}

void
siblings_load(struct json_reader *reader, const json_t *object, struct family *family,
    struct siblings *siblings)
{
	const json_t *told = json_object_get(object, "siblings")
	    ? reader_enter(reader, object, "siblings", JSON_OBJECT)
	    : NULL;
	uint64_t preload;

	if (!told)
		return;
	siblings->equal = siblings_read_known(reader, told, "equal_kib", family);
	preload = siblings_read_known(reader, told, "preload_kib", family);
	siblings->copies = siblings->equal > preload ? siblings->equal - preload : 0;
	siblings->zeros = siblings_read_known(reader, told, "of_zeros_kib", family);
	siblings->compared = siblings_read_known(reader, told, "compared_kib", family);
	siblings->unread = siblings_read_known(reader, told, "unread_kib", family);
	if (siblings == &family->siblings)
		load_how(reader, told, family);
	reader_leave(reader);
}
