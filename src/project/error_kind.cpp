// ErrorKind: see the header.
#include "project/error_kind.h"

#include <fmt/format.h>

#include "base/text.h"

namespace rynd::project {

std::string_view error_kind(Code code) {
  switch (code) {
    case Code::yaml_syntax:
    case Code::yaml_duplicate_key:
    case Code::env_var_missing:
    case Code::ref_forbidden:
    case Code::properties_unused:
    case Code::properties_key_unknown:
    case Code::properties_wrong:
    case Code::test_wrong:
    case Code::unit_test_wrong:
    case Code::config_wrong:
    case Code::version_wrong:
    case Code::group_missing:
    case Code::snapshot_wrong:
    case Code::microbatch_wrong:
      return "Parsing Error";
    case Code::project_not_found:
    case Code::project_key_unknown:
    case Code::project_value_wrong:
    case Code::dbt_version_wrong:
    case Code::profile_not_found:
    case Code::target_not_found:
    case Code::profile_wrong:
    case Code::package_missing:
      return "Runtime Error";
    default:
      break;
  }
  const int room = static_cast<int>(code) / 100;
  return room == 3 || room == 10 || room == 12 ? "Compilation Error" : "Runtime Error";
}

std::string error_text(const Diagnostic& error, const Resource& resource) {
  return fmt::format("{} in {} {} ({})\n  {}", error_kind(error.code), name_of(resource.type), resource.name,
                     resource.original_file_path, replace_all(error.message, "\n", "\n  "));
}

}  // namespace rynd::project
