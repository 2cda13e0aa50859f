// Warnings: dbt's names of them, and the verdicts that options give.
#include "project/warnings.h"

#include <algorithm>
#include <vector>

#include "base/suggest.h"
#include "base/text.h"

namespace rynd::project {
namespace {

// What --warn-error-options may name: dbt 1.12's warnings, results that may be one, and the group of deprecations.
constexpr std::string_view known_names =
    "AdapterDeprecationWarning AdapterEventWarning AdapterRegistered "
    "ArgumentsPropertyInGenericTestDeprecation BehaviorChangeEvent CatalogGenerationError "
    "CollectFreshnessReturnSignature ConfigDataPathDeprecation ConfigLogPathDeprecation "
    "ConfigSourcePathDeprecation ConfigTargetPathDeprecation ConstraintNotEnforced ConstraintNotSupported "
    "CustomKeyInConfigDeprecation CustomKeyInObjectDeprecation CustomOutputPathInSourceFreshnessDeprecation "
    "CustomTopLevelKeyDeprecation DeprecatedModel DeprecatedReference Deprecations DeprecationsSummary "
    "DepsScrubbedPackageName DepsUnpinned DuplicateNameDistinctNodeTypesDeprecation "
    "DuplicateYAMLKeysDeprecation EnvironmentVariableNamespaceDeprecation EnvironmentVariableRenamed "
    "ExposureNameDeprecation FreshnessConfigProblem GenerateSchemaNameNullValueDeprecation "
    "GenericJSONSchemaValidationDeprecation GenericSemanticLayerDeprecation GetMetaKeyWarning "
    "InternalDeprecation InvalidConcurrentBatchesConfig InvalidMacroAnnotation InvalidValueForField "
    "JinjaLogWarning LogBatchResult LogFreshnessResult LogFunctionResult LogModelResult LogNodeResult "
    "LogOverloadResult LogSeedResult LogSnapshotResult LogTestResult MFConverterIssue "
    "MFCumulativeTypeParamsDeprecation MFTimespineWithoutYamlConfigurationDeprecation MacroNotFoundForPatch "
    "MetricAttributesRenamed MicrobatchMacroOutsideOfBatchesDeprecation MicrobatchModelNoEventTimeInputs "
    "MissingArgumentsPropertyInGenericTestDeprecation MissingPlusPrefixDeprecation ModelParamUsageDeprecation "
    "ModulesItertoolsUsageDeprecation NoNodeForYamlKey NoNodesForSelectionCriteria NoNodesSelected "
    "NodeNotFoundOrDisabled NothingToDo PackageInstallPathDeprecation "
    "PackageMaterializationOverrideDeprecation PackageNodeDependsOnRootProjectNode PackageRedirectDeprecation "
    "ProjectFlagsMovedDeprecation PropertyMovedToConfigDeprecation ResourceNamesWithSpacesDeprecation "
    "RunResultWarning RunResultWarningMessage SeedExceedsLimitAndPathChanged SeedExceedsLimitChecksumChanged "
    "SeedExceedsLimitSamePath SeedIncreased SelectExcludeIgnoredWithSelectorWarning SemanticValidationFailure "
    "SnapshotTimestampWarning SourceFreshnessProjectHooksNotRun SourceOverrideDeprecation "
    "SpacesInResourceNameDeprecation TestsConfigDeprecation TimeDimensionsRequireGranularityDeprecation "
    "UnexpectedJinjaBlockDeprecation UnsupportedConstraintMaterialization UnusedResourceConfigPath "
    "UnusedTables UnversionedBreakingChange UpcomingReferenceDeprecation V2ParserEnd ValidationWarning "
    "WEOIncludeExcludeDeprecation WarnStateTargetEqual WrongResourceSchemaFile";

constexpr std::string_view deprecations = "Deprecations";

bool is_all(const Node& value) { return value.is_scalar() && (value.text == "all" || value.text == "*"); }

bool names(const Node& options, std::string_view list, std::string_view name) {
  const Node* items = options.find(list);
  return items && std::ranges::any_of(items->items, [&](const Node& item) { return item.text == name; });
}

}  // namespace

EventName warning_event(Code code) {
  switch (code) {
    case Code::selection_empty:
      return {"NoNodesForSelectionCriteria", "M030"};
    case Code::nothing_selected:
      return {"NothingToDo", "Q035"};
    case Code::config_unused:
      return {"UnusedResourceConfigPath", "I051"};
    case Code::properties_unused:
      return {"NoNodeForYamlKey", "I058"};
    case Code::ref_missing:
    case Code::ref_disabled:
    case Code::source_missing:
      return {"NodeNotFoundOrDisabled", "I060"};
    case Code::properties_key_unknown:
      return {"CustomKeyInObjectDeprecation", "D027"};
    case Code::project_key_unknown:
      return {"CustomTopLevelKeyDeprecation", "D025"};
    case Code::package_unpinned:
      return {"DepsUnpinned", "M029"};
    case Code::model_deprecated:
      return {"DeprecatedModel", "I065"};
    case Code::ref_deprecating:
      return {"UpcomingReferenceDeprecation", "I066"};
    case Code::ref_deprecated:
      return {"DeprecatedReference", "I067"};
    case Code::yaml_duplicate_key:
      return {"DuplicateYAMLKeysDeprecation", "D024"};
    default:
      return {"GenericJSONSchemaValidationDeprecation", "D022"};
  }
}

Verdict judge_warning(const Node& flags, const EventName& event) {
  const Node* always = flags.find("WARN_ERROR");
  if (always && always->kind == Node::Kind::boolean && always->boolean) return Verdict::error;
  const Node* options = flags.find("WARN_ERROR_OPTIONS");
  if (!options) return Verdict::warn;
  std::vector<std::string_view> by_precedence{event.name};
  if (event.code.starts_with('D')) by_precedence.push_back(deprecations);
  for (std::string_view name : by_precedence) {
    if (names(*options, "silence", name)) return Verdict::silence;
    if (names(*options, "warn", name)) return Verdict::warn;
    if (names(*options, "error", name)) return Verdict::error;
  }
  const Node* errors = options->find("error");
  return errors && is_all(*errors) ? Verdict::error : Verdict::warn;
}

Diagnostics judge_warnings(const Node& flags, Diagnostics warnings) {
  std::erase_if(warnings, [&](Diagnostic& warning) {
    if (warning.severity != Severity::warning) return false;
    const Verdict verdict = judge_warning(flags, warning_event(warning.code));
    if (verdict == Verdict::error) warning.severity = Severity::error;
    return verdict == Verdict::silence;
  });
  return warnings;
}

std::optional<Diagnostic> check_warning_options(const Node& options) {
  const std::vector<std::string> known = split(known_names, ' ');
  for (const Entry& entry : options.entries) {
    if (!entry.value.is_sequence()) {
      if (entry.value.is_null() || (is_all(entry.value) && (entry.key == "error" || entry.key == "include"))) continue;
      return Diagnostic{.code = Code::usage,
                        .message = "'" + entry.key + "' of --warn-error-options must be a list of warnings",
                        .help = "'error' may also be 'all'"};
    }
    for (const Node& name : entry.value.items) {
      if (std::ranges::find(known, name.text) == known.end())
        return Diagnostic{.code = Code::usage,
                          .message = "'" + name.text + "' is not a valid dbt error name",
                          .help = did_you_mean(name.text, known)};
    }
  }
  const Node* errors = options.find("error");
  const Node* warns = options.find("warn");
  const bool takes_from =
      (errors && is_all(*errors)) || names(options, "error", deprecations) || names(options, "silence", deprecations);
  if (warns && !warns->items.empty() && !takes_from)
    return Diagnostic{.code = Code::usage,
                      .message =
                          "'warn' can only be specified if 'error' is 'all', or Deprecations are in 'error' or "
                          "'silence'"};
  return std::nullopt;
}

}  // namespace rynd::project
