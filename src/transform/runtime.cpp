// Runtime: the face of the room: preparing a run, and handing each question to the part that answers it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "compiler.h"
#include "executor.h"
#include "explain.h"
#include "group.h"
#include "microbatch.h"
#include "operations.h"
#include "parts.h"
#include "static_analysis.h"

namespace rynd::transform {

namespace {

using project::Resource;
using project::ResourceId;
using project::ResourceType;
using Schema = std::pair<std::string, std::string>;

bool stores_failures(const Runtime::Parts& parts, const Resource& test) {
  const Node* configured = test.config.find("store_failures");
  if (configured && !configured->is_null()) return configured->boolean;
  const Node* flag = parts.project.flags.find("STORE_FAILURES");
  return parts.options.store_failures || (flag && flag->boolean);
}

// Whether running a resource writes into its schema.
bool writes(const Runtime::Parts& parts, const Resource& resource) {
  switch (resource.type) {
    case ResourceType::model:
      return !resource.is_ephemeral();
    case ResourceType::seed:
    case ResourceType::snapshot:
    case ResourceType::function:
      return true;
    case ResourceType::test:
      return stores_failures(parts, resource);
    default:
      return false;
  }
}

Result<std::set<Schema>> existing_schemas(engine::Connection& connection) {
  auto rows = engine::fetch(connection, "select lower(database_name), lower(schema_name) from duckdb_schemas()");
  if (!rows) return std::unexpected(rows.error());
  std::set<Schema> result;
  for (const auto& row : rows->rows) result.emplace(to_text(row[0]), to_text(row[1]));
  return result;
}

// Through the macro, which a project may override.
Result<void> make_schema(Runtime::Parts& parts, engine::Connection& connection, const Schema& schema) {
  Session session(connection, parts.cache, {});
  auto context = std::make_shared<RunContext>(parts, session, nullptr, parts.project.root().name);
  project::RelationName name;
  name.database = schema.first;
  name.schema = schema.second;
  name.quote = project::quoting(parts.project.root().settings.quoting);
  const auto macro = context->find_macro("create_schema");
  if (!macro) return fail({.code = Code::macro_missing, .message = "there is no macro 'create_schema'"});
  auto made = jinja::call_macro(*macro, {project::make_relation(name)});
  if (!made) return fail(explain_error(parts, std::move(made.error()), {}, nullptr, connection));
  return session.commit();
}

// Those of the project's nodes, and those of relations of another environment that they may read.
std::vector<engine::SchemaName> schemas_of(const project::Project& project, const RuntimeOptions& options) {
  std::set<Schema> found;
  for (const auto& [id, relation] : options.deferred) found.emplace(relation.database, relation.schema);
  for (const auto& resource : project.resources) {
    const bool has_relation = resource.type == ResourceType::model || resource.type == ResourceType::seed ||
                              resource.type == ResourceType::snapshot || resource.type == ResourceType::test;
    if (has_relation && !resource.schema.empty()) found.emplace(resource.database, resource.schema);
  }
  found.emplace(project.profile.database, project.profile.schema);
  std::vector<engine::SchemaName> schemas;
  for (const auto& [database, schema] : found) schemas.push_back({database, schema});
  return schemas;
}

}  // namespace

bool wants_full_refresh(const Runtime::Parts& parts, const Resource& resource) {
  const Node* own = resource.config.find("full_refresh");
  if (own && !own->is_null()) return own->boolean;
  const Node* flag = parts.project.flags.find("FULL_REFRESH");
  return parts.options.full_refresh || (flag && flag->boolean);
}

std::string_view name_of(Status status) {
  static constexpr std::string_view names[] = {"success", "error", "skipped", "partial success", "no-op",
                                               "pass",    "warn",  "fail",    "runtime error"};
  return names[static_cast<size_t>(status)];
}

Runtime::Runtime(const project::Project& project, engine::Database& database, World& world, RuntimeOptions options)
    : parts_(std::make_unique<Parts>(project, database, world, std::move(options))) {}
Runtime::~Runtime() = default;

Result<void> Runtime::prepare(engine::Connection& connection, std::span<const ResourceId> nodes) {
  auto there = existing_schemas(connection);
  if (!there) return std::unexpected(there.error());
  std::set<Schema> seen;
  for (ResourceId id : nodes) {
    const Resource& resource = parts_->project.at(id);
    if (!writes(*parts_, resource) || !seen.emplace(resource.database, resource.schema).second) continue;
    if (there->contains({lower(resource.database), lower(resource.schema)})) continue;
    const bool attached =
        std::ranges::any_of(*there, [&](const Schema& schema) { return schema.first == lower(resource.database); });
    if (!attached) {
      return fail({.code = Code::database_unknown,
                   .message = fmt::format("the database '{}' is neither the target's nor attached", resource.database),
                   .span = resource.name_span,
                   .label = fmt::format("'{}' is to be built there", resource.name),
                   .help = "attach it under 'attach:' of the profile"});
    }
    if (auto made = make_schema(*parts_, connection, {resource.database, resource.schema}); !made) return made;
  }
  return look(connection);
}

Result<void> Runtime::look(engine::Connection& connection) {
  return parts_->cache.read(connection, schemas_of(parts_->project, parts_->options));
}

Checked<Compiled> Runtime::compile(ResourceId id, engine::Connection& connection, std::stop_token stop) {
  const Resource& resource = parts_->project.at(id);
  Session session(connection, parts_->cache, std::move(stop));
  auto context = std::make_shared<RunContext>(*parts_, session, &resource, resource.package);
  auto compiled = compile_resource(context, resource);
  session.rollback();
  if (compiled) return compiled;
  for (auto& error : compiled.error()) error = explain_error(*parts_, std::move(error), {}, &resource, connection);
  return compiled;
}

Checked<Compiled> Runtime::compile_unit(ResourceId model, const UnitOverrides& overrides,
                                        engine::Connection& connection, std::stop_token stop) {
  const Resource& resource = parts_->project.at(model);
  Session session(connection, parts_->cache, std::move(stop));
  auto context = std::make_shared<RunContext>(*parts_, session, &resource, resource.package);
  context->overrides = &overrides;
  if (!resource.compiled)
    return fail_all(
        {{.code = Code::python_model, .message = "only models in SQL have unit tests", .span = resource.name_span}});
  return compile_template(context, resource.compiled);
}

Checked<Compiled> Runtime::compile_inline(SourcePtr text, engine::Connection& connection, std::stop_token stop) {
  auto compiled = jinja::Environment().compile(text);
  if (!compiled) return std::unexpected(compiled.error());
  Resource resource;
  resource.type = ResourceType::analysis;
  resource.name = "inline_query";
  resource.package = parts_->project.root().name;
  resource.unique_id = "sql_operation." + resource.package + ".inline_query";
  resource.raw_code = std::string(text->text());
  resource.database = parts_->project.profile.database;
  resource.schema = parts_->project.profile.schema;
  Session session(connection, parts_->cache, std::move(stop));
  auto context = std::make_shared<RunContext>(*parts_, session, &resource, resource.package);
  context->refs_are_free = true;
  return compile_template(context, *compiled);
}

std::vector<Finding> Runtime::analyze(engine::Connection& connection, const Analyzed& wanted, std::stop_token stop) {
  return analyze_nodes(*parts_, connection, wanted, std::move(stop));
}

NodeResult Runtime::execute(ResourceId id, engine::Connection& connection, const ExecuteOptions& options) {
  return execute_node(*parts_, id, connection, options);
}

std::unique_ptr<Group> Runtime::group(engine::Connection& connection) {
  return std::make_unique<SharedTransaction>(connection, parts_->cache);
}

bool Runtime::may_join(const Resource& resource) {
  for (std::string_view key : {"pre-hook", "post-hook"}) {
    const Node* hooks = resource.config.find(key);
    for (const Node& hook : hooks ? hooks->items : List<Node>()) {
      const Node* inside = hook.find("transaction");
      if (inside && inside->kind == Node::Kind::boolean && !inside->boolean) return false;
    }
  }
  return !is_microbatch(resource) && resource.language != "python";
}

std::vector<NodeResult> Runtime::run_hooks(bool on_run_end, engine::Connection& connection,
                                           std::span<const NodeResult> results, const ExecuteOptions& options) {
  return run_hooks_of(*parts_, on_run_end, connection, results, options);
}

Checked<void> Runtime::run_operation(std::string_view name, const Node& arguments, engine::Connection& connection,
                                     const ExecuteOptions& options) {
  return run_macro_of(*parts_, name, arguments, connection, options);
}

Checked<engine::Table> Runtime::show(const Compiled& compiled, std::optional<ResourceId> id, int64_t limit,
                                     engine::Connection& connection, std::stop_token stop) {
  return show_rows(*parts_, compiled, id ? &parts_->project.at(*id) : nullptr, limit, connection, std::move(stop));
}

Diagnostic Runtime::explain(const Diagnostic& error, const Compiled& compiled, ResourceId id,
                            engine::Connection& connection) {
  const Compiled* texts[] = {&compiled};
  return explain_error(*parts_, error, texts, &parts_->project.at(id), connection);
}

}  // namespace rynd::transform
