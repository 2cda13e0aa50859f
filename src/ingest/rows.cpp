// Rows: JSON values become rows on the stage: nested objects flattened with "__", arrays kept as JSON, types found by
// looking.
#include "rows.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "time_text.h"

namespace rynd::ingest {
namespace {

namespace dom = simdjson::dom;

// Rows held before they go to the stage: enough that the appender's own start does not count.
constexpr size_t rows_held = 20'000;
constexpr size_t told_text = 60;

// By value: iterating over what a temporary result holds would outlive it.
dom::object object_of(const dom::element& element) { return element.get_object().value(); }
dom::array array_of(const dom::element& element) { return element.get_array().value(); }

std::string real_text(double value) {
  std::array<char, 32> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string scalar_text(const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::STRING:
      return std::string(element.get_string().value());
    case dom::element_type::INT64:
      return std::to_string(element.get_int64().value());
    case dom::element_type::UINT64:
      return std::to_string(element.get_uint64().value());
    case dom::element_type::DOUBLE:
      return real_text(element.get_double().value());
    case dom::element_type::BOOL:
      return element.get_bool().value() ? "true" : "false";
    case dom::element_type::NULL_VALUE:
      return "";
    default:
      return simdjson::minify(element);
  }
}

// All elements that a path names; [*] may name several.
void find_all(const dom::element& element, const Selector& path, size_t step, std::vector<dom::element>& found) {
  if (step == path.steps.size()) {
    found.push_back(element);
    return;
  }
  if (auto name = std::get_if<std::string>(&path.steps[step])) {
    dom::element inner;
    if (element.is_object() && element.at_key(*name).get(inner) == simdjson::SUCCESS)
      find_all(inner, path, step + 1, found);
  } else if (auto index = std::get_if<size_t>(&path.steps[step])) {
    dom::element inner;
    if (element.is_array() && element.get_array().value().at(*index).get(inner) == simdjson::SUCCESS) {
      find_all(inner, path, step + 1, found);
    }
  } else if (element.is_array()) {
    for (dom::element inner : array_of(element)) find_all(inner, path, step + 1, found);
  } else if (element.is_object()) {
    for (auto entry : object_of(element)) find_all(entry.value, path, step + 1, found);
  }
}

// Where an answer keeps its rows when nobody says so: itself, the list under a usual name, or its only list.
std::optional<dom::element> guess_rows(const dom::element& root) {
  if (root.is_array() || !root.is_object()) return root;
  constexpr std::array<std::string_view, 11> usual_names{"data",     "items",   "results", "entries", "records", "rows",
                                                         "entities", "payload", "content", "objects", "values"};
  std::optional<dom::element> only;
  size_t lists = 0;
  for (auto entry : object_of(root)) {
    if (!entry.value.is_array()) continue;
    if (std::find(usual_names.begin(), usual_names.end(), entry.key) != usual_names.end()) return entry.value;
    ++lists;
    only = entry.value;
  }
  return lists == 1 ? only : std::optional<dom::element>(root);
}

std::string keys_of(const dom::element& element) {
  std::string keys;
  if (!element.is_object()) return keys;
  for (auto entry : object_of(element)) keys += (keys.empty() ? "" : ", ") + std::string(entry.key);
  return keys;
}

}  // namespace

struct Json::Parsed {
  dom::parser parser;
  dom::element root;
};

Json::Json() : parsed_(std::make_unique<Parsed>()) {}
Json::~Json() = default;

const dom::element& Json::root() const { return parsed_->root; }

Result<void> Json::parse(std::string_view text, const std::string& what) {
  auto error = parsed_->parser.parse(text.data(), text.size()).get(parsed_->root);
  if (error == simdjson::SUCCESS) return {};
  Diagnostic problem{.code = Code::ingest_format, .message = what + " is no JSON: " + simdjson::error_message(error)};
  if (error == simdjson::NUMBER_ERROR)
    problem.notes.push_back("a number must fit 64 bits; larger ones have to come as texts");
  std::string told(text.substr(0, told_text));
  std::replace_if(
      told.begin(), told.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  problem.notes.push_back(told.empty() ? "it is empty" : "it begins with: " + told);
  return fail(std::move(problem));
}

std::string Json::text_at(const Selector& path) const {
  std::vector<dom::element> found;
  find_all(parsed_->root, path, 0, found);
  return found.empty() ? "" : scalar_text(found.front());
}

bool Json::has(const Selector& path) const {
  std::vector<dom::element> found;
  find_all(parsed_->root, path, 0, found);
  return !found.empty() && !found.front().is_null();
}

Rows::Rows(Stage& stage, engine::Connection& connection, std::string resource)
    : stage_(stage), connection_(connection), resource_(std::move(resource)) {}

Result<int64_t> Rows::add_page(const Json& json, const std::optional<Selector>& selector, bool zip_arrays,
                               const std::string& file, const ExtraColumns& extra, std::optional<int64_t> limit) {
  std::vector<dom::element> found;
  if (selector)
    find_all(json.root(), *selector, 0, found);
  else if (zip_arrays)
    found.push_back(json.root());
  else if (auto guessed = guess_rows(json.root()))
    found.push_back(*guessed);
  if (found.empty()) {
    Diagnostic problem{.code = Code::ingest_no_rows_found,
                       .message = "the 'data_selector' of '" + resource_ + "' finds nothing in " + file};
    std::string keys = keys_of(json.root());
    if (!keys.empty()) problem.notes.push_back("it has: " + keys);
    return fail(std::move(problem));
  }
  int64_t before = count_;
  auto full = [&] { return limit && count_ >= *limit; };
  for (const auto& element : found) {
    if (full()) break;
    if (zip_arrays) {
      if (auto zipped = zip(element, file, extra, limit); !zipped) return zipped;
    } else if (element.is_array()) {
      for (dom::element item : array_of(element)) {
        if (full()) break;
        if (auto added = row(item, file, count_ + 1, extra); !added) return fail(added.error());
      }
    } else if (!element.is_null()) {
      if (auto added = row(element, file, count_ + 1, extra); !added) return fail(added.error());
    }
  }
  return count_ - before;
}

Result<void> Rows::add_row(const Json& json, const std::string& file, int64_t line) {
  return row(json.root(), file, line, {});
}

Result<void> Rows::row(const dom::element& element, const std::string& file, int64_t line, const ExtraColumns& extra) {
  if (element.is_object()) {
    if (auto added = object(element, ""); !added) return added;
  } else if (auto added = field("value", element); !added) {
    return added;
  }
  return end_row(file, line, extra);
}

Result<void> Rows::end_row(const std::string& file, int64_t line, const ExtraColumns& extra) {
  for (const auto& [name, value] : extra) {
    auto column = cells(name);
    if (!column) return fail(column.error());
    if (!value) continue;
    (*column)->values.resize(places_.size());
    (*column)->values.push_back(value);
    (*column)->found = join((*column)->found, Found::text);
  }
  places_.emplace_back(file, line);
  ++count_;
  return places_.size() >= rows_held ? flush() : Result<void>();
}

Result<void> Rows::object(const dom::element& element, const std::string& prefix) {
  for (auto entry : object_of(element)) {
    std::string name = prefix + std::string(entry.key);
    auto added = entry.value.is_object() ? object(entry.value, name + Stage::path_separator) : field(name, entry.value);
    if (!added) return added;
  }
  return {};
}

Result<void> Rows::field(const std::string& name, const dom::element& element) {
  if (element.is_null()) return {};
  auto column = cells(name);
  if (!column) return fail(column.error());
  std::string text = scalar_text(element);
  Found found = Found::text;
  switch (element.type()) {
    case dom::element_type::ARRAY:
      found = Found::json;
      break;
    case dom::element_type::BOOL:
      found = Found::boolean;
      break;
    case dom::element_type::INT64:
      found = Found::bigint;
      break;
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      found = Found::real;
      break;
    case dom::element_type::STRING:
      switch (time_kind(text)) {
        case TimeKind::date:
          found = Found::date;
          break;
        case TimeKind::timestamp:
          found = Found::timestamp;
          break;
        case TimeKind::timestamp_tz:
          found = Found::timestamp_tz;
          break;
        case TimeKind::none:
          break;
      }
      break;
    default:
      break;
  }
  (*column)->found = join((*column)->found, found);
  (*column)->values.resize(places_.size());
  (*column)->values.emplace_back(std::move(text));
  return {};
}

Result<int64_t> Rows::zip(const dom::element& element, const std::string& file, const ExtraColumns& extra,
                          std::optional<int64_t> limit) {
  if (!element.is_object()) {
    return fail({.code = Code::ingest_no_rows_found,
                 .message = "'zip_arrays' of '" + resource_ + "' needs an object of arrays in " + file});
  }
  std::vector<std::pair<std::string, std::vector<dom::element>>> arrays;
  std::vector<std::pair<std::string, dom::element>> repeated;
  for (auto entry : object_of(element)) {
    std::string name(entry.key);
    if (!entry.value.is_array()) {
      if (!entry.value.is_object()) repeated.emplace_back(name, entry.value);
      continue;
    }
    std::vector<dom::element> items;
    for (dom::element item : array_of(entry.value)) items.push_back(item);
    if (!arrays.empty() && arrays.front().second.size() != items.size()) {
      return fail({.code = Code::ingest_no_rows_found,
                   .message = "the arrays of '" + resource_ + "' are not equally long in " + file,
                   .notes = {"'" + arrays.front().first + "' has " + std::to_string(arrays.front().second.size()) +
                             " values, '" + name + "' has " + std::to_string(items.size())}});
    }
    arrays.emplace_back(std::move(name), std::move(items));
  }
  size_t size = arrays.empty() ? 0 : arrays.front().second.size();
  for (size_t i = 0; i < size && (!limit || count_ < *limit); ++i) {
    for (const auto& [name, items] : arrays) {
      auto added = items[i].is_object() ? object(items[i], name + Stage::path_separator) : field(name, items[i]);
      if (!added) return fail(added.error());
    }
    for (const auto& [name, value] : repeated) {
      if (auto added = field(name, value); !added) return fail(added.error());
    }
    if (auto ended = end_row(file, static_cast<int64_t>(i) + 1, extra); !ended) return fail(ended.error());
  }
  return static_cast<int64_t>(size);
}

Result<Rows::Cells*> Rows::cells(const std::string& field) {
  if (auto known = by_field_.find(field); known != by_field_.end()) return known->second;
  auto name = stage_.name(field);
  if (!name) return fail(name.error());
  columns_.push_back(std::make_unique<Cells>());
  columns_.back()->name = *name;
  return by_field_[field] = columns_.back().get();
}

Rows::Found Rows::join(Found a, Found b) {
  if (a == b || b == Found::nothing) return a;
  if (a == Found::nothing) return b;
  if (a == Found::json || b == Found::json) return Found::json;
  auto is = [&](Found x, Found y) { return (a == x && b == y) || (a == y && b == x); };
  if (is(Found::bigint, Found::real)) return Found::real;
  if (is(Found::date, Found::timestamp)) return Found::timestamp;
  if (is(Found::timestamp_tz, Found::timestamp) || is(Found::timestamp_tz, Found::date)) return Found::timestamp_tz;
  return Found::text;
}

std::string Rows::type_of(Found found) {
  switch (found) {
    case Found::boolean:
      return "BOOLEAN";
    case Found::bigint:
      return "BIGINT";
    case Found::real:
      return "DOUBLE";
    case Found::date:
      return "DATE";
    case Found::timestamp:
      return "TIMESTAMP";
    case Found::timestamp_tz:
      return "TIMESTAMP WITH TIME ZONE";
    case Found::json:
      return "JSON";
    case Found::text:
    case Found::nothing:
      break;
  }
  return "VARCHAR";
}

Result<void> Rows::flush() {
  if (places_.empty()) return {};
  std::vector<std::string> names;
  std::vector<Cells*> filled;
  for (auto& column : columns_) {
    column->values.resize(places_.size());
    if (column->found == Found::nothing) continue;
    names.push_back(column->name);
    filled.push_back(column.get());
  }
  if (auto added = stage_.add_text_columns(names); !added) return added;
  names.insert(names.begin(), {Stage::file_column, Stage::line_column});
  auto appender = connection_.appender({"temp", "main", Stage::stage_table, engine::RelationType::temporary}, names);
  if (!appender) return fail(appender.error());
  for (size_t i = 0; i < places_.size(); ++i) {
    (*appender)->text(places_[i].first);
    (*appender)->integer(places_[i].second);
    for (Cells* column : filled) {
      if (column->values[i])
        (*appender)->text(*column->values[i]);
      else
        (*appender)->null();
    }
    if (auto ended = (*appender)->end_row(); !ended) return ended;
  }
  if (auto closed = (*appender)->close(); !closed) return closed;
  places_.clear();
  for (auto& column : columns_) column->values.clear();
  return {};
}

Result<void> Rows::finish() {
  if (auto flushed = flush(); !flushed) return flushed;
  for (const auto& column : columns_) stage_.set_type(column->name, type_of(column->found));
  return {};
}

}  // namespace rynd::ingest
