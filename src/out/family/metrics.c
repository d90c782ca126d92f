#include "config.h"
#include "out/family/metrics.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/family/costs.h"

/* One value of one process; COUNT_UNKNOWN: left out. */
typedef uint64_t member_value(const struct family *family, const struct member *member);

static uint64_t
bytes(uint64_t kib)
{
	return kib == COUNT_UNKNOWN ? kib : kib * 1024;
}

static bool
is_known(const struct member *member)
{
	return (member->life == MEMBER_RUNNING || member->life == MEMBER_STOPPED) && !member->lost;
}

/* Pages are reported once, for the process whose memory they are, so that they can be added up. */
static bool
metrics_has_memory(const struct member *member)
{
	return is_known(member) && member->memory_of == MEMBER_NONE;
}

static uint64_t
rss(const struct family *family, const struct member *member)
{
	return bytes(member_rss_kib(family, member));
}

static uint64_t
pss(const struct family *family, const struct member *member)
{
	(void)family;
	return bytes(member->pss_kib);
}

static uint64_t
uss(const struct family *family, const struct member *member)
{
	return bytes(member_uss_kib(family, member));
}

static uint64_t
was_shared(const struct family *family, const struct member *member)
{
	return metrics_has_memory(member) ? (uint64_t)member->tally.was_shared * family->page_size
					  : COUNT_UNKNOWN;
}

static uint64_t
metrics_still_shared(const struct family *family, const struct member *member)
{
	return metrics_has_memory(member) ? (uint64_t)member->tally.still_shared * family->page_size
					  : COUNT_UNKNOWN;
}

static uint64_t
went_copied(const struct family *family, const struct member *member)
{
	return metrics_has_memory(member) ? (uint64_t)member->tally.went_copied * family->page_size
					  : COUNT_UNKNOWN;
}

static uint64_t
went_parted(const struct family *family, const struct member *member)
{
	return metrics_has_memory(member) ? (uint64_t)member->tally.went_parted * family->page_size
					  : COUNT_UNKNOWN;
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

static uint64_t
count_living(const struct family *family)
{
	uint64_t count = 0;

	for (size_t i = 0; i < family->member_count; i++)
		count += is_known(&family->members[i]);
	return count;
}

/* The text, and the label family that every sample has. */
struct exposition {
	struct buf *out;
	const char *label;
};

/* For one process, up to where more labels may follow. */
static void
add_member_labels(const struct exposition *to, const struct member *member)
{
	buf_add(to->out, "{");
	add_label(to->out, "family", to->label);
	buf_addf(to->out, ",process=\"%s\",pid=\"%d\",", member->name, (int)member->pid);
	add_label(to->out, "command", member->command);
}

static void
metrics_describe(const struct exposition *to, const char *name, const char *type, const char *unit,
    const char *help)
{
	buf_addf(to->out, "# TYPE %s %s\n", name, type);
	if (*unit)
		buf_addf(to->out, "# UNIT %s %s\n", name, unit);
	buf_addf(to->out, "# HELP %s %s\n", name, help);
}

static void
add_processes(const struct exposition *to, const struct family *family, const char *name,
    const char *help, member_value *value)
{
	metrics_describe(to, name, "gauge", "bytes", help);
	for (size_t i = 0; i < family->member_count; i++) {
		const struct member *member = &family->members[i];
		uint64_t number = is_known(member) ? value(family, member) : COUNT_UNKNOWN;

		if (number == COUNT_UNKNOWN)
			continue;
		buf_add(to->out, name);
		add_member_labels(to, member);
		buf_addf(to->out, "} %llu\n", (unsigned long long)number);
	}
}

static void
metrics_add_states(const struct exposition *to, const struct family *family)
{
	const char *name = "cowscope_memory_bytes";

	metrics_describe(
	    to, name, "gauge", "bytes", "Memory of a process by the state of its pages.");
	for (size_t i = 0; i < family->member_count; i++)
		for (int state = PAGE_SHARED;
		     metrics_has_memory(&family->members[i]) && state < PAGE_STATE_COUNT; state++) {
			buf_add(to->out, name);
			add_member_labels(to, &family->members[i]);
			buf_addf(to->out, ",state=\"%s\"} %llu\n",
			    page_state_word((enum page_state)state),
			    (unsigned long long)family->members[i].tally.counts[state] *
				family->page_size);
		}
}

static void
add_lives(const struct exposition *to, const struct family *family)
{
	const char *name = "cowscope_process_up";

	metrics_describe(to, name, "gauge", "", "Whether a process lives and could be read.");
	for (size_t i = 0; i < family->member_count; i++) {
		buf_add(to->out, name);
		add_member_labels(to, &family->members[i]);
		buf_addf(to->out, "} %d\n", is_known(&family->members[i]));
	}
}

__attribute__((format(printf, 3, 4))) static void
add_family_value(const struct exposition *to, const char *name, const char *format, ...)
{
	va_list values;

	buf_addf(to->out, "%s{", name);
	add_label(to->out, "family", to->label);
	buf_add(to->out, "} ");
	va_start(values, format);
	buf_addv(to->out, format, values);
	va_end(values);
	buf_add(to->out, "\n");
}

static void
add_number(const struct exposition *to, const char *name, const char *unit, const char *help,
    uint64_t number)
{
	if (number == COUNT_UNKNOWN)
		return;
	metrics_describe(to, name, "gauge", unit, help);
	add_family_value(to, name, "%llu", (unsigned long long)number);
}

/* Values that only grow, until watching begins again. */
static void
add_counter(const struct exposition *to, const char *name, const char *unit, const char *help,
    uint64_t number)
{
	char total[80];

	if (number == COUNT_UNKNOWN)
		return;
	metrics_describe(to, name, "counter", unit, help);
	snprintf(total, sizeof(total), "%s_total", name);
	add_family_value(to, total, "%llu", (unsigned long long)number);
}

/* One value of one mapping, over all processes; COUNT_UNKNOWN: left out. It has the name that the
 * first process gives it. */
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
metrics_add_mappings(const struct exposition *to, const struct family *family,
    const struct erosion *erosion, const char *name, const char *unit, const char *help,
    mapping_value *value)
{
	bool described = false;

	for (size_t i = 0; erosion && i < family->region_count; i++) {
		const struct erosion_mapping *mapping = erosion_mapping(erosion, family, i);
		uint64_t number = mapping ? value(erosion, &mapping->line) : COUNT_UNKNOWN;

		if (number == COUNT_UNKNOWN || !family->regions[i].strip_count)
			continue;
		if (!described)
			metrics_describe(to, name, "gauge", unit, help);
		described = true;
		buf_addf(to->out, "%s{", name);
		add_label(to->out, "family", to->label);
		buf_addf(to->out, ",process=\"%s\",start=\"0x%llx\",",
		    family->members[family->regions[i].strips[0].member].name,
		    (unsigned long long)mapping->start);
		add_label(to->out, "mapping",
		    *mapping->path ? mapping->path : region_kind_word(mapping->kind));
		buf_addf(to->out, "} %llu\n", (unsigned long long)number);
	}
}

static void
add_each_process(const struct exposition *to, const struct family *family)
{
	add_lives(to, family);
	add_processes(
	    to, family, "cowscope_rss_bytes", "Resident memory of a process, by its pages.", rss);
	add_processes(to, family, "cowscope_pss_bytes",
	    "Resident memory, what is shared divided by who shares it: smaps_rollup.", pss);
	add_processes(to, family, "cowscope_uss_bytes", "Memory that only this process maps.", uss);
	metrics_add_states(to, family);
	add_processes(to, family, "cowscope_baseline_shared_bytes",
	    "Memory that was shared in the baseline.", was_shared);
	add_processes(to, family, "cowscope_baseline_still_shared_bytes",
	    "Memory that was shared in the baseline and still is.", metrics_still_shared);
	add_processes(to, family, "cowscope_baseline_copied_bytes",
	    "Memory that was shared in the baseline and was copied since.", went_copied);
	add_processes(to, family, "cowscope_baseline_parted_bytes",
	    "Memory that was shared in the baseline and came apart since, who wrote is not known.",
	    went_parted);
}

static void
add_each_mapping(
    const struct exposition *to, const struct family *family, const struct erosion *erosion)
{
	metrics_add_mappings(to, family, erosion, "cowscope_mapping_still_shared_bytes", "bytes",
	    "Memory of a mapping that was shared in the baseline and still is, over all processes.",
	    mapping_still);
	metrics_add_mappings(to, family, erosion, "cowscope_mapping_copied_bytes", "bytes",
	    "Memory of a mapping that was shared in the baseline and was copied since, over all processes.",
	    mapping_copied);
	metrics_add_mappings(to, family, erosion, "cowscope_mapping_copied_bytes_per_minute", "",
	    "How fast a mapping is being copied.", mapping_rate);
}

static uint64_t
family_bytes(const struct family *family, uint64_t pages)
{
	return pages * family->page_size;
}

/* --compare=siblings */
static void
add_siblings(const struct exposition *to, const struct family *family)
{
	const struct siblings *siblings = &family->siblings;

	if (!family->siblings_ns || !siblings_known(siblings))
		return;
	add_number(to, "cowscope_family_equal_bytes", "bytes",
	    "What one frame would save where processes hold the same bytes at the same place.",
	    family_bytes(family, siblings->equal));
	add_number(to, "cowscope_family_preload_bytes", "bytes",
	    "Of that, what loading it before the fork would save: what is no copy.",
	    family_bytes(family, siblings->equal - siblings->copies));
	if (family->equal_places != COUNT_UNKNOWN)
		add_number(to, "cowscope_family_equal_anywhere_bytes", "bytes",
		    "What one frame would save where the same bytes are held at any place.",
		    family_bytes(family, family->equal_places));
	add_number(to, "cowscope_family_of_zeros_bytes", "bytes",
	    "Memory in frames that hold nothing but zeros.", family_bytes(family, siblings->zeros));
	add_number(to, "cowscope_family_equal_one_place_in", "",
	    "One place in so many was read for these; 1: all.", family->siblings_in);
}

static uint64_t
metrics_seconds(uint64_t ns)
{
	return ns == COUNT_UNKNOWN ? ns : ns / 1000000000;
}

/* What one more worker costs, and what is to come. */
static void
add_costs(const struct exposition *to, const struct family *family, const struct erosion *erosion)
{
	const struct costs costs = costs_of(family, erosion);

	add_number(to, "cowscope_worker_bytes", "bytes",
	    "What a worker of the family alone maps: the median.", bytes(costs.worker_kib));
	add_number(to, "cowscope_worker_least_bytes", "bytes",
	    "The least that one of the workers alone maps.", bytes(costs.worker_least_kib));
	add_number(to, "cowscope_worker_most_bytes", "bytes",
	    "The most that one of the workers alone maps.", bytes(costs.worker_most_kib));
	add_number(to, "cowscope_worker_page_tables_bytes", "bytes",
	    "Page tables of a worker: the median.", bytes(costs.worker_tables_kib));
	add_number(to, "cowscope_family_refork_bytes", "bytes",
	    "What all workers forked anew come to, once they have copied as these did.",
	    bytes(costs.storm_kib));
	add_number(to, "cowscope_family_all_private_in_seconds", "seconds",
	    "When everything that can be copied is private, if copying goes on like this.",
	    metrics_seconds(costs.forecast.private_in_ns));
	if (costs.forecast.outcome == OUTCOME_LEVELLED)
		add_number(to, "cowscope_family_levelled_off_bytes", "bytes",
		    "What was copied, if copying has levelled off.",
		    bytes(costs.forecast.copied_kib));
}

static void
add_sums(const struct exposition *to, const struct family *family, const struct erosion *erosion)
{
	const struct tally *tally = &family->tally;

	add_number(to, "cowscope_family_processes", "", "Processes of the family that live.",
	    count_living(family));
	add_counter(to, "cowscope_family_unseen_processes", "",
	    "Processes that came and went between samples, and none has read.", family->unseen);
	add_number(to, "cowscope_family_rss_sum_bytes", "bytes",
	    "The Rss of all processes added up: shared memory counts again for each.",
	    bytes(family->sum_rss_kib));
	add_number(to, "cowscope_family_frames_bytes", "bytes",
	    "Page frames that the family maps, each once.", bytes(family->frames_kib));
	add_number(to, "cowscope_family_baseline_shared_bytes", "bytes",
	    "Memory that was shared in the baseline, added up over the processes.",
	    family_bytes(family, tally->was_shared));
	add_number(to, "cowscope_family_baseline_still_shared_bytes", "bytes",
	    "Memory that was shared in the baseline and still is.",
	    family_bytes(family, tally->still_shared));
	add_number(to, "cowscope_family_baseline_copied_bytes", "bytes",
	    "Memory that was shared in the baseline and was copied since.",
	    family_bytes(family, tally->went_copied));
	add_number(to, "cowscope_family_baseline_parted_bytes", "bytes",
	    "Memory that was shared in the baseline and came apart since, who wrote is not known.",
	    family_bytes(family, tally->went_parted));
	add_number(to, "cowscope_family_copied_bytes", "bytes",
	    "What copying added in page frames.", bytes(family->copied_kib));
	add_number(to, "cowscope_family_parted_bytes", "bytes",
	    "Pages that came apart, each once, of which it is not known who wrote.",
	    bytes(family->parted_kib));
	add_siblings(to, family);
	if (!erosion)
		return;
	add_number(to, "cowscope_family_copied_bytes_per_minute", "",
	    "How fast shared memory is being copied.", bytes(erosion_rate(erosion, NULL)));
	add_counter(to, "cowscope_family_ever_copied_bytes", "bytes",
	    "Memory that was copied since the baseline, also by processes that left.",
	    erosion->whole.until_ns ? bytes(erosion->whole.last.ever_kib) : COUNT_UNKNOWN);
}

static void
add_blame(const struct exposition *to, const struct blame *blame)
{
	add_counter(
	    to, "cowscope_family_blamed_faults", "", "Page faults that were told.", blame->faults);
	add_counter(to, "cowscope_family_blamed_faults_lost", "", "Page faults that found no room.",
	    blame->lost);
	add_counter(to, "cowscope_family_blamed_copies", "",
	    "Pages that were copied since faults are watched.", blame->copies);
	add_counter(to, "cowscope_family_blamed_copies_attributed", "",
	    "Of these: those whose fault was told.", blame->attributed);
	metrics_describe(to, "cowscope_family_blamed_bytes", "gauge", "bytes",
	    "Memory that was copied since faults are watched, by why.");
	for (size_t i = 0; i < blame->cause_count; i++) {
		const struct blame_cause *cause = &blame->causes[i];

		buf_add(to->out, "cowscope_family_blamed_bytes{");
		add_label(to->out, "family", to->label);
		buf_addf(to->out, ",cause=\"%s\",runtime=\"%s\"} %llu\n", cause_word(cause->cause),
		    runtime_word(cause->runtime),
		    (unsigned long long)bytes(blame_kib(blame, cause->pages)));
	}
}

void
metrics_family(struct buf *out, const struct family *family, const struct erosion *erosion,
    const char *label, bool summary)
{
	const struct exposition to = {out, label};

	if (!summary)
		add_each_process(&to, family);
	add_sums(&to, family, erosion);
	add_costs(&to, family, erosion);
	if (family->blame)
		add_blame(&to, family->blame);
	if (!summary)
		add_each_mapping(&to, family, erosion);
	metrics_describe(&to, "cowscope_sample_cost_seconds", "gauge", "seconds",
	    "Processor time that the sample took.");
	add_family_value(&to, "cowscope_sample_cost_seconds", "%.6f", family->cpu_ms / 1e3);
	metrics_describe(&to, "cowscope_sample_timestamp_seconds", "gauge", "seconds",
	    "When the sample was taken, since 1970.");
	add_family_value(
	    &to, "cowscope_sample_timestamp_seconds", "%.3f", (double)family->time_ns / 1e9);
	buf_add(out, "# EOF\n");
}
