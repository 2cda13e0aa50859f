// Cells: decoding vectors, encoding parameters.
#include "duckdb/cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace rynd::engine::duck {
namespace {

template <class T>
T raw(duckdb_vector vector, uint64_t row) {
  return static_cast<const T*>(duckdb_vector_get_data(vector))[row];
}

int128 wide(duckdb_hugeint value) { return (static_cast<int128>(value.upper) << 64) | value.lower; }

std::string bytes(duckdb_vector vector, uint64_t row) {
  auto* cell = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector)) + row;
  return {duckdb_string_t_data(cell), duckdb_string_t_length(*cell)};
}

Value unsigned_cell(uint64_t value) {
  if (value <= static_cast<uint64_t>(INT64_MAX)) return static_cast<int64_t>(value);
  return static_cast<int128>(value);
}

Value unsigned_huge_cell(duckdb_uhugeint value) {
  if (value.upper <= static_cast<uint64_t>(INT64_MAX)) {
    return (static_cast<int128>(value.upper) << 64) | static_cast<int128>(value.lower);
  }
  __extension__ typedef unsigned __int128 Unsigned;
  const Unsigned whole = (static_cast<Unsigned>(value.upper) << 64) | value.lower;
  return to_text(static_cast<int128>(whole / 10)) + static_cast<char>('0' + static_cast<int>(whole % 10));
}

int128 decimal_cell(duckdb_type storage, duckdb_vector vector, uint64_t row) {
  switch (storage) {
    case DUCKDB_TYPE_SMALLINT:
      return raw<int16_t>(vector, row);
    case DUCKDB_TYPE_INTEGER:
      return raw<int32_t>(vector, row);
    case DUCKDB_TYPE_BIGINT:
      return raw<int64_t>(vector, row);
    default:
      return wide(raw<duckdb_hugeint>(vector, row));
  }
}

uint64_t enum_index(duckdb_type storage, duckdb_vector vector, uint64_t row) {
  switch (storage) {
    case DUCKDB_TYPE_UTINYINT:
      return raw<uint8_t>(vector, row);
    case DUCKDB_TYPE_USMALLINT:
      return raw<uint16_t>(vector, row);
    default:
      return raw<uint32_t>(vector, row);
  }
}

// The double with the float's shortest digits: 0.1f is 0.1, and becomes the same float again.
double float_cell(float value) {
  if (!std::isfinite(value)) return value;
  std::array<char, 32> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  double out = value;
  std::from_chars(digits.data(), written.ptr, out);
  return out;
}

// The stored top bit is flipped so that UUIDs sort as unsigned.
std::string uuid_text(duckdb_hugeint value) {
  const uint64_t upper = static_cast<uint64_t>(value.upper) ^ (uint64_t{1} << 63);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", upper >> 32, upper >> 16 & 0xffff, upper & 0xffff,
                     value.lower >> 48, value.lower & 0xffffffffffff);
}

// The first byte counts the padding bits that lead the second.
std::string bit_text(const std::string& stored) {
  std::string text;
  if (stored.empty()) return text;
  for (size_t bit = static_cast<unsigned char>(stored[0]); bit < (stored.size() - 1) * 8; ++bit) {
    text += static_cast<unsigned char>(stored[1 + bit / 8]) >> (7 - bit % 8) & 1 ? '1' : '0';
  }
  return text;
}

// Rounds towards the past, so that the rest is never negative.
Timestamp from_nanos(int64_t nanos) {
  int64_t micros = nanos / 1000;
  if (nanos % 1000 < 0) --micros;
  return {.micros = micros, .nanos = static_cast<int16_t>(nanos - micros * 1000)};
}

Timestamp from_coarse(int64_t value, int64_t factor) {
  if (value == INT64_MAX || value == -INT64_MAX) return {.micros = value};
  return {.micros = value * factor};
}

Value time_tz_cell(uint64_t bits) {
  const duckdb_time_tz_struct parts = duckdb_from_time_tz({bits});
  const int64_t seconds = parts.time.hour * 3600 + parts.time.min * 60 + parts.time.sec;
  return Time{.micros = seconds * 1'000'000 + parts.time.micros, .zoned = true, .offset_seconds = parts.offset};
}

Value list_cell(const Type& type, duckdb_vector vector, uint64_t row) {
  const duckdb_vector child =
      type.id == DUCKDB_TYPE_ARRAY ? duckdb_array_vector_get_child(vector) : duckdb_list_vector_get_child(vector);
  duckdb_list_entry entry{row * type.array_size, type.array_size};
  if (type.id != DUCKDB_TYPE_ARRAY) entry = raw<duckdb_list_entry>(vector, row);
  List list;
  list.items.reserve(entry.length);
  for (uint64_t i = 0; i < entry.length; ++i)
    list.items.push_back(read_cell(type.children[0], child, entry.offset + i));
  return list;
}

Value map_cell(const Type& type, duckdb_vector vector, uint64_t row) {
  const auto entry = raw<duckdb_list_entry>(vector, row);
  const duckdb_vector pairs = duckdb_list_vector_get_child(vector);
  const duckdb_vector keys = duckdb_struct_vector_get_child(pairs, 0);
  const duckdb_vector values = duckdb_struct_vector_get_child(pairs, 1);
  Map map;
  for (uint64_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    map.entries.emplace_back(read_cell(type.children[0], keys, i), read_cell(type.children[1], values, i));
  }
  return map;
}

Value struct_cell(const Type& type, duckdb_vector vector, uint64_t row) {
  Struct out;
  for (size_t i = 0; i < type.children.size(); ++i) {
    out.fields.emplace_back(type.names[i], read_cell(type.children[i], duckdb_struct_vector_get_child(vector, i), row));
  }
  return out;
}

// A union is stored as a struct: the tag, then one field a member.
Value union_cell(const Type& type, duckdb_vector vector, uint64_t row) {
  const auto tag = raw<uint8_t>(duckdb_struct_vector_get_child(vector, 0), row);
  return read_cell(type.children[tag], duckdb_struct_vector_get_child(vector, tag + 1), row);
}

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

duckdb_hugeint narrow(int128 value) {
  return {.lower = static_cast<uint64_t>(value), .upper = static_cast<int64_t>(value >> 64)};
}

duckdb_value create_text(std::string_view text) { return duckdb_create_varchar_length(text.data(), text.size()); }

duckdb_value create_uuid(const std::string& text) {
  std::array<uint64_t, 2> halves{};
  size_t digits = 0;
  for (const char c : text) {
    if (!std::isxdigit(static_cast<unsigned char>(c)) || digits == 32) continue;
    uint64_t& half = halves[digits++ / 16];
    half = half << 4 | static_cast<uint64_t>(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
  }
  return duckdb_create_uuid({.lower = halves[1], .upper = halves[0]});
}

duckdb_value create_time(const Time& value) {
  if (!value.zoned) return duckdb_create_time({value.micros});
  return duckdb_create_time_tz_value(duckdb_create_time_tz(value.micros, value.offset_seconds));
}

duckdb_value create_timestamp(const Timestamp& value) {
  if (value.zoned) return duckdb_create_timestamp_tz({value.micros});
  if (value.nanos != 0) return duckdb_create_timestamp_ns({value.micros * 1000 + value.nanos});
  return duckdb_create_timestamp({value.micros});
}

// Never without an address: DuckDB refuses a null pointer even for an empty list.
std::vector<duckdb_value> raw_values(const std::vector<ValueHandle>& handles) {
  std::vector<duckdb_value> out;
  out.reserve(handles.size() + 1);
  for (const ValueHandle& handle : handles) out.push_back(handle.get());
  return out;
}

// The type of a created value belongs to the value: it must not be destroyed.
duckdb_logical_type common_type(const std::vector<ValueHandle>& values, const TypeHandle& null_type) {
  for (const ValueHandle& value : values) {
    if (!duckdb_is_null_value(value.get())) return duckdb_get_value_type(value.get());
  }
  return null_type.get();
}

duckdb_value create_list(const List& list) {
  const TypeHandle null_type(duckdb_create_logical_type(DUCKDB_TYPE_SQLNULL));
  std::vector<ValueHandle> items;
  for (const Value& item : list.items) items.push_back(to_duckdb(item));
  std::vector<duckdb_value> raws = raw_values(items);
  return duckdb_create_list_value(common_type(items, null_type), raws.data(), raws.size());
}

duckdb_value create_struct(const Struct& value) {
  std::vector<ValueHandle> fields;
  std::vector<const char*> names;
  std::vector<duckdb_logical_type> types;
  for (const auto& [name, field] : value.fields) {
    fields.push_back(to_duckdb(field));
    names.push_back(name.c_str());
    types.push_back(duckdb_get_value_type(fields.back().get()));
  }
  const TypeHandle type(duckdb_create_struct_type(types.data(), names.data(), types.size()));
  std::vector<duckdb_value> raws = raw_values(fields);
  return duckdb_create_struct_value(type.get(), raws.data());
}

duckdb_value create_map(const Map& map) {
  const TypeHandle null_type(duckdb_create_logical_type(DUCKDB_TYPE_SQLNULL));
  std::vector<ValueHandle> keys, values;
  for (const auto& [key, value] : map.entries) {
    keys.push_back(to_duckdb(key));
    values.push_back(to_duckdb(value));
  }
  const TypeHandle type(duckdb_create_map_type(common_type(keys, null_type), common_type(values, null_type)));
  std::vector<duckdb_value> raw_keys = raw_values(keys), raw_vals = raw_values(values);
  return duckdb_create_map_value(type.get(), raw_keys.data(), raw_vals.data(), raw_keys.size());
}

// Dates, times and intervals; nothing for another type.
std::optional<Value> time_cell(duckdb_type type, duckdb_vector vector, uint64_t row) {
  switch (type) {
    case DUCKDB_TYPE_DATE:
      return Date{raw<int32_t>(vector, row)};
    case DUCKDB_TYPE_TIME:
      return Time{.micros = raw<int64_t>(vector, row)};
    case DUCKDB_TYPE_TIME_NS:
      return Time{.micros = raw<int64_t>(vector, row) / 1000};
    case DUCKDB_TYPE_TIME_TZ:
      return time_tz_cell(raw<uint64_t>(vector, row));
    case DUCKDB_TYPE_TIMESTAMP:
      return Timestamp{.micros = raw<int64_t>(vector, row)};
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return Timestamp{.micros = raw<int64_t>(vector, row), .zoned = true};
    case DUCKDB_TYPE_TIMESTAMP_S:
      return from_coarse(raw<int64_t>(vector, row), 1'000'000);
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return from_coarse(raw<int64_t>(vector, row), 1000);
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return from_nanos(raw<int64_t>(vector, row));
    case DUCKDB_TYPE_INTERVAL: {
      const auto value = raw<duckdb_interval>(vector, row);
      return Interval{value.months, value.days, value.micros};
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

Value read_cell(const Type& type, duckdb_vector vector, uint64_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  if (validity && !duckdb_validity_row_is_valid(validity, row)) return {};
  switch (type.id) {
    case DUCKDB_TYPE_BOOLEAN:
      return raw<bool>(vector, row);
    case DUCKDB_TYPE_TINYINT:
      return int64_t{raw<int8_t>(vector, row)};
    case DUCKDB_TYPE_SMALLINT:
      return int64_t{raw<int16_t>(vector, row)};
    case DUCKDB_TYPE_INTEGER:
      return int64_t{raw<int32_t>(vector, row)};
    case DUCKDB_TYPE_BIGINT:
      return raw<int64_t>(vector, row);
    case DUCKDB_TYPE_UTINYINT:
      return int64_t{raw<uint8_t>(vector, row)};
    case DUCKDB_TYPE_USMALLINT:
      return int64_t{raw<uint16_t>(vector, row)};
    case DUCKDB_TYPE_UINTEGER:
      return int64_t{raw<uint32_t>(vector, row)};
    case DUCKDB_TYPE_UBIGINT:
      return unsigned_cell(raw<uint64_t>(vector, row));
    case DUCKDB_TYPE_HUGEINT:
      return wide(raw<duckdb_hugeint>(vector, row));
    case DUCKDB_TYPE_UHUGEINT:
      return unsigned_huge_cell(raw<duckdb_uhugeint>(vector, row));
    case DUCKDB_TYPE_FLOAT:
      return float_cell(raw<float>(vector, row));
    case DUCKDB_TYPE_DOUBLE:
      return raw<double>(vector, row);
    case DUCKDB_TYPE_DECIMAL:
      return Decimal{decimal_cell(type.storage, vector, row), type.width, type.scale};
    case DUCKDB_TYPE_ENUM:
      return type.names[enum_index(type.storage, vector, row)];
    case DUCKDB_TYPE_BLOB:
      return Blob{bytes(vector, row)};
    case DUCKDB_TYPE_BIT:
      return bit_text(bytes(vector, row));
    case DUCKDB_TYPE_UUID:
      return Uuid{uuid_text(raw<duckdb_hugeint>(vector, row))};
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_ARRAY:
      return list_cell(type, vector, row);
    case DUCKDB_TYPE_MAP:
      return map_cell(type, vector, row);
    case DUCKDB_TYPE_STRUCT:
      return struct_cell(type, vector, row);
    case DUCKDB_TYPE_UNION:
      return union_cell(type, vector, row);
    case DUCKDB_TYPE_SQLNULL:
      return {};
    default:
      if (std::optional<Value> time = time_cell(type.id, vector, row)) return std::move(*time);
      return bytes(vector, row);
  }
}

ValueHandle to_duckdb(const Value& value) {
  return ValueHandle(std::visit(
      Overload{[](std::monostate) { return duckdb_create_null_value(); }, [](bool v) { return duckdb_create_bool(v); },
               [](int64_t v) { return duckdb_create_int64(v); },
               [](int128 v) { return duckdb_create_hugeint(narrow(v)); },
               [](double v) { return duckdb_create_double(v); },
               [](const Decimal& v) {
                 return duckdb_create_decimal({v.width, v.scale, narrow(v.unscaled)});
               },
               [](const std::string& v) { return create_text(v); },
               [](const Blob& v) {
                 return duckdb_create_blob(reinterpret_cast<const uint8_t*>(v.bytes.data()), v.bytes.size());
               },
               [](const Date& v) { return duckdb_create_date({v.days}); }, [](const Time& v) { return create_time(v); },
               [](const Timestamp& v) { return create_timestamp(v); },
               [](const Interval& v) {
                 return duckdb_create_interval({v.months, v.days, v.micros});
               },
               [](const Uuid& v) { return create_uuid(v.text); }, [](const List& v) { return create_list(v); },
               [](const Struct& v) { return create_struct(v); }, [](const Map& v) { return create_map(v); }},
      static_cast<const ValueVariant&>(value)));
}

}  // namespace rynd::engine::duck
