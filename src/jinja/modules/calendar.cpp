// Calendar: computing with dates and writing them.
#include "modules/calendar.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace rynd::jinja {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names = {"January",   "February", "March",    "April",
                                                          "May",       "June",     "July",     "August",
                                                          "September", "October",  "November", "December"};

// Weeks of the year when the first `first` (0 Monday, 6 Sunday) begins week 1.
int week_of_year(int year_day, int weekday, int first) {
  const int since_first = (weekday - first + 7) % 7;
  return (year_day - 1 + 7 - since_first) / 7;
}

struct Writer {
  const Fields& f;
  const std::optional<ZoneText>& zone;
  int64_t days = days_of(f.year, f.month, f.day);
  int weekday = weekday_of(days);

  int hour12() const { return f.hour % 12 == 0 ? 12 : f.hour % 12; }

  // Nothing: not a directive.
  std::optional<std::string> date_part(char directive) const {
    switch (directive) {
      case 'a':
        return std::string(day_names[static_cast<size_t>(weekday)].substr(0, 3));
      case 'A':
        return std::string(day_names[static_cast<size_t>(weekday)]);
      case 'b':
      case 'h':
        return std::string(month_names[static_cast<size_t>(f.month - 1)].substr(0, 3));
      case 'B':
        return std::string(month_names[static_cast<size_t>(f.month - 1)]);
      case 'C':
        return fmt::format("{:02}", f.year / 100);
      case 'd':
        return fmt::format("{:02}", f.day);
      case 'e':
        return fmt::format("{:2}", f.day);
      case 'j':
        return fmt::format("{:03}", year_day_of(days));
      case 'm':
        return fmt::format("{:02}", f.month);
      case 'u':
        return std::to_string(weekday + 1);
      case 'w':
        return std::to_string((weekday + 1) % 7);
      case 'U':
        return fmt::format("{:02}", week_of_year(year_day_of(days), weekday, 6));
      case 'W':
        return fmt::format("{:02}", week_of_year(year_day_of(days), weekday, 0));
      case 'V':
        return fmt::format("{:02}", iso_week_of(days).week);
      case 'G':
        return std::to_string(iso_week_of(days).year);
      case 'g':
        return fmt::format("{:02}", iso_week_of(days).year % 100);
      case 'y':
        return fmt::format("{:02}", f.year % 100);
      case 'Y':
        return std::to_string(f.year);
      case 'D':
      case 'x':
        return write("%m/%d/%y");
      case 'F':
        return write("%Y-%m-%d");
      case 'c':
        return write("%a %b %e %H:%M:%S %Y");
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> time_part(char directive) const {
    switch (directive) {
      case 'f':
        return fmt::format("{:06}", f.microsecond);
      case 'H':
        return fmt::format("{:02}", f.hour);
      case 'k':
        return fmt::format("{:2}", f.hour);
      case 'I':
        return fmt::format("{:02}", hour12());
      case 'l':
        return fmt::format("{:2}", hour12());
      case 'M':
        return fmt::format("{:02}", f.minute);
      case 'n':
        return "\n";
      case 'p':
        return f.hour < 12 ? "AM" : "PM";
      case 'P':
        return f.hour < 12 ? "am" : "pm";
      case 'r':
        return write("%I:%M:%S %p");
      case 'R':
        return write("%H:%M");
      case 's':
        return std::to_string(floor_divide(microseconds_of(f), second_us));
      case 'S':
        return fmt::format("{:02}", f.second);
      case 't':
        return "\t";
      case 'T':
      case 'X':
        return write("%H:%M:%S");
      case 'z':
        return zone ? offset_text(zone->offset_seconds, "") : "";
      case 'Z':
        return zone ? zone->name : "";
      case '%':
        return "%";
      default:
        return std::nullopt;
    }
  }

  std::string write(std::string_view format) const {
    std::string out;
    for (size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%' || i + 1 == format.size()) {
        out += format[i];
        continue;
      }
      char directive = format[++i];
      // glibc's "no padding".
      const bool bare = directive == '-' && i + 1 < format.size();
      if (bare) directive = format[++i];
      std::optional<std::string> part = date_part(directive);
      if (!part) part = time_part(directive);
      if (!part) {
        out += bare ? "%-" : "%";
        out += directive;
        continue;
      }
      const size_t first = bare ? part->find_first_not_of("0 ") : 0;
      out += first == std::string::npos ? "0" : part->substr(first);
    }
    return out;
  }
};

}  // namespace

int64_t floor_divide(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

int64_t days_of(int year, int month, int day) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / month / day).time_since_epoch().count();
}

int days_in_month(int year, int month) {
  using namespace std::chrono;
  return static_cast<int>(static_cast<unsigned>((std::chrono::year(year) / month / last).day()));
}

int64_t microseconds_of(const Fields& f) {
  return days_of(f.year, f.month, f.day) * day_us +
         ((static_cast<int64_t>(f.hour) * 60 + f.minute) * 60 + f.second) * second_us + f.microsecond;
}

Fields fields_of(int64_t microseconds) {
  const int64_t days = floor_divide(microseconds, day_us);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  const int64_t rest = microseconds - days * day_us;
  const int64_t seconds = rest / second_us;
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(seconds / 3600),
          static_cast<int>(seconds / 60 % 60),
          static_cast<int>(seconds % 60),
          static_cast<int>(rest % second_us)};
}

int weekday_of(int64_t days) { return static_cast<int>(((days + 3) % 7 + 7) % 7); }

int year_day_of(int64_t days) { return static_cast<int>(days - days_of(fields_of(days * day_us).year, 1, 1)) + 1; }

IsoWeek iso_week_of(int64_t days) {
  const int weekday = weekday_of(days);
  // The week belongs to the year of its Thursday.
  const int64_t thursday = days - weekday + 3;
  const int year = fields_of(thursday * day_us).year;
  return {year, static_cast<int>((thursday - days_of(year, 1, 1)) / 7) + 1, weekday + 1};
}

std::string write_date(std::string_view format, const Fields& fields, const std::optional<ZoneText>& zone) {
  return Writer{fields, zone}.write(format);
}

std::string offset_text(int seconds, std::string_view separator) {
  const int size = seconds < 0 ? -seconds : seconds;
  std::string text = fmt::format("{}{:02}{}{:02}", seconds < 0 ? '-' : '+', size / 3600, separator, size / 60 % 60);
  if (size % 60 != 0) text += fmt::format("{}{:02}", separator, size % 60);
  return text;
}

std::string clock_text(const Fields& f) {
  std::string text = fmt::format("{:02}:{:02}:{:02}", f.hour, f.minute, f.second);
  if (f.microsecond != 0) text += fmt::format(".{:06}", f.microsecond);
  return text;
}

std::string day_text(const Fields& f) { return fmt::format("{:04}-{:02}-{:02}", f.year, f.month, f.day); }

}  // namespace rynd::jinja
