// Freshness: how old the newest row of a source is, and whether that is too old.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/node.h"
#include "engine/engine.h"
#include "project/resource.h"
#include "transform/transform.h"

namespace rynd::quality {

// pass, warn or error: error_after is looked at first, and an age exactly at its limit passes, as in dbt.
transform::Status judge_age(std::chrono::microseconds age, const project::Freshness& freshness);

// The newest loading time as a UTC instant; a timestamp without a zone counts as UTC, a date as its midnight. No row
// gives the year 1. Fails with freshness_unknown where the value is no time, or with the database's error.
Result<Instant> newest_row(const project::Resource& source, engine::Connection& connection);

// The query newest_row asks, for reports.
std::string freshness_sql(const project::Resource& source);

// As Python's isoformat() of a UTC datetime: "2024-05-01T10:00:00.123456+00:00", no fraction where it is zero.
std::string isoformat(Instant instant);

// The entry of target/sources.json (v3) for a source whose age is known.
Node freshness_entry(const project::Resource& source, Instant newest, Instant now, transform::Status status);

}  // namespace rynd::quality
