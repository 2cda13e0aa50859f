// Project configuration: what dbt_project.yml's sections give a resource by its fqn.
#include "load/build.h"

namespace rynd::project {

std::string_view section_of(ResourceType type) {
  switch (type) {
    case ResourceType::seed:
      return "seeds";
    case ResourceType::snapshot:
      return "snapshots";
    case ResourceType::source:
      return "sources";
    case ResourceType::test:
      return "data_tests";
    case ResourceType::unit_test:
      return "unit_tests";
    case ResourceType::metric:
      return "metrics";
    case ResourceType::semantic_model:
      return "semantic_models";
    case ResourceType::saved_query:
      return "saved_queries";
    case ResourceType::exposure:
      return "exposures";
    case ResourceType::function:
      return "functions";
    case ResourceType::model:
    case ResourceType::analysis:  // dbt configures these by `models:`
    case ResourceType::operation:
    case ResourceType::group:
    case ResourceType::page:
      return "models";
  }
  return "models";
}

void apply_project_config(Config& config, const Settings& settings, const std::vector<std::string>& fqn,
                          ResourceType type) {
  const Node* level = settings.sections.find(section_of(type));
  for (size_t i = 0; level && level->is_mapping(); ++i) {
    for (const auto& entry : level->entries) {
      if (entry.key.starts_with('+')) {
        config.merge(std::string_view(entry.key).substr(1), entry.value);
      } else if (!entry.value.is_mapping()) {
        config.merge(entry.key, entry.value);
      }
    }
    if (i == fqn.size()) return;
    level = level->find(fqn[i]);
  }
}

}  // namespace rynd::project
