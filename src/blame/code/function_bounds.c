#include "config.h"
#include "blame/code/function_bounds.h"

#include <elf.h>
#include <string.h>

/* The header in the encoding that all linkers use. */
struct bounds_header {
	uint8_t version, frame_encoding, count_encoding, table_encoding;
	int32_t frame;
	uint32_t count;
};

#define COUNT_UDATA4 0x03
#define TABLE_SDATA4_DATAREL 0x3b
#define PART 0x0f
#define ENTRY_BYTES 8 /* start of the function and of its FDE, relative to the header */

static const struct elf_segment *
bounds_table(const struct elf_file *image)
{
	for (size_t i = 0; i < image->segment_count; i++)
		if (image->segments[i].type == PT_GNU_EH_FRAME)
			return &image->segments[i];
	return NULL;
}

static bool
bounds_header_read(
    const struct elf_file *image, const struct elf_segment *table, struct bounds_header *header)
{
	unsigned part;

	if (table->file_bytes < sizeof(*header) ||
	    !elf_file_read(image, table->offset, header, sizeof(*header)))
		return false;
	part = header->frame_encoding & PART;
	return header->version == 1 && (part == 3 || part == 0xb) &&
	    header->count_encoding == COUNT_UDATA4 &&
	    header->table_encoding == TABLE_SDATA4_DATAREL &&
	    header->count <= (table->file_bytes - sizeof(*header)) / ENTRY_BYTES;
}

static bool
bounds_entry(const struct elf_file *image, const struct elf_segment *table, uint64_t number,
    uint64_t *begins)
{
	int32_t from;

	if (!elf_file_read(image,
		table->offset + sizeof(struct bounds_header) + number * ENTRY_BYTES, &from,
		sizeof(from)))
		return false;
	*begins = table->address + (uint64_t)(int64_t)from;
	return true;
}

bool
function_bounds(const struct elf_file *image, uint64_t address, uint64_t *from, uint64_t *to)
{
	const struct elf_segment *table = bounds_table(image);
	struct bounds_header header;
	uint64_t low = 0, high, begins;

	if (!table || !bounds_header_read(image, table, &header))
		return false;
	for (high = header.count; low < high;) {
		uint64_t middle = low + (high - low) / 2;

		if (!bounds_entry(image, table, middle, &begins))
			return false;
		if (begins <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && low < header.count && bounds_entry(image, table, low - 1, from) &&
	    bounds_entry(image, table, low, to) && *from <= address && address < *to;
}
