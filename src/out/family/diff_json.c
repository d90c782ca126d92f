#include "config.h"
#include "out/family/family_json.h"

#include "model/family/costs.h"
#include "out/json/json_write.h"

static void
diff_json_write_change(struct json *json, const char *key, uint64_t before, uint64_t after)
{
	if (before == COUNT_UNKNOWN || after == COUNT_UNKNOWN)
		json_null(json, key);
	else
		json_i64(json, key, (int64_t)(after - before));
}

static void
write_rate(struct json *json, const struct family_diff *diff, int64_t kib)
{
	int64_t rate;

	if (diff_per_minute(diff, kib, &rate))
		json_i64(json, "copied_change_kib_per_minute", rate);
	else
		json_null(json, "copied_change_kib_per_minute");
}

static uint64_t
rss_of(const struct family *family, const struct member *member)
{
	return !member                                      ? 0
	    : member->life == MEMBER_DENIED || member->lost ? COUNT_UNKNOWN
							    : member_rss_kib(family, member);
}

static uint64_t
pss_of(const struct member *member)
{
	return member ? member->pss_kib : 0;
}

static const char *
change_word(const void *before, const void *after)
{
	return !before ? "joined" : !after ? "left" : "stayed";
}

static void
write_member_states(
    struct json *json, const struct family_diff *diff, const struct member_change *change)
{
	const struct tally *before = change->before ? &change->before->tally : NULL;
	const struct tally *after = change->after ? &change->after->tally : NULL;

	for (size_t i = 0; i < FAMILY_STATES; i++) {
		enum page_state state = states_told[i];
		int64_t kib = tally_change_kib(diff->before, before, diff->after, after, state);

		json_i64(json, json_state_keys[state].change, kib);
		if (state == PAGE_COPIED)
			write_rate(json, diff, kib);
	}
}

static void
diff_json_write_member(
    struct json *json, const struct family_diff *diff, const struct member_change *change)
{
	const struct member *member = change->after ? change->after : change->before;

	json_object(json, NULL);
	json_string(json, "name", member->name);
	json_i64(json, "pid", member->pid);
	json_string(json, "change", change_word(change->before, change->after));
	json_string(json, "command", member->command);
	diff_json_write_change(json, "rss_change_kib", rss_of(diff->before, change->before),
	    rss_of(diff->after, change->after));
	diff_json_write_change(
	    json, "pss_change_kib", pss_of(change->before), pss_of(change->after));
	write_member_states(json, diff, change);
	json_end(json);
}

static void
diff_json_write_region(
    struct json *json, const struct family_diff *diff, const struct region_change *change)
{
	const struct region *region = change->after ? change->after : change->before;

	json_object(json, NULL);
	json_hex(json, "start", region->start);
	json_hex(json, "end", region->end);
	json_string(json, "perms", region->perms);
	json_u64(json, "offset", region->offset);
	json_string(json, "path", region->path);
	json_string(json, "kind", region_kind_word(region->kind));
	json_string(json, "change", change_word(change->before, change->after));
	for (size_t i = 0; i < FAMILY_STATES; i++)
		json_i64(json, json_state_keys[states_told[i]].change, change->kib[states_told[i]]);
	write_rate(json, diff, change->kib[PAGE_COPIED]);
	json_end(json);
}

static void
diff_json_write_cause(struct json *json, const struct cause_change *change)
{
	const char *runtime = runtime_word(change->runtime);

	json_object(json, NULL);
	json_string(json, "cause", cause_word(change->cause));
	json_string(json, "runtime", *runtime ? runtime : NULL);
	json_u64(json, "before_kib", change->before_kib);
	diff_json_write_change(json, "copied_change_kib", change->before_kib, change->after_kib);
	json_end(json);
}

void
json_family_diff(struct buf *out, const struct family_diff *diff)
{
	struct json json;

	json_begin(&json, out, "family_diff");
	json_u64(&json, "from_ns", diff->before->time_ns);
	json_u64(&json, "to_ns", diff->after->time_ns);
	json_array(&json, "processes");
	for (size_t i = 0; i < diff->member_count; i++)
		diff_json_write_member(&json, diff, &diff->members[i]);
	json_end(&json);
	json_object(&json, "memory");
	diff_json_write_change(
	    &json, "sum_rss_change_kib", diff->before->sum_rss_kib, diff->after->sum_rss_kib);
	diff_json_write_change(
	    &json, "frames_change_kib", diff->before->frames_kib, diff->after->frames_kib);
	diff_json_write_change(
	    &json, "copied_change_kib", diff->before->copied_kib, diff->after->copied_kib);
	diff_json_write_change(
	    &json, "parted_change_kib", diff->before->parted_kib, diff->after->parted_kib);
	diff_json_write_change(&json, "worker_change_kib", costs_of(diff->before, NULL).worker_kib,
	    costs_of(diff->after, NULL).worker_kib);
	json_end(&json);
	json_array(&json, "mappings");
	for (size_t i = 0; i < diff->region_count; i++)
		diff_json_write_region(&json, diff, &diff->regions[i]);
	json_end(&json);
	json_array(&json, "causes");
	for (size_t i = 0; i < diff->cause_count; i++)
		diff_json_write_cause(&json, &diff->causes[i]);
	json_finish(&json);
}
