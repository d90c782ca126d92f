#include "config.h"
#include "out/family_metrics.h"

#include <string.h>

/* One value of one process; COUNT_UNKNOWN: nothing is said. */
typedef uint64_t kin_value(const struct family *family, const struct kin *kin);

static uint64_t
bytes(uint64_t kib)
{
	return kib == COUNT_UNKNOWN ? kib : kib * 1024;
}

static bool
is_known(const struct kin *kin)
{
	return (kin->life == KIN_RUNNING || kin->life == KIN_STOPPED) && !kin->lost;
}

/* Pages are told once, of whose memory they are: so they can be added up. */
static bool
has_memory(const struct kin *kin)
{
	return is_known(kin) && kin->memory_of == KIN_NONE;
}

static uint64_t
rss(const struct family *family, const struct kin *kin)
{
	return bytes(kin_rss_kib(family, kin));
}

static uint64_t
pss(const struct family *family, const struct kin *kin)
{
	(void)family;
	return bytes(kin->pss_kib);
}

static uint64_t
uss(const struct family *family, const struct kin *kin)
{
	return bytes(kin_uss_kib(family, kin));
}

static uint64_t
was_shared(const struct family *family, const struct kin *kin)
{
	return has_memory(kin) ? (uint64_t)kin->tally.was_shared * family->page_size : COUNT_UNKNOWN;
}

static uint64_t
still_shared(const struct family *family, const struct kin *kin)
{
	return has_memory(kin) ? (uint64_t)kin->tally.still_shared * family->page_size : COUNT_UNKNOWN;
}

static uint64_t
went_copied(const struct family *family, const struct kin *kin)
{
	return has_memory(kin) ? (uint64_t)kin->tally.went_copied * family->page_size : COUNT_UNKNOWN;
}

static void
add_label(struct buf *out, const char *key, const char *value)
{
	buf_addf(out, "%s=\"", key);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			buf_addf(out, "\\%c", *value);
		else if (*value == '\n')
			buf_add(out, "\\n");
		else
			buf_add_char(out, *value);
	}
	buf_add(out, "\"");
}

static void
add_labels(struct buf *out, const struct kin *kin)
{
	buf_addf(out, "{process=\"%s\",pid=\"%d\",", kin->name, (int)kin->pid);
	add_label(out, "command", kin->command);
}

static void
describe(struct buf *out, const char *name, const char *unit, const char *help)
{
	buf_addf(out, "# TYPE %s gauge\n", name);
	if (*unit)
		buf_addf(out, "# UNIT %s %s\n", name, unit);
	buf_addf(out, "# HELP %s %s\n", name, help);
}

static void
add_processes(struct buf *out, const struct family *family, const char *name, const char *help, kin_value *value)
{
	describe(out, name, "bytes", help);
	for (size_t i = 0; i < family->kin_count; i++) {
		const struct kin *kin = &family->kin[i];
		uint64_t number = is_known(kin) ? value(family, kin) : COUNT_UNKNOWN;

		if (number == COUNT_UNKNOWN)
			continue;
		buf_addf(out, "%s", name);
		add_labels(out, kin);
		buf_addf(out, "} %llu\n", (unsigned long long)number);
	}
}

static void
add_states(struct buf *out, const struct family *family)
{
	const char *name = "cowscope_memory_bytes";

	describe(out, name, "bytes", "Memory of a process by the state of its pages.");
	for (size_t i = 0; i < family->kin_count; i++)
		for (int state = PAGE_SHARED; has_memory(&family->kin[i]) && state < PAGE_STATE_COUNT; state++) {
			buf_add(out, name);
			add_labels(out, &family->kin[i]);
			buf_addf(out, ",state=\"%s\"} %llu\n", page_state_word((enum page_state)state),
			    (unsigned long long)family->kin[i].tally.counts[state] * family->page_size);
		}
}

static void
add_lives(struct buf *out, const struct family *family)
{
	const char *name = "cowscope_process_up";

	describe(out, name, "", "Whether a process lives and could be read.");
	for (size_t i = 0; i < family->kin_count; i++) {
		buf_add(out, name);
		add_labels(out, &family->kin[i]);
		buf_addf(out, "} %d\n", is_known(&family->kin[i]));
	}
}

static void
add_number(struct buf *out, const char *name, const char *unit, const char *help, uint64_t number)
{
	if (number == COUNT_UNKNOWN)
		return;
	describe(out, name, unit, help);
	buf_addf(out, "%s %llu\n", name, (unsigned long long)number);
}

/* One value of one mapping, over all processes; COUNT_UNKNOWN: nothing is said. Its name is that of the first who has it. */
typedef uint64_t mapping_value(const struct erosion *erosion, const struct erosion_line *line);

static uint64_t
mapping_still(const struct erosion *erosion, const struct erosion_line *line)
{
	(void)erosion;
	return bytes(line->last.still_kib);
}

static uint64_t
mapping_copied(const struct erosion *erosion, const struct erosion_line *line)
{
	(void)erosion;
	return bytes(line->last.copied_kib);
}

static uint64_t
mapping_rate(const struct erosion *erosion, const struct erosion_line *line)
{
	return bytes(erosion_rate(erosion, line));
}

static void
add_mappings(struct buf *out, const struct family *family, const struct erosion *erosion, const char *name, const char *unit,
    const char *help, mapping_value *value)
{
	bool described = false;

	for (size_t i = 0; erosion && i < family->region_count; i++) {
		const struct erosion_mapping *mapping = erosion_mapping(erosion, family, i);
		uint64_t number = mapping ? value(erosion, &mapping->line) : COUNT_UNKNOWN;

		if (number == COUNT_UNKNOWN || !family->regions[i].strip_count)
			continue;
		if (!described)
			describe(out, name, unit, help);
		described = true;
		buf_addf(out, "%s{process=\"%s\",start=\"0x%llx\",", name, family->kin[family->regions[i].strips[0].kin].name,
		    (unsigned long long)mapping->start);
		add_label(out, "mapping", *mapping->path ? mapping->path : region_kind_word(mapping->kind));
		buf_addf(out, "} %llu\n", (unsigned long long)number);
	}
}

void
metrics_family(struct buf *out, const struct family *family, const struct erosion *erosion)
{
	add_lives(out, family);
	add_processes(out, family, "cowscope_rss_bytes", "Resident memory of a process, by its pages.", rss);
	add_processes(out, family, "cowscope_pss_bytes", "Resident memory, what is shared divided by who shares it: smaps_rollup.", pss);
	add_processes(out, family, "cowscope_uss_bytes", "Memory that only this process maps.", uss);
	add_states(out, family);
	add_processes(out, family, "cowscope_baseline_shared_bytes", "Memory that was shared in the baseline.", was_shared);
	add_processes(out, family, "cowscope_baseline_still_shared_bytes", "Memory that was shared in the baseline and still is.", still_shared);
	add_processes(out, family, "cowscope_baseline_copied_bytes", "Memory that was shared in the baseline and was copied since.", went_copied);
	add_number(out, "cowscope_family_rss_sum_bytes", "bytes", "The Rss of all processes added up: shared memory counts again for each.",
	    bytes(family->sum_rss_kib));
	add_number(out, "cowscope_family_frames_bytes", "bytes", "Page frames that the family maps, each once.", bytes(family->frames_kib));
	if (erosion) {
		add_number(out, "cowscope_family_copied_bytes_per_minute", "", "How fast shared memory is being copied.", bytes(erosion_rate(erosion, NULL)));
		add_number(out, "cowscope_family_ever_copied_bytes", "bytes", "Memory that was copied since the baseline, also by processes that left.",
		    erosion->whole.until_ns ? bytes(erosion->whole.last.ever_kib) : COUNT_UNKNOWN);
	}
	add_mappings(out, family, erosion, "cowscope_mapping_still_shared_bytes", "bytes",
	    "Memory of a mapping that was shared in the baseline and still is, over all processes.", mapping_still);
	add_mappings(out, family, erosion, "cowscope_mapping_copied_bytes", "bytes",
	    "Memory of a mapping that was shared in the baseline and was copied since, over all processes.", mapping_copied);
	add_mappings(out, family, erosion, "cowscope_mapping_copied_bytes_per_minute", "", "How fast a mapping is being copied.", mapping_rate);
	describe(out, "cowscope_sample_cost_seconds", "seconds", "Processor time that the sample took.");
	buf_addf(out, "cowscope_sample_cost_seconds %.6f\n", family->cpu_ms / 1e3);
	describe(out, "cowscope_sample_time_seconds", "seconds", "When the sample was taken, since 1970.");
	buf_addf(out, "cowscope_sample_time_seconds %.3f\n# EOF\n", (double)family->time_ns / 1e9);
}
