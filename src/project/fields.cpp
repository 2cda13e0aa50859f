// Fields: typed reading of one YAML mapping.
#include "fields.h"

#include <algorithm>

#include "base/suggest.h"

namespace rynd::project {

std::string_view kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::boolean:
      return "true or false";
    case Node::Kind::integer:
    case Node::Kind::real:
      return "a number";
    case Node::Kind::string:
      return "a text";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
  }
  return "";
}

Fields::Fields(const SourcePtr& source, const Node& mapping, std::string what, Problems& problems, FieldCodes codes)
    : source_(source), mapping_(mapping), what_(std::move(what)), problems_(problems), codes_(codes) {}

const Node* Fields::any(std::string_view key) {
  known_.emplace_back(key);
  const Node* value = mapping_.find(key);
  return value && !value->is_null() ? value : nullptr;
}

void Fields::wrong(std::string_view key, const Node& value, std::string_view wanted) {
  problems_.error(codes_.wrong,
                  "'" + std::string(key) + "' of " + what_ + " must be " + std::string(wanted) + ", not " +
                      std::string(kind_name(value)),
                  span(value));
}

const Node* Fields::mapping(std::string_view key) {
  const Node* value = any(key);
  if (!value || value->is_mapping()) return value;
  wrong(key, *value, "a mapping");
  return nullptr;
}

const Node* Fields::sequence(std::string_view key) {
  const Node* value = any(key);
  if (!value || value->is_sequence()) return value;
  wrong(key, *value, "a list");
  return nullptr;
}

std::optional<std::string> Fields::text(std::string_view key) {
  const Node* value = any(key);
  if (!value) return {};
  if (value->is_scalar()) return value->text;
  wrong(key, *value, "a text");
  return {};
}

std::optional<bool> Fields::flag(std::string_view key) {
  const Node* value = any(key);
  if (!value) return {};
  if (value->kind == Node::Kind::boolean) return value->boolean;
  wrong(key, *value, "true or false");
  return {};
}

std::optional<int64_t> Fields::integer(std::string_view key) {
  const Node* value = any(key);
  if (!value) return {};
  if (value->kind == Node::Kind::integer) return value->integer;
  wrong(key, *value, "a whole number");
  return {};
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view key) {
  const Node* value = any(key);
  if (!value) return {};
  if (value->is_scalar()) return std::vector<std::string>{value->text};
  bool scalars = value->is_sequence() && std::all_of(value->items.begin(), value->items.end(),
                                                     [](const Node& item) { return item.is_scalar(); });
  if (!scalars) {
    wrong(key, *value, "a text or a list of texts");
    return {};
  }
  std::vector<std::string> result;
  for (const auto& item : value->items) result.push_back(item.text);
  return result;
}

void Fields::ignore(std::initializer_list<std::string_view> keys) {
  known_.insert(known_.end(), keys.begin(), keys.end());
}

std::string Fields::required_text(std::string_view key) {
  auto value = text(key);
  if (value && !value->empty()) return *value;
  if (!mapping_.find(key) || mapping_.find(key)->is_null()) {
    problems_.error(codes_.wrong, what_ + " has no '" + std::string(key) + "'", span());
  }
  return {};
}

Span Fields::key_span(std::string_view key) const {
  const Entry* entry = mapping_.find_entry(key);
  if (!entry) return span();
  return {source_, entry->key_begin, entry->key_end};
}

void Fields::finish() {
  for (const auto& entry : mapping_.entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    auto& problem = problems_.warning(codes_.unknown, "unknown key '" + entry.key + "' in " + what_,
                                      {source_, entry.key_begin, entry.key_end});
    problem.label = did_you_mean(entry.key, known_);
  }
}

}  // namespace rynd::project
