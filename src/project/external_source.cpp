// ExternalSource: see the header.
#include "external_source.h"

#include <cctype>
#include <vector>

#include "jinja/object.h"

namespace rynd::project {

namespace {

using jinja::Value;
using Named = std::vector<std::pair<std::string, Value>>;

// What stands later hides what stands before.
const Value* find(const Named& values, std::string_view name) {
  for (auto at = values.rbegin(); at != values.rend(); ++at) {
    if (at->first == name) return &at->second;
  }
  return nullptr;
}

std::string newstyle(const std::string& text, const Named& values) {
  const Value dict = Value::dict();
  for (const auto& [name, value] : values) dict.as_dict().set(std::string_view(name), value);
  Named unique;
  for (const auto& entry : dict.as_dict().entries()) unique.emplace_back(entry.key.str(), entry.value);
  auto format = jinja::get_attr(Value(text), "format");
  auto filled = format ? jinja::call(*format, {}, std::move(unique)) : std::move(format);
  return filled ? filled->str() : text;
}

// "%(name)s", and "%%" for a percent sign.
std::string oldstyle(const std::string& text, const Named& values) {
  std::string filled;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 2, "%%") == 0) ++at;
    const size_t end = text.compare(at, 2, "%(") == 0 ? text.find(")s", at) : std::string::npos;
    const Value* value = end == std::string::npos ? nullptr : find(values, text.substr(at + 2, end - at - 2));
    if (value) {
      filled += value->str();
      at = end + 1;
    } else {
      filled += text[at];
    }
  }
  return filled;
}

// "$name" or "${name}", and "$$" for a dollar sign.
std::string substituted(const std::string& text, const Named& values) {
  auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  std::string filled;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$') {
      filled += text[at];
      continue;
    }
    if (text.compare(at, 2, "$$") == 0) {
      filled += '$';
      ++at;
      continue;
    }
    const bool braced = text.compare(at, 2, "${") == 0;
    const size_t begin = at + (braced ? 2 : 1);
    size_t end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    const bool closed = !braced || (end < text.size() && text[end] == '}');
    const Value* value = closed ? find(values, text.substr(begin, end - begin)) : nullptr;
    if (value) {
      filled += value->str();
      at = end - (braced ? 0 : 1);
    } else {
      filled += '$';
    }
  }
  return filled;
}

}  // namespace

std::string external_location(const Resource& source) {
  Named values = {{"name", Value(source.name)},
                  {"identifier", Value(source.source->identifier)},
                  {"schema", Value(source.schema)},
                  {"database", Value(source.database)}};
  std::vector<Value> tags(source.tags.begin(), source.tags.end());
  values.emplace_back("tags", Value::list(std::move(tags)));
  for (const Node* mapping : {&source.source->source_meta, &source.meta, &source.config.values()}) {
    for (const auto& entry : mapping->entries) values.emplace_back(entry.key, jinja::from_node(entry.value));
  }
  const Value* location = find(values, "external_location");
  if (!location || !location->is_string()) return {};
  const Value* formatter = find(values, "formatter");
  const std::string style = formatter && formatter->is_string() ? formatter->str() : "newstyle";
  const std::string text = location->str();
  std::string filled = style == "oldstyle"   ? oldstyle(text, values)
                       : style == "template" ? substituted(text, values)
                                             : newstyle(text, values);
  if (filled.find('(') != std::string::npos || filled.starts_with('\'')) return filled;
  return "'" + filled + "'";
}

}  // namespace rynd::project
