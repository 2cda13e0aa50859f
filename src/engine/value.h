// Value: one cell of a result or one bound parameter, typed and independent of any engine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rynd::engine {

__extension__ typedef __int128 int128;

struct Value;

// `unscaled` / 10^scale. Width is the type's number of digits, at most 38.
struct Decimal {
  int128 unscaled = 0;
  uint8_t width = 18;
  uint8_t scale = 0;
};
struct Blob {
  std::string bytes;
};
struct Date {
  int32_t days = 0;  // since 1970-01-01; INT32_MAX and -INT32_MAX are the infinities
};
struct Time {
  int64_t micros = 0;          // since midnight
  bool zoned = false;          // TIME WITH TIME ZONE
  int32_t offset_seconds = 0;  // east of UTC, when zoned
};
struct Timestamp {
  int64_t micros = 0;  // since 1970; of UTC when zoned; INT64_MAX and -INT64_MAX are the infinities
  int16_t nanos = 0;   // 0..999 beyond the microseconds
  bool zoned = false;  // TIMESTAMP WITH TIME ZONE
};
struct Interval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t micros = 0;
};
struct Uuid {
  std::string text;  // lower case, with hyphens
};
struct List {
  std::vector<Value> items;
};
// A row value; the names of an unnamed one are empty.
struct Struct {
  std::vector<std::pair<std::string, Value>> fields;
};
struct Map {
  std::vector<std::pair<Value, Value>> entries;
};

using ValueVariant = std::variant<std::monostate, bool, int64_t, int128, double, Decimal, std::string, Blob, Date, Time,
                                  Timestamp, Interval, Uuid, List, Struct, Map>;

// Integers of every width up to 64 bits are int64_t; larger ones int128 (beyond that, their digits as text). JSON and
// ENUM values are text.
struct Value : ValueVariant {
  using ValueVariant::ValueVariant;
  Value() = default;
  Value(int value) : ValueVariant(static_cast<int64_t>(value)) {}
  Value(const char* value) : ValueVariant(std::string(value)) {}
  Value(std::string_view value) : ValueVariant(std::string(value)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(*this); }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(static_cast<const ValueVariant*>(this));
  }
};

// As DuckDB's cast to VARCHAR prints it (NULL: "NULL"); zoned timestamps in UTC, as "2024-05-01 10:00:00+00".
std::string to_text(const Value& value);
// As JSON: numbers where JavaScript keeps them exactly (|n| < 2^53, finite), else strings; dates, times and timestamps
// in ISO 8601, blobs in base64, lists as arrays, structs and maps as objects.
std::string to_json(const Value& value);
std::string to_text(int128 value);
std::string to_text(const Decimal& value);

// The same alternative and the same text; two NULLs are equal.
bool operator==(const Value& a, const Value& b);

}  // namespace rynd::engine
