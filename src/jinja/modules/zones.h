// Zones: the system's time zone files (TZif, RFC 8536), as pytz presents them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rynd::jinja {

// One set of rules a zone has had. Offsets are whole minutes, as pytz rounds them.
struct ZoneRule {
  int offset = 0;  // seconds east of UTC
  int saving = 0;  // seconds of it that are daylight saving
  bool daylight = false;
  std::string name;  // "EST"
};

struct Zone {
  std::string name;                 // "US/Eastern"
  std::vector<int64_t> changes;     // seconds since 1970, UTC, ascending
  std::vector<uint8_t> rule_after;  // for each change, the index of the rule from then on
  std::vector<ZoneRule> rules;      // the first holds before the first change

  const ZoneRule& rule_at(int64_t utc_seconds) const;
};

// nullptr where the system has no such zone or the name is none. Read once a process.
std::shared_ptr<const Zone> find_zone(std::string_view name);

}  // namespace rynd::jinja
