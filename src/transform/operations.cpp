// Operations: see the header.
#include "operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/suggest.h"
#include "base/text.h"
#include "compiler.h"
#include "context/run_result.h"
#include "explain.h"
#include "project/error_kind.h"

namespace rynd::transform {

namespace {

using jinja::Outcome;
using jinja::Value;
using project::Resource;
using project::ResourceId;

// What only on-run-end hooks see: results, and the schemas that were built in.
std::vector<std::pair<std::string, Value>> end_names(const project::Project& project,
                                                     std::span<const NodeResult> results) {
  std::set<std::pair<std::string, std::string>> built;
  std::vector<Value> values;
  for (const auto& result : results) {
    const bool is_hook =
        result.id < project.resources.size() && project.at(result.id).type == project::ResourceType::operation;
    if (is_hook) continue;
    values.push_back(run_result_value(project, result));
    const bool went_well = result.status != Status::error && result.status != Status::fail &&
                           result.status != Status::skipped && result.status != Status::runtime_error;
    if (!went_well || result.id >= project.resources.size()) continue;
    const Resource& resource = project.at(result.id);
    if (resource.is_relation() && !resource.is_ephemeral() && resource.type != project::ResourceType::source)
      built.emplace(resource.database, resource.schema);
  }
  std::vector<Value> schemas;
  std::vector<Value> pairs;
  std::set<std::string> seen;
  for (const auto& [database, schema] : built) {
    pairs.push_back(Value::tuple({Value(database), Value(schema)}));
    if (seen.insert(schema).second) schemas.emplace_back(schema);
  }
  return {{"results", Value::list(std::move(values))},
          {"schemas", Value::list(std::move(schemas))},
          {"database_schemas", Value::list(std::move(pairs))}};
}

// Hooks are their own transactions: one that says BEGIN may also say COMMIT.
Checked<void> run_hook(const std::shared_ptr<RunContext>& context, const Resource& hook, NodeResult& result) {
  auto compiled = compile_resource(context, hook);
  if (!compiled) return std::unexpected(compiled.error());
  result.compiled = true;
  result.compiled_code = compiled->sql;
  if (trim(compiled->sql).empty()) return {};
  auto done = context->session().run(compiled->sql, false, false);
  if (!done) {
    const Compiled* texts[] = {&*compiled};
    return fail_all(
        {explain_error(context->parts(), std::move(done.error()), texts, &hook, context->session().connection())});
  }
  return {};
}

}  // namespace

std::vector<NodeResult> run_hooks_of(Runtime::Parts& parts, bool on_run_end, engine::Connection& connection,
                                     std::span<const NodeResult> results, const ExecuteOptions& options) {
  std::vector<NodeResult> done;
  bool failed = false;
  const auto extra = on_run_end ? end_names(parts.project, results) : std::vector<std::pair<std::string, Value>>();
  for (ResourceId id : parts.project.of_type(project::ResourceType::operation)) {
    const Resource& hook = parts.project.at(id);
    if (!hook.operation || hook.operation->on_run_end != on_run_end) continue;
    NodeResult result;
    result.unique_id = hook.unique_id;
    result.id = id;
    result.thread_id = "main";
    const std::string name =
        fmt::format("{}.{}.{}", hook.package, on_run_end ? "on-run-end" : "on-run-start", done.size());
    if (failed) {
      result.status = Status::skipped;
      result.failures = 1;
      result.message = name + " skipped";
      done.push_back(std::move(result));
      continue;
    }
    Session session(connection, parts.cache, options.stop);
    auto context = std::make_shared<RunContext>(parts, session, &hook, hook.package);
    context->extra = extra;
    const Instant started = parts.world.clock.now();
    result.timing.push_back({"compile", started, started});
    Timing timing{"execute", started, {}};
    const auto begun = parts.world.clock.steady();
    auto ran = run_hook(context, hook, result);
    if (ran) {
      if (auto committed = session.commit(); !committed) ran = fail_all({committed.error()});
    }
    timing.completed_at = parts.world.clock.now();
    result.timing.push_back(timing);
    result.execution_time = std::chrono::duration<double>(parts.world.clock.steady() - begun).count();
    result.status = ran ? Status::success : Status::error;
    result.failures = ran ? 0 : 1;
    result.message = ran ? name + " passed" : name + " failed, error:\n " + ran.error().front().message;
    if (!ran) result.diagnostics = std::move(ran.error());
    failed = !ran;
    done.push_back(std::move(result));
  }
  return done;
}

Checked<void> run_macro_of(Runtime::Parts& parts, std::string_view name, const Node& arguments,
                           engine::Connection& connection, const ExecuteOptions& options) {
  Session session(connection, parts.cache, options.stop, nullptr, parts.transactions());
  const std::string package = parts.project.root().name;
  auto context = std::make_shared<RunContext>(parts, session, nullptr, package);
  // As dbt: a bare name may be any package's macro, the root project's first.
  auto macro = context->find_macro(name);
  if (!macro)
    if (const auto id = parts.project.macro_index.find_anywhere(package, name)) macro = context->macro(*id);
  if (!macro) {
    return fail_all({{.code = Code::macro_missing,
                      .message = fmt::format("there is no macro '{}'", name),
                      .notes = {},
                      .help = did_you_mean(name, parts.project.macro_index.names(package))}});
  }
  std::vector<std::pair<std::string, Value>> named;
  for (const auto& entry : arguments.entries) named.emplace_back(entry.key, jinja::from_node(entry.value));
  jinja::RenderOptions render;
  render.stop = options.stop;
  auto answer = jinja::call_macro(*macro, {}, std::move(named), render);
  if (!answer) {
    session.rollback();
    return fail_all({explain_error(parts, std::move(answer.error()), {}, nullptr, connection)});
  }
  if (auto committed = session.commit(); !committed) return fail_all({committed.error()});
  return {};
}

Checked<engine::Table> show_rows(Runtime::Parts& parts, const Compiled& compiled, const Resource* resource,
                                 int64_t limit, engine::Connection& connection, std::stop_token stop) {
  Session session(connection, parts.cache, stop);
  auto context =
      std::make_shared<RunContext>(parts, session, resource, resource ? resource->package : parts.project.root().name);
  context->set_compiled(&compiled);
  const auto header = resource ? context->config_value("sql_header", false) : std::nullopt;
  auto macro = context->find_macro("get_show_sql");
  if (!macro) return fail_all({{.code = Code::macro_missing, .message = "there is no macro 'get_show_sql'"}});
  auto sql =
      jinja::call_macro(*macro, {Value(compiled.sql), header ? *header : Value(), limit < 0 ? Value() : Value(limit)});
  if (!sql) return fail_all({std::move(sql.error())});
  const std::stop_callback interrupt(stop, [&connection] { connection.interrupt(); });
  auto rows = engine::fetch(connection, sql->str());
  if (rows) return std::move(*rows);
  const Compiled* texts[] = {&compiled};
  return fail_all({explain_error(parts, std::move(rows.error()), texts, resource, connection)});
}

}  // namespace rynd::transform
