#include "config.h"
#include "out/family/costs_json.h"

static void
costs_json_worker(struct json *json, const struct costs *costs)
{
	json_object(json, "worker");
	json_count(json, "median_kib", costs->worker_kib);
	json_count(json, "least_kib", costs->worker_least_kib);
	json_count(json, "most_kib", costs->worker_most_kib);
	json_count(json, "page_tables_kib", costs->worker_tables_kib);
	json_u64(json, "counted", costs->counted);
	json_u64(json, "fresh", costs->fresh);
	json_u64(json, "unread", costs->unread);
	json_end(json);
}

static void
costs_json_storm(struct json *json, const struct costs *costs)
{
	json_object(json, "fork");
	json_count(json, "one_at_first_kib", costs->fork_tables_kib);
	json_count(json, "all_at_first_kib", costs->storm_tables_kib);
	json_count(json, "all_kib", costs->storm_kib);
	json_end(json);
}

static void
costs_json_ms(struct json *json, const char *key, uint64_t ns)
{
	json_count(json, key, ns == COUNT_UNKNOWN ? ns : ns / 1000000);
}

static void
costs_json_forecast(struct json *json, const struct forecast *forecast)
{
	bool known = forecast->outcome != OUTCOME_UNKNOWN,
	     going = forecast->outcome == OUTCOME_GOING_ON;

	json_object(json, "forecast");
	json_string(json, "outcome", known ? outcome_word(forecast->outcome) : NULL);
	json_count(json, "window_ms", known ? forecast->window_ns / 1000000 : COUNT_UNKNOWN);
	json_count(json, "late_ms", known ? forecast->late_ns / 1000000 : COUNT_UNKNOWN);
	json_count(json, "samples", known ? forecast->points : COUNT_UNKNOWN);
	json_count(json, "can_be_copied_kib", forecast->shared_kib);
	json_count(json, "lost_kib_per_minute", forecast->rate_kib);
	json_count(json, "processes_losing", going ? forecast->losing : COUNT_UNKNOWN);
	json_count(json, "processes_sharing", going ? forecast->sharing : COUNT_UNKNOWN);
	costs_json_ms(json, "lost_in_ms", forecast->lost_in_ns);
	costs_json_ms(json, "all_private_in_ms", forecast->private_in_ns);
	json_count(json, "levelled_off_kib",
	    forecast->outcome == OUTCOME_LEVELLED ? forecast->copied_kib : COUNT_UNKNOWN);
	json_end(json);
}

void
costs_write(struct json *json, const struct family *family, const struct erosion *erosion)
{
	const struct costs costs = costs_of(family, erosion);

	json_object(json, "costs");
	json_string(json, "parent",
	    costs.parent == MEMBER_NONE ? NULL : family->members[costs.parent].name);
	json_u64(json, "workers", costs.workers);
	costs_json_worker(json, &costs);
	costs_json_storm(json, &costs);
	costs_json_forecast(json, &costs.forecast);
	json_end(json);
}
