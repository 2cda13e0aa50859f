// Moments: texts to instants.
#include "moments.h"

#include <charconv>
#include <cstdio>

#include "arguments.h"
#include "base/text.h"

namespace rynd::cli {
namespace {

using namespace std::chrono;

std::unexpected<Diagnostic> wrong_sample(const std::string& text, const std::string& why) {
  return fail({.code = Code::usage,
               .message = "Invalid value for '--sample': '" + text + "' " + why,
               .help = "for example --sample '3 days', or --sample '{start: 2024-05-01, end: 2024-06-01}'"});
}

// `count` units before `now`; the last day of a month stays the last day of a shorter one.
std::optional<Instant> before(Instant now, int count, std::string unit) {
  if (unit.ends_with('s')) unit.pop_back();
  if (unit == "hour") return now - hours{count};
  if (unit == "day") return now - days{count};
  if (unit != "month" && unit != "year") return std::nullopt;
  const auto day = floor<days>(now);
  const year_month_day date{day};
  const year_month month = date.year() / date.month() - months{unit == "month" ? count : count * 12};
  const year_month_day_last last = month / std::chrono::last;
  return sys_days{std::min<year_month_day>(month / date.day(), last)} + (now - day);
}

}  // namespace

std::optional<Instant> parse_moment(const std::string& text) {
  int y = 0, m = 0, d = 0, hour = 0, minute = 0, second = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d", &y, &m, &d, &hour, &minute, &second);
  if (read < 3) return std::nullopt;
  const year_month_day date{year{y}, month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
}

Result<std::optional<transform::TimeWindow>> sample_window(const Invocation& invocation, Clock& clock) {
  const std::string text = invocation.text("sample");
  if (text.empty()) return std::nullopt;
  if (trim(text).starts_with('{')) {
    const Checked<Node> given = mapping_flag(invocation, "sample");
    if (!given) return fail(given.error().front());
    const Node* start = given->find("start");
    const Node* end = given->find("end");
    const auto from = start ? parse_moment(start->text) : std::nullopt;
    const auto to = end ? parse_moment(end->text) : std::nullopt;
    if (!from || !to) return wrong_sample(text, "needs 'start' and 'end'");
    return transform::TimeWindow{*from, *to};
  }
  const std::vector<std::string> words = split(text, ' ');
  if (words.size() != 2) return wrong_sample(text, "must be of the form 'NUMBER UNIT'");
  int count = 0;
  const auto [rest, error] = std::from_chars(words[0].data(), words[0].data() + words[0].size(), count);
  if (error != std::errc() || rest != words[0].data() + words[0].size())
    return wrong_sample(text, "does not begin with a whole number");
  const Instant now = clock.now();
  const std::optional<Instant> start = before(now, count, lower(words[1]));
  if (!start) return wrong_sample(text, "has no such unit: hour, day, month or year");
  return transform::TimeWindow{*start, now};
}

}  // namespace rynd::cli
