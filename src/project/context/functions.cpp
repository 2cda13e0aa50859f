// Functions: dbt's pure template functions.
#include "context/functions.h"

#include <algorithm>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "base/yaml.h"

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;
using Values = std::span<const Value>;

Outcome<Value> fromjson(Values values) {
  if (!values[0].is_string()) {
    return jinja::raise("TypeError",
                        "the JSON object must be str, bytes or bytearray, not " + std::string(values[0].type_name()));
  }
  auto document = json::read(make_source("<json>", values[0].str()));
  return document ? jinja::from_node(document->root) : values[1];
}

Outcome<Value> tojson(Values values) {
  auto text = jinja::to_json(values[0], values[2].truth());
  if (!text) return std::unexpected(text.error());
  return Value(*text);
}

Outcome<Value> fromyaml(Values values) {
  if (!values[0].is_string()) return values[1];
  auto document = yaml::read(make_source("<yaml>", values[0].str()));
  return document ? jinja::from_node(document->root) : values[1];
}

void sort_keys(Node& node) {
  for (auto& item : node.items) sort_keys(item);
  for (auto& entry : node.entries) sort_keys(entry.value);
  std::stable_sort(node.entries.begin(), node.entries.end(),
                   [](const Entry& a, const Entry& b) { return a.key < b.key; });
}

Outcome<Value> toyaml(Values values) {
  auto node = jinja::to_node(values[0]);
  if (!node) return values[1];
  if (values[2].truth()) sort_keys(*node);
  return Value(yaml::write(*node));
}

Outcome<Value> make_set(const Value& iterable) {
  auto items = jinja::to_vector(iterable);
  if (!items) return std::unexpected(items.error());
  Value set = Value::set();
  for (auto& item : *items) {
    if (auto added = set.as_set().set(item, Value()); !added) return std::unexpected(added.error());
  }
  return set;
}

Outcome<Value> set_or_default(Values values) {
  auto set = make_set(values[0]);
  return set || set.error().type != "TypeError" ? set : Outcome<Value>(values[1]);
}

Outcome<Value> zipped(Values iterables) {
  std::vector<std::vector<Value>> columns;
  size_t rows = SIZE_MAX;
  for (const auto& iterable : iterables) {
    auto items = jinja::to_vector(iterable);
    if (!items) return std::unexpected(items.error());
    rows = std::min(rows, items->size());
    columns.push_back(std::move(*items));
  }
  std::vector<Value> result;
  for (size_t row = 0; !columns.empty() && row < rows; ++row) {
    std::vector<Value> tuple;
    for (const auto& column : columns) tuple.push_back(column[row]);
    result.push_back(Value::tuple(std::move(tuple)));
  }
  return Value::list(std::move(result));
}

Outcome<Value> zip_or_default(const Arguments& arguments) {
  auto result = zipped(arguments.positional());
  if (result || result.error().type != "TypeError") return result;
  const Value* fallback = arguments.find("default");
  return fallback ? *fallback : Value();
}

// {key: values of a that b has not under that key}, compared without case; keys that b lacks keep all of theirs.
Outcome<Value> diff_of_two_dicts(Values values) {
  if (!values[0].is_dict() || !values[1].is_dict())
    return jinja::raise("TypeError", "diff_of_two_dicts() takes two dicts");
  Value result = Value::dict();
  for (const auto& entry : values[0].as_dict().entries()) {
    if (entry.key.is_missing()) continue;
    std::vector<std::string> known;
    bool has_key = false;
    for (const auto& other : values[1].as_dict().entries()) {
      if (other.key.is_missing() || lower(other.key.str()) != lower(entry.key.str())) continue;
      has_key = true;
      auto items = jinja::to_vector(other.value);
      if (!items) return std::unexpected(items.error());
      for (const auto& item : *items) known.push_back(lower(item.str()));
    }
    auto items = jinja::to_vector(entry.value);
    if (!items) return std::unexpected(items.error());
    std::vector<Value> left;
    for (const auto& item : *items) {
      if (std::find(known.begin(), known.end(), lower(item.str())) == known.end()) left.push_back(item);
    }
    if (has_key && left.empty()) continue;
    if (auto added = result.as_dict().set(entry.key, Value::list(std::move(left))); !added)
      return std::unexpected(added.error());
  }
  return result;
}

Outcome<Value> local_md5(Values values) { return Value(md5(values[0].str())); }

// try_or_compiler_error(message, function, *args, **kwargs)
Outcome<Value> try_or_compiler_error(const Arguments& arguments) {
  if (arguments.size() < 2) return jinja::raise("TypeError", "try_or_compiler_error() takes a message and a function");
  std::vector<Value> positional(arguments.positional().begin() + 2, arguments.positional().end());
  std::vector<std::pair<std::string, Value>> named;
  for (size_t i = 0; i < arguments.named_size(); ++i) named.emplace_back(arguments.name(i), arguments.named(i));
  auto result = jinja::call(arguments[1], std::move(positional), std::move(named));
  if (result) return result;
  return jinja::raise(Diagnostic{.code = Code::template_raised, .message = arguments[0].str()});
}

}  // namespace

std::vector<std::pair<std::string, Value>> pure_functions() {
  return {
      {"fromjson", jinja::function("fromjson", {{"string"}, {"default", Value()}}, fromjson)},
      {"tojson", jinja::function("tojson", {{"value"}, {"default", Value()}, {"sort_keys", Value(false)}}, tojson)},
      {"fromyaml", jinja::function("fromyaml", {{"value"}, {"default", Value()}}, fromyaml)},
      {"toyaml", jinja::function("toyaml", {{"value"}, {"default", Value()}, {"sort_keys", Value(false)}}, toyaml)},
      {"set", jinja::function("set", {{"value"}, {"default", Value()}}, set_or_default)},
      {"set_strict", jinja::function("set_strict", {{"value"}}, [](Values values) { return make_set(values[0]); })},
      {"zip", jinja::function("zip", zip_or_default)},
      {"zip_strict", jinja::function("zip_strict", [](const Arguments& a) { return zipped(a.positional()); })},
      {"diff_of_two_dicts", jinja::function("diff_of_two_dicts", {{"dict_a"}, {"dict_b"}}, diff_of_two_dicts)},
      {"local_md5", jinja::function("local_md5", {{"value"}}, local_md5)},
      {"try_or_compiler_error", jinja::function("try_or_compiler_error", try_or_compiler_error)},
  };
}

}  // namespace rynd::project
