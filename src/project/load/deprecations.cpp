// Deprecations: see the header.
#include "load/deprecations.h"

#include <fmt/format.h>

#include <algorithm>

#include "load/build.h"

namespace rynd::project {
namespace {

std::string versioned(const Resource& model) {
  return model.model->version.empty() ? model.name : model.name + ".v" + model.model->version;
}

// Where `child` names the model; its name's place where only a macro does.
Span place_of_ref(const Resource& child, const Resource& model) {
  const auto ref = std::ranges::find_if(child.refs, [&](const Ref& it) { return it.name == model.name; });
  return ref == child.refs.end() || !ref->span.source ? child.name_span : ref->span;
}

void check_reference(Build& build, const Resource& child, const Resource& model, bool past) {
  const std::string& latest = model.model->latest_version;
  auto& problem = build.problems.warning(
      past ? Code::ref_deprecated : Code::ref_deprecating,
      fmt::format("While compiling '{}': Found a reference to {}, which {} on '{}'.", child.name, versioned(model),
                  past ? "was deprecated" : "is slated for deprecation", model.model->deprecation_date),
      place_of_ref(child, model));
  if (!model.model->version.empty() && model.model->version != latest) {
    problem.help = fmt::format("a new version of '{0}' is available: {{{{ ref('{1}', '{0}', v='{2}') }}}}", model.name,
                               model.package, latest);
  }
}

}  // namespace

std::string deprecation_moment(const std::string& text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return text;
  if (text.size() == 10) return text + "T00:00:00+00:00";
  std::string moment = text;
  moment[10] = 'T';
  if (moment.ends_with('Z')) moment.pop_back();
  if (moment.size() == 16) moment += ":00";
  return moment.size() == 19 ? moment + "+00:00" : moment;
}

void check_deprecations(Build& build) {
  // Both begin with date and time in the same form, so that they compare as texts.
  const std::string now = iso8601(build.world.clock.now());
  const std::vector<Resource>& resources = build.project.resources;
  const auto has_date = [](const Resource& resource) {
    return resource.model && resource.model->deprecation_date.size() > 19;
  };
  const auto is_past = [&](const Resource& model) {
    return model.model->deprecation_date.compare(0, 19, now, 0, 19) < 0;
  };
  for (const Resource& model : resources) {
    if (!has_date(model) || !is_past(model)) continue;
    build.problems.warning(Code::model_deprecated,
                           fmt::format("Model {} has passed its deprecation date of {}. This model should be disabled "
                                       "or removed.",
                                       versioned(model), model.model->deprecation_date),
                           model.name_span);
  }
  for (const Resource& child : resources) {
    if (child.type != ResourceType::model) continue;
    for (const ResourceId parent : child.depends_on)
      if (has_date(resources[parent])) check_reference(build, child, resources[parent], is_past(resources[parent]));
  }
}

}  // namespace rynd::project
