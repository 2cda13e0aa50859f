// Choosing: which files are made anew. A file is, where its text or an answer to what it asked for is another one; a
// node file also, where a properties file that describes it is. And a properties file is read, though not made anew,
// where it describes nodes of files that are.
#include <algorithm>
#include <unordered_set>

#include "load/partial/partial.h"

namespace rynd::project {

namespace {

using Names = std::unordered_set<std::string>;

// What depends on other files by their names alone: which of them define and which describe these nodes.
void ask(Build& build, Contribution& one) {
  Turn turn(build, &one);
  for (const auto& entry : one.names) {
    for (const auto& name : entry)
      if (!name.empty()) build.partial->questions.asked(Question::patch, name);
  }
}

bool is_any(const std::vector<std::string>& entry, const Names& names) {
  return std::any_of(entry.begin(), entry.end(), [&](const std::string& name) { return names.contains(name); });
}

void make_anew(Build& build, Contribution& one) {
  one.fresh = true;
  if (one.kept) {
    build.partial->renew(one);
    if (one.kind == FileKind::properties) read_properties_file(build, one);
  }
  ask(build, one);
}

// Returns what they describe.
Names choose_properties(Build& build) {
  Partial& partial = *build.partial;
  Names described;
  auto choose_one = [&](Contribution& one) {
    make_anew(build, one);
    for (const auto& entry : one.names) described.insert(entry.begin(), entry.end());
  };
  for (Contribution* one : partial.properties_files) {
    one->fresh = !one->kept || !partial.is_as_before(*one);
    if (one->fresh) choose_one(*one);
  }
  // A snapshot that a file makes may be described by another one.
  for (bool more = true; more;) {
    more = false;
    for (Contribution* one : partial.properties_files) {
      auto makes_described = [&](const auto& entry) { return defines(entry) && described.contains(entry[1]); };
      if (one->fresh || !std::any_of(one->names.begin(), one->names.end(), makes_described)) continue;
      choose_one(*one);
      more = true;
    }
  }
  return described;
}

}  // namespace

void choose(Build& build) {
  Partial& partial = *build.partial;
  if (partial.is_on()) {
    partial.answers.set_nodes();
    partial.answers.set_patches();
  }
  const Names described = choose_properties(build);
  Names anew;
  for (Contribution* one : partial.node_files) {
    auto is_described = [&](const auto& entry) { return described.contains(entry.front()); };
    one->fresh =
        !one->kept || !partial.is_as_before(*one) || std::any_of(one->names.begin(), one->names.end(), is_described);
    if (!one->fresh) continue;
    make_anew(build, *one);
    for (const auto& entry : one->names) anew.insert(entry.front());
  }
  for (Contribution* one : partial.properties_files) {
    for (const auto& entry : one->names)
      if (one->fresh && defines(entry)) anew.insert(entry[1]);
  }
  for (Contribution* one : partial.properties_files) {
    auto describes = [&](const auto& entry) { return is_any(entry, anew); };
    if (!one->fresh && std::any_of(one->names.begin(), one->names.end(), describes)) read_properties_file(build, *one);
  }
}

}  // namespace rynd::project
