// Value: cells as text and as JSON.
#include "engine/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/json.h"

namespace rynd::engine {
namespace {

constexpr int64_t micros_per_second = 1'000'000;
constexpr int64_t micros_per_day = 86'400 * micros_per_second;

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

std::string date_text(int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  const int year = static_cast<int>(date.year());
  const auto rest = fmt::format("-{:02}-{:02}", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (year > 0) return fmt::format("{:04}", year) + rest;
  return fmt::format("{:04}", 1 - year) + rest + " (BC)";
}

// "10:20:30", with the fraction that is there and no zeros at its end.
std::string clock_text(int64_t micros, int nanos = 0) {
  const int64_t seconds = micros / micros_per_second;
  std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  const int64_t fraction = micros % micros_per_second * 1000 + nanos;
  if (fraction == 0) return text;
  text += fmt::format(".{:09}", fraction);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string offset_text(int32_t seconds) {
  const int32_t distance = std::abs(seconds);
  std::string text = fmt::format("{}{:02}", seconds < 0 ? '-' : '+', distance / 3600);
  if (distance % 3600 != 0) text += fmt::format(":{:02}", distance / 60 % 60);
  if (distance % 60 != 0) text += fmt::format(":{:02}", distance % 60);
  return text;
}

std::string infinity_text(bool negative) { return negative ? "-infinity" : "infinity"; }

std::string timestamp_text(const Timestamp& value, char separator, std::string_view zone) {
  if (std::abs(value.micros) == std::numeric_limits<int64_t>::max()) return infinity_text(value.micros < 0);
  int64_t days = value.micros / micros_per_day;
  if (value.micros % micros_per_day < 0) --days;
  return date_text(days) + separator + clock_text(value.micros - days * micros_per_day, value.nanos) +
         (value.zoned ? std::string(zone) : "");
}

std::string interval_text(const Interval& value) {
  std::string text;
  const auto part = [&](int64_t number, std::string_view unit) {
    if (number == 0) return;
    if (!text.empty()) text += ' ';
    text += fmt::format("{} {}{}", number, unit, number == 1 || number == -1 ? "" : "s");
  };
  part(value.months / 12, "year");
  part(value.months % 12, "month");
  part(value.days, "day");
  if (value.micros != 0 || text.empty()) {
    if (!text.empty()) text += ' ';
    if (value.micros < 0) text += '-';
    text += clock_text(std::abs(value.micros));
  }
  return text;
}

// The shortest digits that read back the same, as DuckDB writes doubles: "1.0", "0.1", "1e+20".
std::string real_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string blob_text(const std::string& bytes) {
  std::string text;
  for (const unsigned char c : bytes) {
    if (c >= 32 && c < 127 && c != '\\' && c != '\'' && c != '"') {
      text += static_cast<char>(c);
    } else {
      text += fmt::format("\\x{:02X}", c);
    }
  }
  return text;
}

// What stands inside lists and structs is quoted where it would be read as something else.
std::string nested_text(const Value& value) {
  std::string text = to_text(value);
  if (value.is_null() || value.get_if<List>() || value.get_if<Struct>() || value.get_if<Map>()) return text;
  const bool blank_edge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  const bool needs = text.empty() || blank_edge || text == "NULL" || text == "null" ||
                     text.find_first_of(",:'\"[]{}()=") != std::string::npos;
  if (!needs) return text;
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '\'';
}

template <class Items, class Print>
std::string joined(const Items& items, std::string_view open, std::string_view close, Print print) {
  std::string text(open);
  for (size_t i = 0; i < items.size(); ++i) {
    if (i != 0) text += ", ";
    text += print(items[i]);
  }
  text += close;
  return text;
}

std::string struct_text(const Struct& value) {
  const bool unnamed = !value.fields.empty() && value.fields.front().first.empty();
  return joined(value.fields, unnamed ? "(" : "{", unnamed ? ")" : "}", [&](const auto& field) {
    return unnamed ? nested_text(field.second) : '\'' + field.first + "': " + nested_text(field.second);
  });
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) out += k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

// JavaScript's numbers are doubles: beyond 2^53 a number would silently become another one.
bool exact_in_javascript(int128 value) {
  constexpr int128 bound = int128{1} << 53;
  return value > -bound && value < bound;
}

std::string integer_json(int128 value) {
  const std::string text = to_text(value);
  return exact_in_javascript(value) ? text : '"' + text + '"';
}

std::string real_json(double value) {
  if (!std::isfinite(value)) return '"' + real_text(value) + '"';
  return real_text(value);
}

std::string decimal_json(const Decimal& value) {
  const std::string text = to_text(value);
  return exact_in_javascript(value.unscaled) ? text : '"' + text + '"';
}

std::string object_json(const Struct& value) {
  if (!value.fields.empty() && value.fields.front().first.empty()) {
    return joined(value.fields, "[", "]", [](const auto& field) { return to_json(field.second); });
  }
  return joined(value.fields, "{", "}",
                [](const auto& field) { return json::quote(field.first) + ": " + to_json(field.second); });
}

}  // namespace

std::string to_text(int128 value) {
  if (value == 0) return "0";
  __extension__ typedef unsigned __int128 Unsigned;
  Unsigned rest = value < 0 ? -static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
  std::string text;
  for (; rest != 0; rest /= 10) text += static_cast<char>('0' + static_cast<int>(rest % 10));
  if (value < 0) text += '-';
  std::ranges::reverse(text);
  return text;
}

std::string to_text(const Decimal& value) {
  std::string digits = to_text(value.unscaled < 0 ? -value.unscaled : value.unscaled);
  if (value.scale > 0) {
    if (digits.size() <= value.scale) digits.insert(0, value.scale + 1u - digits.size(), '0');
    digits.insert(digits.size() - value.scale, 1, '.');
  }
  return value.unscaled < 0 ? '-' + digits : digits;
}

std::string to_text(const Value& value) {
  const auto date = [](const Date& v) {
    return std::abs(v.days) == std::numeric_limits<int32_t>::max() ? infinity_text(v.days < 0) : date_text(v.days);
  };
  return std::visit(
      Overload{[](std::monostate) { return std::string("NULL"); },
               [](bool v) { return std::string(v ? "true" : "false"); }, [](int64_t v) { return std::to_string(v); },
               [](int128 v) { return to_text(v); }, [](double v) { return real_text(v); },
               [](const Decimal& v) { return to_text(v); }, [](const std::string& v) { return v; },
               [](const Blob& v) { return blob_text(v.bytes); }, date,
               [](const Time& v) { return clock_text(v.micros) + (v.zoned ? offset_text(v.offset_seconds) : ""); },
               [](const Timestamp& v) { return timestamp_text(v, ' ', "+00"); },
               [](const Interval& v) { return interval_text(v); }, [](const Uuid& v) { return v.text; },
               [](const List& v) { return joined(v.items, "[", "]", nested_text); },
               [](const Struct& v) { return struct_text(v); },
               [](const Map& v) {
                 return joined(v.entries, "{", "}",
                               [](const auto& e) { return nested_text(e.first) + '=' + nested_text(e.second); });
               }},
      static_cast<const ValueVariant&>(value));
}

std::string to_json(const Value& value) {
  return std::visit(
      Overload{[](std::monostate) { return std::string("null"); },
               [](bool v) { return std::string(v ? "true" : "false"); }, [](int64_t v) { return integer_json(v); },
               [](int128 v) { return integer_json(v); }, [](double v) { return real_json(v); },
               [](const Decimal& v) { return decimal_json(v); }, [](const std::string& v) { return json::quote(v); },
               [](const Blob& v) { return '"' + base64(v.bytes) + '"'; },
               [](const Timestamp& v) { return '"' + timestamp_text(v, 'T', "Z") + '"'; },
               [](const List& v) { return joined(v.items, "[", "]", [](const Value& item) { return to_json(item); }); },
               [](const Struct& v) { return object_json(v); },
               [](const Map& v) {
                 return joined(v.entries, "{", "}",
                               [](const auto& e) { return json::quote(to_text(e.first)) + ": " + to_json(e.second); });
               },
               [](const auto& v) { return json::quote(to_text(Value(v))); }},
      static_cast<const ValueVariant&>(value));
}

bool operator==(const Value& a, const Value& b) {
  if (a.index() != b.index()) return false;
  return a.is_null() || to_text(a) == to_text(b);
}

}  // namespace rynd::engine
