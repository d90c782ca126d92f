#include "config.h"
#include "out/family_json.h"

#include <string.h>

#include "out/json.h"

static const struct {
	const char *key;
	enum page_state state;
} states[] = {
    {",\"shared_change_kib\":", PAGE_SHARED}, {",\"private_change_kib\":", PAGE_PRIVATE}, {",\"copied_change_kib\":", PAGE_COPIED},
    {",\"zero_change_kib\":", PAGE_ZERO}, {",\"swapped_change_kib\":", PAGE_SWAPPED}, {",\"unknown_change_kib\":", PAGE_UNKNOWN},
};

static void
add_change(struct buf *out, const char *key, uint64_t before, uint64_t after)
{
	if (before == COUNT_UNKNOWN || after == COUNT_UNKNOWN)
		buf_addf(out, "%snull", key);
	else
		buf_addf(out, "%s%lld", key, (long long)(after - before));
}

static void
add_rate(struct buf *out, const struct family_diff *diff, int64_t kib)
{
	int64_t rate;

	if (diff_per_minute(diff, kib, &rate))
		buf_addf(out, ",\"copied_change_kib_per_minute\":%lld", (long long)rate);
	else
		buf_add(out, ",\"copied_change_kib_per_minute\":null");
}

static uint64_t
rss(const struct family *family, const struct kin *kin)
{
	return !kin ? 0 : kin->life == KIN_DENIED ? COUNT_UNKNOWN : kin_rss_kib(family, kin);
}

static const char *
word(const void *before, const void *after)
{
	return !before ? "joined" : !after ? "left" : "stayed";
}

static void
add_kin(struct buf *out, const struct family_diff *diff, const struct kin_change *change)
{
	const struct kin *kin = change->after ? change->after : change->before;

	buf_addf(out, "{\"name\":\"%s\",\"pid\":%d,\"change\":\"%s\",\"command\":", kin->name, (int)kin->pid, word(change->before, change->after));
	json_quote(out, kin->command, strlen(kin->command));
	add_change(out, ",\"rss_change_kib\":", rss(diff->before, change->before), rss(diff->after, change->after));
	add_change(out, ",\"pss_change_kib\":", change->before ? change->before->pss_kib : 0, change->after ? change->after->pss_kib : 0);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		int64_t kib = tally_change_kib(diff->before, change->before ? &change->before->tally : NULL, diff->after,
		    change->after ? &change->after->tally : NULL, states[i].state);

		buf_addf(out, "%s%lld", states[i].key, (long long)kib);
		if (states[i].state == PAGE_COPIED)
			add_rate(out, diff, kib);
	}
	buf_add(out, "}");
}

static void
add_region(struct buf *out, const struct family_diff *diff, const struct region_change *change)
{
	const struct region *region = change->after ? change->after : change->before;

	buf_addf(out, "{\"start\":\"0x%llx\",\"end\":\"0x%llx\",\"perms\":\"%s\",\"offset\":%llu,\"path\":", (unsigned long long)region->start,
	    (unsigned long long)region->end, region->perms, (unsigned long long)region->offset);
	json_quote(out, region->path, strlen(region->path));
	buf_addf(out, ",\"kind\":\"%s\",\"change\":\"%s\"", region_kind_word(region->kind), word(change->before, change->after));
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		buf_addf(out, "%s%lld", states[i].key, (long long)change->kib[states[i].state]);
	add_rate(out, diff, change->kib[PAGE_COPIED]);
	buf_add(out, "}");
}

void
json_family_diff(struct buf *out, const struct family_diff *diff)
{
	buf_addf(out, "{\"schema\":\"cowscope/1\",\"type\":\"family_diff\",\"from_ns\":%llu,\"to_ns\":%llu,\"processes\":[",
	    (unsigned long long)diff->before->time_ns, (unsigned long long)diff->after->time_ns);
	for (size_t i = 0; i < diff->kin_count; i++) {
		buf_add(out, i ? "," : "");
		add_kin(out, diff, &diff->kin[i]);
	}
	buf_add(out, "],\"memory\":{");
	add_change(out, "\"sum_rss_change_kib\":", diff->before->sum_rss_kib, diff->after->sum_rss_kib);
	add_change(out, ",\"frames_change_kib\":", diff->before->frames_kib, diff->after->frames_kib);
	buf_add(out, "},\"mappings\":[");
	for (size_t i = 0; i < diff->region_count; i++) {
		buf_add(out, i ? "," : "");
		add_region(out, diff, &diff->regions[i]);
	}
	buf_add(out, "]}\n");
}
