// Calendar reading: Python's strptime and fromisoformat.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "modules/calendar.h"
#include "text.h"

namespace rynd::jinja {
namespace {

constexpr std::array<std::string_view, 7> day_words = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> month_words = {"january",   "february", "march",    "april",
                                                          "may",       "june",     "july",     "august",
                                                          "september", "october",  "november", "december"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  std::string_view rest() const { return text_.substr(at_); }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (!at_end() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) ++at_;
  }
  // Between `least` and `most` digits.
  std::optional<int> number(size_t least, size_t most) {
    size_t count = 0;
    int value = 0;
    while (count < most && at_ + count < text_.size() && is_digit(text_[at_ + count])) {
      value = value * 10 + (text_[at_ + count++] - '0');
    }
    if (count < least) return std::nullopt;
    at_ += count;
    return value;
  }
  // A number no greater than `highest`; fewer digits are taken where all would be too great.
  std::optional<int> number_to(size_t most, int lowest, int highest) {
    const size_t start = at_;
    for (size_t digits = most; digits > 0; --digits) {
      at_ = start;
      const auto value = number(1, digits);
      if (!value) return std::nullopt;
      if (*value >= lowest && *value <= highest) return value;
    }
    at_ = start;
    return std::nullopt;
  }
  // Six digits at most, as a fraction of a second in microseconds.
  std::optional<int> fraction() {
    const size_t start = at_;
    auto value = number(1, 6);
    if (!value) return std::nullopt;
    for (size_t digits = at_ - start; digits < 6; ++digits) *value *= 10;
    return value;
  }
  template <size_t N>
  std::optional<int> name(const std::array<std::string_view, N>& names, size_t size) {
    for (size_t i = 0; i < N; ++i) {
      const std::string_view wanted = names[i].substr(0, size);
      if (rest().size() >= wanted.size() && text::lower(rest().substr(0, wanted.size())) == wanted) {
        at_ += wanted.size();
        return static_cast<int>(i);
      }
    }
    return std::nullopt;
  }
  // "+05:30", "+0530", "-05:30:15", "Z".
  std::optional<int> offset() {
    if (take('Z')) return 0;
    const bool negative = take('-');
    if (!negative && !take('+')) return std::nullopt;
    const auto hours = number(2, 2);
    const bool colon = take(':');
    const auto minutes = number(2, 2);
    if (!hours || !minutes || *minutes > 59) return std::nullopt;
    int seconds = 0;
    if (colon ? take(':') : !at_end() && is_digit(text_[at_])) {
      const auto more = number(2, 2);
      if (!more) return std::nullopt;
      seconds = *more;
    }
    const int size = (*hours * 60 + *minutes) * 60 + seconds;
    return negative ? -size : size;
  }
  bool word(std::string_view word) {
    if (rest().size() < word.size() || text::lower(rest().substr(0, word.size())) != word) return false;
    at_ += word.size();
    return true;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

struct Found {
  Fields fields{1900, 1, 1, 0, 0, 0, 0};
  std::optional<int> offset;
  std::optional<int> hour12;
  std::optional<int> year_day;
  bool afternoon = false;
};

bool assign(int& target, std::optional<int> value) {
  if (value) target = *value;
  return value.has_value();
}

bool read_date_part(Reader& reader, char directive, Found& found) {
  Fields& f = found.fields;
  std::optional<int> value;
  switch (directive) {
    case 'Y':
      return assign(f.year, reader.number(4, 4));
    case 'y':
      value = reader.number(2, 2);
      if (value) f.year = *value + (*value < 69 ? 2000 : 1900);
      return value.has_value();
    case 'm':
      return assign(f.month, reader.number_to(2, 1, 12));
    case 'd':
      return assign(f.day, reader.number_to(2, 1, 31));
    case 'j':
      return (found.year_day = reader.number_to(3, 1, 366)).has_value();
    case 'B':
    case 'b':
    case 'h':
      value = directive == 'B' ? reader.name(month_words, 9) : reader.name(month_words, 3);
      if (value) f.month = *value + 1;
      return value.has_value();
    case 'A':
      return reader.name(day_words, 9).has_value();
    case 'a':
      return reader.name(day_words, 3).has_value();
    default:
      return false;
  }
}

bool read_time_part(Reader& reader, char directive, Found& found) {
  Fields& f = found.fields;
  switch (directive) {
    case 'H':
      return assign(f.hour, reader.number_to(2, 0, 23));
    case 'I':
      return (found.hour12 = reader.number_to(2, 1, 12)).has_value();
    case 'p':
      return (found.afternoon = reader.word("pm")) || reader.word("am");
    case 'M':
      return assign(f.minute, reader.number_to(2, 0, 59));
    case 'S':
      return assign(f.second, reader.number_to(2, 0, 61));
    case 'f':
      return assign(f.microsecond, reader.fraction());
    case 'z':
      return (found.offset = reader.offset()).has_value();
    case 'Z':
      return reader.word("utc") || reader.word("gmt");
    case '%':
      return reader.take('%');
    default:
      return false;
  }
}

bool is_directive(char c) { return std::string_view("YymdjBbhAaHIpMSfzZ%").find(c) != std::string_view::npos; }

// The day a year day means, and what 12-hour clocks leave open.
void settle(Found& found) {
  Fields& f = found.fields;
  if (found.hour12) f.hour = *found.hour12 % 12 + (found.afternoon ? 12 : 0);
  if (found.year_day) {
    const Fields day = fields_of((days_of(f.year, 1, 1) + *found.year_day - 1) * day_us);
    f.month = day.month;
    f.day = day.day;
  }
}

bool read_iso_day(Reader& reader, Fields& f) {
  const auto year = reader.number(4, 4);
  if (!year || *year == 0) return false;
  f.year = *year;
  const bool dashes = reader.take('-');
  if (reader.take('W')) {
    const auto week = reader.number(2, 2);
    if (!week || *week < 1 || *week > 53) return false;
    int weekday = 1;
    if (dashes ? reader.take('-') : !reader.at_end() && is_digit(reader.rest().front())) {
      if (!assign(weekday, reader.number(1, 1)) || weekday < 1 || weekday > 7) return false;
    }
    const int64_t fourth = days_of(f.year, 1, 4);
    const Fields day = fields_of((fourth - weekday_of(fourth) + (*week - 1) * 7 + weekday - 1) * day_us);
    f.year = day.year, f.month = day.month, f.day = day.day;
    return true;
  }
  const auto month = reader.number(2, 2);
  if (!month || *month < 1 || *month > 12 || (dashes && !reader.take('-'))) return false;
  f.month = *month;
  const auto day = reader.number(2, 2);
  if (!day || *day < 1 || *day > days_in_month(f.year, f.month)) return false;
  f.day = *day;
  return true;
}

bool read_iso_clock(Reader& reader, Fields& f) {
  if (!assign(f.hour, reader.number(2, 2)) || f.hour > 23) return false;
  const auto more = [&] { return !reader.at_end() && is_digit(reader.rest().front()); };
  const bool colons = reader.take(':');
  if (!colons && !more()) return true;
  if (!assign(f.minute, reader.number(2, 2)) || f.minute > 59) return false;
  if (colons ? reader.take(':') : more()) {
    if (!assign(f.second, reader.number(2, 2)) || f.second > 59) return false;
    if (reader.take('.') || reader.take(',')) {
      if (!assign(f.microsecond, reader.fraction())) return false;
      while (more()) reader.number(1, 1);
    }
  }
  return true;
}

}  // namespace

ReadDate read_date(std::string_view text, std::string_view format) {
  Reader reader(text);
  Found found;
  const auto mismatch = [&] {
    return ReadDate{{}, {}, fmt::format("time data {} does not match format {}", text::repr(text), text::repr(format))};
  };
  for (size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      reader.skip_space();
    } else if (c != '%') {
      if (!reader.take(c)) return mismatch();
    } else if (i + 1 == format.size()) {
      return {{}, {}, fmt::format("stray % in format '{}'", format)};
    } else {
      const char directive = format[++i];
      if (!is_directive(directive)) {
        return {{}, {}, fmt::format("'{}' is a bad directive in format '{}'", directive, format)};
      }
      if (!read_date_part(reader, directive, found) && !read_time_part(reader, directive, found)) return mismatch();
    }
  }
  if (!reader.at_end()) return {{}, {}, fmt::format("unconverted data remains: {}", reader.rest())};
  settle(found);
  if (found.fields.day > days_in_month(found.fields.year, found.fields.month))
    return {{}, {}, "day is out of range for month"};
  return {found.fields, found.offset, ""};
}

std::optional<ReadDate> read_iso(std::string_view text) {
  Reader reader(text);
  ReadDate date;
  if (!read_iso_day(reader, date.fields)) return std::nullopt;
  if (reader.at_end()) return date;
  // Any one character stands between date and time.
  Reader clock(reader.rest().substr(text::point(reader.rest(), 0).size));
  if (!read_iso_clock(clock, date.fields)) return std::nullopt;
  if (!clock.at_end()) {
    date.offset_seconds = clock.offset();
    if (!date.offset_seconds || !clock.at_end()) return std::nullopt;
  }
  return date;
}

}  // namespace rynd::jinja
