// Values: reading single keys of a checked mapping into plain data.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/node.h"

namespace rynd::ingest {

inline std::string text_of(const Node& mapping, std::string_view key, std::string fallback = "") {
  const Node* value = mapping.find(key);
  return value && !value->is_null() ? value->text : fallback;
}

inline std::vector<std::string> texts_of(const Node& mapping, std::string_view key) {
  const Node* value = mapping.find(key);
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (value->is_scalar() && !value->is_null()) texts.push_back(value->text);
  for (const auto& item : value->items) texts.push_back(item.text);
  return texts;
}

inline bool flag_of(const Node& mapping, std::string_view key, bool fallback) {
  const Node* value = mapping.find(key);
  if (value == nullptr) return fallback;
  return value->kind == Node::Kind::boolean ? value->boolean : value->text == "true";
}

inline double number_of(const Node& mapping, std::string_view key, double fallback) {
  const Node* value = mapping.find(key);
  if (value == nullptr) return fallback;
  if (value->kind == Node::Kind::integer) return static_cast<double>(value->integer);
  return value->kind == Node::Kind::real ? value->real : std::strtod(value->text.c_str(), nullptr);
}

inline std::vector<std::pair<std::string, std::string>> pairs_of(const Node& mapping, std::string_view key) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const Node* value = mapping.find(key);
  if (value == nullptr) return pairs;
  for (const auto& entry : value->entries) pairs.emplace_back(entry.key, entry.value.text);
  return pairs;
}

}  // namespace rynd::ingest
