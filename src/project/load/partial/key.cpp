// Key: everything that decides on all files at once. Where it differs from that of the last time, all are read again.
#include "base/hash.h"
#include "load/opening.h"
#include "load/partial/answers.h"

namespace rynd::project {

namespace {

// Of the file, its records included: docs/formats/partial-parse.md.
constexpr uint64_t format = 1;

}  // namespace

PartialParsing parses_partially(const Build& build) {
  if (!build.options.keeps_parse) return {};
  const Node* flag = build.project.flags.find("PARTIAL_PARSE");
  return {.keeps = true, .takes = !flag || flag->kind != Node::Kind::boolean || flag->boolean};
}

uint64_t opening_hash(const Build& build) {
  const Project& project = build.project;
  uint64_t hash = combine(format, fast_hash(build.options.program));
  auto add = [&](std::string_view text) { hash = combine(hash, fast_hash(text)); };
  for (const auto& file : build.options.builtins) {
    add(file.package);
    add(file.path);
    add(file.text);
  }
  for (const auto& package : project.packages) {
    add(package.name);
    add(package.prefix);
    if (package.settings.source) add(package.settings.source->text());
  }
  // What their templates became, and vars.yml.
  hash = combine(hash, build.opening);
  if (project.rynd.source) add(project.rynd.source->text());
  for (const auto* text : {&project.profile.type, &project.profile.database, &project.profile.schema}) add(*text);
  return hash;
}

}  // namespace rynd::project
