// Time text: whether a text is a date or a time in ISO 8601, the forms that are taken for such without being told.
#pragma once

#include <cstdint>
#include <string_view>

namespace rynd::ingest {

enum class TimeKind : uint8_t { none, date, timestamp, timestamp_tz };

// "2011-01-31" is a date; "2011-01-31T05:00", with a space for the T, seconds and a fraction a timestamp; with "Z" or
// "+01:00" behind it one with a zone. Days and hours that do not exist are none.
TimeKind time_kind(std::string_view text);

}  // namespace rynd::ingest
