#include "config.h"
#include "blame/data/decoders.h"

static void *
glibc_recognize(const struct module *module, const struct memory_reader *memory)
{
	(void)module;
	(void)memory;
	return NULL;
}

static void
glibc_forget(void *layout)
{
	(void)layout;
}

static bool
glibc_find(void *layout, const struct data_place *place, struct data_found *found)
{
	(void)layout;
	(void)place;
	(void)found;
	return false;
}

const struct decoder decoder_glibc = {
    RUNTIME_GLIBC, glibc_recognize, glibc_forget, glibc_find, NULL, NULL};
