#include "config.h"
#include "blame/data/decoders.h"

static void *
ruby_recognize(const struct module *module, const struct memory_reader *memory)
{
	(void)module;
	(void)memory;
	return NULL;
}

static void
ruby_forget(void *layout)
{
	(void)layout;
}

static bool
ruby_find(void *layout, const struct data_place *place, struct data_found *found)
{
	(void)layout;
	(void)place;
	(void)found;
	return false;
}

const struct decoder decoder_ruby = {
    RUNTIME_RUBY, ruby_recognize, ruby_forget, ruby_find, NULL, NULL};
