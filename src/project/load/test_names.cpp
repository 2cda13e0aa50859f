// Test names: synthesised from the arguments, shortened by a digest where they are long.
#include "load/test_names.h"

#include <algorithm>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "jinja/value.h"

namespace rynd::project {

namespace {

bool is_word(unsigned char c) { return std::isalnum(c) || c == '_'; }

// Every run of other characters becomes one underscore.
std::string cleaned(std::string_view text) {
  std::string result;
  bool in_run = false;
  for (unsigned char c : text) {
    bool word = c < 0x80 && is_word(c);
    if (word) result += static_cast<char>(c);
    if (!word && !in_run) result += '_';
    in_run = !word;
  }
  return result;
}

void add_flat(std::vector<std::string>& flat, const Node& value) {
  auto add = [&](const Node& part) { flat.push_back(cleaned(jinja::from_node(part).str())); };
  if (value.is_mapping()) {
    for (const auto& entry : value.entries) add(entry.value);
  } else if (value.is_sequence()) {
    for (const auto& item : value.items) add(item);
  } else {
    add(value);
  }
}

std::vector<const Entry*> sorted(const Node& mapping) {
  std::vector<const Entry*> entries;
  for (const auto& entry : mapping.entries) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
  return entries;
}

// Mappings sorted by key, everything else as text: what dbt's digest is made of.
jinja::Value hashable(const Node& value) {
  if (value.is_mapping()) {
    jinja::Value dict = jinja::Value::dict();
    for (const Entry* entry : sorted(value)) dict.as_dict().set(std::string_view(entry->key), hashable(entry->value));
    return dict;
  }
  if (value.is_sequence()) {
    std::vector<jinja::Value> items;
    for (const auto& item : value.items) items.push_back(hashable(item));
    return jinja::Value::list(std::move(items));
  }
  return jinja::from_node(value).str();
}

}  // namespace

TestName test_name(std::string_view kind, std::string_view target, const Node& args) {
  std::vector<std::string> flat;
  for (const Entry* entry : sorted(args)) {
    if (entry->key != "model") add_flat(flat, entry->value);
  }
  std::string identifier = std::string(kind) + "_" + std::string(target);
  TestName name;
  name.full = identifier + "_" + join(flat, "__");
  // Python counts code points; a name is ASCII but for the target's.
  name.shortened = name.full.size() >= 64 ? identifier.substr(0, 30) + "_" + md5(name.full) : name.full;
  return name;
}

std::string test_hash(std::string_view name, std::string_view test, std::string_view test_namespace,
                      const Node& kwargs) {
  jinja::Value metadata = jinja::Value::dict();
  metadata.as_dict().set(std::string_view("kwargs"), hashable(kwargs));
  metadata.as_dict().set(std::string_view("name"), jinja::Value(test));
  metadata.as_dict().set(std::string_view("namespace"),
                         test_namespace.empty() ? jinja::Value("None") : jinja::Value(test_namespace));
  std::string digest = md5(std::string(name) + metadata.repr());
  return digest.substr(digest.size() - 10);
}

}  // namespace rynd::project
