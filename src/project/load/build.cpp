// Build: its parts, and how drafts are added and found.
#include "load/build.h"

#include "load/partial/contribution.h"
#include "load/partial/partial.h"

namespace rynd::project {

Build::Build(Project& into, const LoadOptions& load_options, World& the_world)
    : project(into), options(load_options), world(the_world) {}

Build::~Build() = default;

Draft& Build::add_draft(ResourceType type, const Package& package, Contribution* contribution) {
  Draft& draft = drafts.emplace_back();
  draft.package = &package;
  draft.contribution = contribution;
  draft.resource.type = type;
  draft.resource.package = package.name;
  draft.resource.config = Config(type);
  draft.resource.database = project.profile.database;
  draft.resource.schema = project.profile.schema;
  if (contribution) contribution->drafts.push_back(&draft);
  return draft;
}

void Build::remember(Draft& draft) {
  drafts_by_name[draft.resource.name].push_back(&draft);
  drafts_by_file_name[draft.file_name].push_back(&draft);
}

std::shared_ptr<BaseContext> Build::yaml_context(const std::string& package) {
  auto& context = yaml_contexts[package];
  if (!context) context = std::make_shared<BaseContext>(*globals, package);
  return context;
}

}  // namespace rynd::project
