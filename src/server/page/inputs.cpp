// Inputs: the one place that knows an input's default, so that browser, CSV and cache agree on it.
#include "page/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <set>

#include "base/suggest.h"
#include "base/text.h"
#include "page/components.h"
#include "sql/quote.h"

namespace rynd::server {

namespace {

constexpr size_t most_choices = 10'000;

std::optional<std::chrono::year_month_day> parse_day(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](size_t at, size_t size, auto& value) {
    return std::from_chars(text.data() + at, text.data() + at + size, value).ptr == text.data() + at + size;
  };
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return date.ok() ? std::optional(date) : std::nullopt;
}

std::string print_day(std::chrono::sys_days days) {
  const std::chrono::year_month_day date(days);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

// The type that a value of this column is cast to; "" where it stays a text.
std::string cast_type(const engine::Column& column) {
  using enum engine::TypeKind;
  switch (column.kind) {
    case boolean:
    case integer:
    case real:
    case decimal:
    case date:
    case timestamp:
    case timestamp_tz:
    case time:
      return column.type;
    default:
      return "";
  }
}

std::optional<size_t> find_column(const engine::Table& table, std::string_view name) {
  const auto found =
      std::ranges::find_if(table.columns, [&](const engine::Column& column) { return iequals(column.name, name); });
  if (found == table.columns.end()) return std::nullopt;
  return static_cast<size_t>(found - table.columns.begin());
}

}  // namespace

std::vector<DatePreset> date_presets(const std::string& first, const std::string& last) {
  using namespace std::chrono;
  const std::optional<year_month_day> end = parse_day(last);
  if (!end) return {};
  const sys_days day(*end);
  const auto months_back = [&](int count) {
    year_month_day start = *end - months(count);
    if (!start.ok()) start = start.year() / start.month() / std::chrono::last;
    return sys_days(start) + days(1);
  };
  std::vector<DatePreset> presets;
  const auto add = [&](std::string name, sys_days from, sys_days to) {
    const std::string start = std::max(print_day(from), first);
    if (start <= print_day(to)) presets.push_back({std::move(name), start, print_day(to)});
  };
  for (const int count : {7, 30, 90, 365}) add(fmt::format("Last {} Days", count), day - days(count - 1), day);
  for (const int count : {3, 6, 12}) add(fmt::format("Last {} Months", count), months_back(count), day);
  const sys_days this_month(end->year() / end->month() / 1);
  const sys_days this_year(end->year() / January / 1);
  add("Last Month", sys_days(year_month_day(end->year() / end->month() / 1) - months(1)), this_month - days(1));
  add("Last Year", sys_days((end->year() - years(1)) / January / 1), this_year - days(1));
  add("Month to Date", this_month, day);
  add("Year to Date", this_year, day);
  presets.push_back({"All Time", first, last});
  return presets;
}

std::vector<Parameter> parameters_of(const CompiledQuery& compiled) {
  std::vector<Parameter> parameters;
  for (const CompiledQuery::Parameter& parameter : compiled.parameters) {
    parameters.push_back(parameter.null ? Parameter() : Parameter(parameter.text));
  }
  return parameters;
}

Diagnostic at_page(Diagnostic diagnostic, const Page& page, const Query& query, const CompiledQuery& compiled,
                   size_t shift) {
  const Span& there = diagnostic.span;
  const bool known = there && there.begin >= shift;
  const auto moved = [&](uint32_t at) { return at - static_cast<uint32_t>(shift); };
  diagnostic.span =
      known ? compiled.to_page(page.source, moved(there.begin), moved(std::max(there.begin, there.end)), query.span)
            : query.span;
  diagnostic.notes.push_back(fmt::format("in the query '{}'", query.name));
  return diagnostic;
}

Inputs::Inputs(const Page& page, const Fields& given, Warehouse& warehouse, std::stop_token gone)
    : page_(page), given_(given), warehouse_(warehouse), gone_(std::move(gone)) {}

const InputOffer& Inputs::offer(const Component& input) {
  const std::string name(input.text("name"));
  const auto found = resolved_.find(name);
  if (found != resolved_.end()) return found->second;
  // Stands for itself while its query is asked, so that a circle of inputs ends (the check has reported it).
  resolved_[name] = {};
  return resolved_[name] = resolve(input);
}

InputStates Inputs::states(const std::vector<std::string>& names) {
  InputStates states;
  for (const std::string& name : names) {
    if (const Component* input = page_.input(name)) states[name] = offer(*input).state;
  }
  return states;
}

InputOffer Inputs::resolve(const Component& input) {
  InputOffer offer;
  if (input.name == "DateRange")
    resolve_range(input, offer);
  else
    resolve_dropdown(input, offer);
  return offer;
}

AnswerPtr Inputs::ask(const Query& query, const std::string& before, const std::string& after, size_t limit,
                      InputOffer& offer) {
  if (!query.usable) return nullptr;
  const CompiledQuery compiled = compile_query(page_, query, states(query.inputs));
  Result<AnswerPtr> answer = warehouse_.ask(before + compiled.sql + after, parameters_of(compiled), limit, gone_);
  if (answer) return *answer;
  offer.errors.push_back(at_page(answer.error(), page_, query, compiled, before.size()));
  return nullptr;
}

void Inputs::resolve_dropdown(const Component& input, InputOffer& offer) {
  std::set<std::string> seen;
  const auto add = [&](std::string value, std::string label) {
    if (seen.insert(value).second) offer.choices.push_back({std::move(value), std::move(label)});
  };
  for (const uint32_t child : input.children) {
    const Component& option = page_.components[child];
    const std::string value(option.text("value"));
    add(value, option.find("valueLabel") ? std::string(option.text("valueLabel")) : value);
  }
  const Query* query = page_.query(input.text("data"));
  const AnswerPtr answer = query == nullptr ? nullptr : ask(*query, "", "", most_choices, offer);
  if (answer && !answer->table.columns.empty()) {
    const engine::Table& table = answer->table;
    const std::optional<size_t> named = input.find("value") ? find_column(table, input.text("value")) : 0;
    const std::optional<size_t> label = input.find("label") ? find_column(table, input.text("label")) : named;
    if (named) offer.state.type = cast_type(table.columns[*named]);
    for (const auto& row : table.rows) {
      if (!named || !label || row[*named].is_null()) continue;
      add(engine::to_text(row[*named]), engine::to_text(row[*label]));
    }
  }
  InputState& state = offer.state;
  bool given = false;
  for (const auto& [name, value] : given_) {
    if (name != input.text("name")) continue;
    given = true;
    if (!value.empty()) state.values.push_back(value);
  }
  if (!given && input.find("defaultValue")) {
    const AttributeValue& value = input.find("defaultValue")->value;
    state.values = value.kind == AttributeValue::Kind::list ? value.items : std::vector{value.text};
  } else if (!given && input.text("noDefault") != "true" && !offer.choices.empty()) {
    state.values = {offer.choices.front().value};
  }
  if (input.text("multiple") != "true" && state.values.size() > 1) state.values.resize(1);
  for (const std::string& value : state.values) {
    const auto choice = std::ranges::find(offer.choices, value, &Choice::value);
    state.labels.push_back(choice == offer.choices.end() ? value : choice->label);
  }
}

void Inputs::resolve_range(const Component& input, InputOffer& offer) {
  const Query* query = page_.query(input.text("data"));
  if (query != nullptr && input.find("dates")) {
    const std::string column = sql::identifier(input.text("dates"));
    const std::string before = fmt::format("select min({0})::date, max({0})::date from (", column);
    const AnswerPtr answer = ask(*query, before, "\n)", 1, offer);
    if (answer && !answer->table.rows.empty() && !answer->table.rows[0][0].is_null()) {
      offer.first = engine::to_text(answer->table.rows[0][0]);
      offer.last = engine::to_text(answer->table.rows[0][1]);
    }
  }
  if (parse_day(input.text("start"))) offer.first = input.text("start");
  if (parse_day(input.text("end"))) offer.last = input.text("end");
  offer.presets = date_presets(offer.first, offer.last);
  offer.state.start = offer.first;
  offer.state.end = offer.last;
  const auto preset = std::ranges::find_if(
      offer.presets, [&](const DatePreset& item) { return iequals(item.name, input.text("defaultValue")); });
  if (preset != offer.presets.end()) {
    offer.state.start = preset->start;
    offer.state.end = preset->end;
  }
  const std::string prefix = std::string(input.text("name")) + ".";
  for (const auto& [name, value] : given_) {
    if (!parse_day(value) || value.size() != 10) continue;
    if (name == prefix + "start") offer.state.start = value;
    if (name == prefix + "end") offer.state.end = value;
  }
}

}  // namespace rynd::server
