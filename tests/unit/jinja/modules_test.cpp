// The modules answer as Python's do: modules_cases.txt holds expressions and what Python made of them.
#include "jinja/modules.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "jinja/jinja.h"

namespace rynd::jinja {
namespace {

ContextPtr context(Clock& clock) {
  const auto text = [](std::span<const Value> given) -> Outcome<Value> { return Value(given[0].str()); };
  const auto list = [](std::span<const Value> given) -> Outcome<Value> {
    Outcome<std::vector<Value>> items = to_vector(given[0]);
    if (!items) return std::unexpected(items.error());
    return Value::list(std::move(*items));
  };
  const auto decimal = [](std::span<const Value> given) { return make_decimal(given[0].str()); };
  return make_context({{"datetime", datetime_module(clock)},
                       {"pytz", pytz_module()},
                       {"re", re_module()},
                       {"itertools", itertools_module()},
                       {"str", function("str", {{"object"}}, text)},
                       {"list", function("list", {{"iterable"}}, list)},
                       {"Decimal", function("Decimal", {{"value"}}, decimal)}});
}

std::string answer(const std::string& expression, const ContextPtr& names) {
  const Checked<Template> compiled = Environment().compile_expression(make_source("<case>", expression));
  if (!compiled) return "! does not compile: " + compiled.error().front().message;
  const Result<Value> value = evaluate(*compiled, names);
  return value ? value->repr() : "! " + value.error().message;
}

struct Case {
  std::string expression, expected;
};

std::vector<Case> cases() {
  std::ifstream file(RYND_SOURCE_DIR "/tests/unit/jinja/modules_cases.txt");
  std::vector<Case> all;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("  "))
      all.back().expected = line.substr(2);
    else if (!line.empty() && line[0] != '#')
      all.push_back({line, ""});
  }
  return all;
}

TEST(Modules, AnswerAsPython) {
  SimClock clock{Instant{}};
  const ContextPtr names = context(clock);
  const std::vector<Case> all = cases();
  ASSERT_GT(all.size(), 150u);
  for (const Case& one : all) {
    const std::string got = answer(one.expression, names);
    if (one.expected.starts_with("! ")) {
      // Python's class and message; the diagnostic may add what it knows besides.
      const std::string message = one.expected.substr(one.expected.find(": ") + 2);
      EXPECT_TRUE(got.starts_with("! ") && got.find(message) != std::string::npos)
          << one.expression << "\n got  " << got << "\n want " << one.expected;
    } else {
      EXPECT_EQ(got, one.expected) << one.expression;
    }
  }
}

TEST(Modules, NowIsTheClocks) {
  SimClock clock{Instant{std::chrono::microseconds(1'700'000'000'500'000)}};
  const ContextPtr names = context(clock);
  EXPECT_EQ(answer("str(datetime.datetime.now())", names), "'2023-11-14 22:13:20.500000'");
  EXPECT_EQ(answer("datetime.date.today()", names), "datetime.date(2023, 11, 14)");
}

TEST(Modules, ValuesOfTheHostComeBack) {
  EXPECT_EQ(make_datetime(0, true).repr(), "datetime.datetime(1970, 1, 1, 0, 0, tzinfo=<UTC>)");
  const std::optional<Moment> moment = as_datetime(make_datetime(1'500'000, false));
  ASSERT_TRUE(moment);
  EXPECT_EQ(moment->microseconds, 1'500'000);
  EXPECT_FALSE(moment->utc_offset_seconds);
  EXPECT_EQ(as_date(make_date(1970, 2, 1)), 31);
  EXPECT_EQ(as_decimal(*make_decimal("1.50")), "1.50");
  EXPECT_FALSE(as_decimal(Value(1.5)));
}

}  // namespace
}  // namespace rynd::jinja
