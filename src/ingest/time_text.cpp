// Time text: whether a text is a date or a time in ISO 8601, the forms that are taken for such without being told.
#include "time_text.h"

#include <chrono>

namespace rynd::ingest {
namespace {

// The number of two or four digits at `at`; -1 where other characters are.
int digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool is_date(std::string_view text) {
  int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0 || text[4] != '-' || text[7] != '-') return false;
  return std::chrono::year_month_day{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day))}
      .ok();
}

bool is_zone(std::string_view text) {
  if (text == "Z" || text == "z") return true;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  int hours = digits(text, 1, 2);
  size_t minutes = text.size() > 3 && text[3] == ':' ? 4 : 3;
  bool whole = text.size() == 3 ||
               (text.size() == minutes + 2 && digits(text, minutes, 2) >= 0 && digits(text, minutes, 2) < 60);
  return hours >= 0 && hours <= 15 && whole;
}

}  // namespace

TimeKind time_kind(std::string_view text) {
  if (text.size() < 10 || !is_date(text.substr(0, 10))) return TimeKind::none;
  if (text.size() == 10) return TimeKind::date;
  if (text.size() < 16 || (text[10] != 'T' && text[10] != ' ')) return TimeKind::none;
  int hour = digits(text, 11, 2), minute = digits(text, 14, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || text[13] != ':') return TimeKind::none;
  size_t at = 16;
  if (at < text.size() && text[at] == ':') {
    int second = digits(text, at + 1, 2);
    if (second < 0 || second > 59) return TimeKind::none;
    at += 3;
    if (at < text.size() && text[at] == '.') {
      size_t begin = ++at;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
      if (at == begin) return TimeKind::none;
    }
  }
  if (at == text.size()) return TimeKind::timestamp;
  return is_zone(text.substr(at)) ? TimeKind::timestamp_tz : TimeKind::none;
}

}  // namespace rynd::ingest
