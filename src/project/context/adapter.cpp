// Adapter: the template's `adapter` object and its parse-time answers.
#include "context/adapter.h"

#include <unordered_map>

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

class Adapter final : public jinja::Object {
 public:
  explicit Adapter(std::weak_ptr<BaseContext> context) : context_(std::move(context)) {}
  std::string_view type_name() const override { return "Adapter"; }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    auto context = std::dynamic_pointer_cast<NodeContext>(context_.lock());
    if (!context) return std::optional<Value>();
    if (name == "dispatch") return dispatch();
    if (name == "type") {
      return jinja::function(
          "type", [type = context->project().profile.type](const Arguments&) -> Outcome<Value> { return Value(type); });
    }
    if (name == "Relation") return relation_class(quoting(context->project().root().settings.quoting));
    auto found = context->adapter_attribute(name);
    // While parsing, what a model's text asks for is undefined as any other name: the branch may never run.
    if (found || !context->executes()) return found;
    return Value::undefined_because("the adapter has no method '" + std::string(name) + "'");
  }

 private:
  std::optional<Value> dispatch() const {
    return jinja::function("dispatch", [weak = context_](const Arguments& arguments) -> Outcome<Value> {
      auto values = arguments.bind("dispatch", {{"macro_name"}, {"macro_namespace", Value()}, {"packages", Value()}});
      if (!values) return std::unexpected(values.error());
      if (!(*values)[2].is_none()) {
        return jinja::raise(Diagnostic{.code = Code::macro_missing,
                                       .message = "adapter.dispatch() no longer takes 'packages'",
                                       .help = "give macro_namespace, and 'dispatch:' in dbt_project.yml"});
      }
      auto context = std::dynamic_pointer_cast<NodeContext>(weak.lock());
      if (!context) return jinja::raise("RuntimeError", "the template of this adapter is gone");
      return context->dispatch((*values)[0].str(), (*values)[1].is_none() ? std::string() : (*values)[1].str());
    });
  }

  std::weak_ptr<BaseContext> context_;
};

using Answer = Value (*)();

// Method name to its answer; as dbt's adapter marks them (available.parse).
const std::unordered_map<std::string_view, Answer>& answers() {
  constexpr Answer none = [] { return Value(); };
  constexpr Answer no = [] { return Value(false); };
  constexpr Answer empty_list = [] { return Value::list(); };
  constexpr Answer text = [] { return Value(""); };
  constexpr Answer text_and_none = [] { return Value::tuple({Value(""), Value()}); };
  static const std::unordered_map<std::string_view, Answer> all = {
      {"add_query",
       [] {
         return Value::tuple({Value(), Value()});
       }},
      {"already_exists", no},
      {"assert_valid_snapshot_target_given_strategy", none},
      {"build_catalog_relation", none},
      {"cache_added", text},
      {"cache_dropped", text},
      {"cache_renamed", text},
      {"check_schema_exists", no},
      {"commit", none},
      {"create_schema", none},
      {"disable_transactions", no},
      {"drop_relation", none},
      {"drop_schema", none},
      {"ensure_transaction", none},
      {"execute", text_and_none},
      {"expand_target_column_types", none},
      {"external_root", [] { return Value("."); }},
      {"get_binding_char", [] { return Value("?"); }},
      {"get_catalog_integration", none},
      {"describe_query", empty_list},
      {"get_column_schema_from_query", empty_list},
      {"get_columns_in_relation", empty_list},
      {"get_columns_in_table", empty_list},
      {"get_hard_deletes_behavior", none},
      {"get_incremental_strategy_macro", none},
      {"get_missing_columns", empty_list},
      {"get_partitions_metadata", text_and_none},
      {"get_relation", none},
      {"is_ducklake", no},
      {"is_motherduck", no},
      {"list_relations", empty_list},
      {"list_relations_without_caching", empty_list},
      {"list_schemas", empty_list},
      {"location_exists", no},
      {"rename_relation", none},
      {"store_relation", none},
      {"truncate_relation", none},
      {"use_ducklake_table_workarounds", no},
      {"valid_incremental_strategies",
       [] {
         return Value::list({Value("append"), Value("delete+insert"), Value("merge"), Value("microbatch")});
       }},
      {"valid_snapshot_target", none},
      {"verify_database", text},
      {"warn_once", text},
  };
  return all;
}

Outcome<Value> quote(std::span<const Value> values) { return Value("\"" + values[0].str() + "\""); }

Outcome<Value> quote_as_configured(std::span<const Value> values) { return Value("\"" + values[0].str() + "\""); }

Outcome<Value> quote_seed_column(std::span<const Value> values) {
  bool wanted = values[1].is_none() || values[1].truth();
  return wanted ? Value("\"" + values[0].str() + "\"") : values[0];
}

}  // namespace

Value make_adapter(std::weak_ptr<BaseContext> context) { return Value(jinja::make<Adapter>(std::move(context))); }

std::optional<Value> parse_time_adapter(std::string_view name, const Project&) {
  if (name == "quote") return jinja::function("quote", {{"identifier"}}, quote);
  if (name == "quote_as_configured") {
    return jinja::function("quote_as_configured", {{"identifier"}, {"quote_key"}}, quote_as_configured);
  }
  if (name == "quote_seed_column") {
    return jinja::function("quote_seed_column", {{"column"}, {"quote_config", Value()}}, quote_seed_column);
  }
  if (name == "behavior") return jinja::record("Behavior", {});
  if (name == "config") return jinja::record("config", {});
  auto found = answers().find(name);
  if (found == answers().end()) return {};
  return jinja::function(std::string(name),
                         [answer = found->second](const Arguments&) -> Outcome<Value> { return answer(); });
}

}  // namespace rynd::project
