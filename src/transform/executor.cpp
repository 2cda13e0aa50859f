// Executor: see the header.
#include "executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "compiler.h"
#include "explain.h"
#include "foreign_keys.h"
#include "microbatch.h"
#include "project/error_kind.h"
#include "test_outcome.h"

namespace rynd::transform {

namespace {

using jinja::Value;
using project::Resource;
using project::ResourceType;

// One execution, from the first query of a template to the last line of the result.
class Execution {
 public:
  Execution(Runtime::Parts& parts, const Resource& resource, engine::Connection& connection,
            const ExecuteOptions& options, const Batch* batch, bool adds)
      : parts_(parts),
        resource_(resource),
        connection_(connection),
        session_(connection, parts.cache, options.stop, static_cast<SharedTransaction*>(options.group),
                 parts.transactions()),
        shared_(options.group),
        context_(std::make_shared<RunContext>(parts, session_, &resource, resource.package)) {
    context_->batch = batch;
    context_->adds = adds;
    result_.thread_id = options.thread_id;
    result_.unique_id = resource.unique_id;
    result_.relation_name = resource.relation_name;
  }

  NodeResult run() {
    const auto begun = parts_.world.clock.steady();
    if (shared_ && !may_share()) {
      session_.give_up(Code::sql_transaction);
      return std::move(result_);
    }
    const auto turn = foreign_key_turn(parts_, resource_, connection_);
    if (compile()) materialize();
    result_.execution_time = std::chrono::duration<double>(parts_.world.clock.steady() - begun).count();
    auto& found = context_->warnings;
    result_.diagnostics.insert(result_.diagnostics.end(), std::make_move_iterator(found.begin()),
                               std::make_move_iterator(found.end()));
    return std::move(result_);
  }

 private:
  // What has a key waits for its turn, and others wait for it: a group's other nodes must not be in between.
  bool may_share() const { return key_types(parts_, resource_, true).empty(); }

  bool compile() {
    Timing timing{"compile", parts_.world.clock.now(), {}};
    if (parts_.options.clones) {
      // A view on what is cloned, where the warehouse cannot clone.
      const Value original = *context_->member("defer_relation");
      compiled_.sql = original.is_none() ? "" : "select * from " + original.str();
      context_->set_compiled(&compiled_);
    } else if (resource_.type != ResourceType::seed) {
      auto compiled = compile_resource(context_, resource_);
      if (!compiled) {
        failed(std::move(compiled.error()));
        return false;
      }
      compiled_ = std::move(*compiled);
      context_->set_compiled(&compiled_);
      result_.compiled = true;
      result_.compiled_code = compiled_.sql;
    }
    timing.completed_at = parts_.world.clock.now();
    result_.timing.push_back(std::move(timing));
    return true;
  }

  void materialize() {
    Timing timing{"execute", parts_.world.clock.now(), {}};
    const auto done = call_materialization();
    if (!done) failed(done.error());
    timing.completed_at = parts_.world.clock.now();
    result_.timing.push_back(std::move(timing));
    if (done) report();
  }

  Checked<void> call_materialization() {
    const std::string name = parts_.options.clones                  ? "clone"
                             : resource_.type == ResourceType::test ? "test"
                                                                    : resource_.config.materialized();
    const auto macro = parts_.project.macro_index.materialization(resource_.package, name);
    if (!macro) {
      return fail_all({{.code = Code::materialization_missing,
                        .message = fmt::format("'{}' is to be built as '{}', which no materialization is called",
                                               resource_.name, name),
                        .span = resource_.name_span,
                        .help = "use view, table, incremental, ephemeral, or define a materialization of that name"}});
    }
    const auto& languages = parts_.project.macros[*macro].supported_languages;
    if (std::ranges::find(languages, resource_.language) == languages.end()) {
      return fail_all({{.code = Code::python_model,
                        .message = fmt::format("'{}' is written in {}, and the materialization '{}' is for {}",
                                               resource_.name, resource_.language, name, join(languages, " and ")),
                        .span = resource_.name_span,
                        .help = "materialize it as table or incremental"}});
    }
    jinja::RenderOptions options;
    options.stop = session_.stop();
    auto answer = jinja::call_macro(context_->macro(*macro), {}, {}, options);
    if (!answer) return fail_all({std::move(answer.error())});
    remember(*answer);
    if (auto committed = session_.commit(); !committed) return fail_all({std::move(committed.error())});
    return {};
  }

  // The relations that a materialization says it made.
  void remember(const Value& answer) {
    const Value* relations = answer.is_dict() ? answer.as_dict().find(std::string_view("relations")) : nullptr;
    auto made = relations ? jinja::to_vector(*relations) : std::vector<Value>();
    if (!made) return;
    for (const auto& value : *made) {
      const auto* relation = value.as<project::Relation>();
      if (!relation) continue;
      const auto& name = relation->name();
      session_.cache_put({name.database, name.schema, name.identifier, name.type.empty() ? "table" : name.type});
    }
  }

  void report() {
    Session::Kept* main = session_.find("main");
    if (resource_.type == ResourceType::test) {
      judge_test(result_, resource_, main ? main->result.table : nullptr, parts_.project.flags);
      return;
    }
    const Response response = main ? main->result.response : Response{};
    if (!main && parts_.options.clones) {
      result_.status = Status::success;
      result_.message = "No-op";
      return;
    }
    result_.status = Status::success;
    result_.message = response.message;
    result_.adapter_response = response.node();
  }

  void failed(Diagnostics errors) {
    session_.give_up(errors.front().code);
    const Compiled* texts[] = {result_.compiled ? &compiled_ : nullptr, context_->portable()};
    for (auto& error : errors) error = explain_error(parts_, std::move(error), texts, &resource_, connection_);
    result_.status = Status::error;
    result_.message =
        errors.front().code == Code::sql_interrupted ? "interrupted" : project::error_text(errors.front(), resource_);
    // As in dbt: what failed is the parent, and this is skipped for it.
    if (context_->failed_ephemeral) {
      result_.status = Status::skipped;
      result_.message =
          fmt::format("Compilation Error in {}, caused by compilation error in referenced ephemeral model {}",
                      resource_.unique_id, parts_.project.at(*context_->failed_ephemeral).unique_id);
    }
    if (session_.stopping()) {
      result_.status = Status::error;
      result_.message = "interrupted";
      errors = {{.code = Code::sql_interrupted,
                 .message = fmt::format("'{}' was interrupted; what it had done is undone", resource_.name)}};
    }
    result_.diagnostics = std::move(errors);
  }

  Runtime::Parts& parts_;
  const Resource& resource_;
  engine::Connection& connection_;
  Session session_;
  bool shared_;  // its transaction is a group's
  Compiled compiled_;
  std::shared_ptr<RunContext> context_;
  NodeResult result_;
};

}  // namespace

NodeResult execute_once(Runtime::Parts& parts, const Resource& resource, engine::Connection& connection,
                        const ExecuteOptions& options, const Batch* batch, bool adds) {
  return Execution(parts, resource, connection, options, batch, adds).run();
}

NodeResult execute_node(Runtime::Parts& parts, project::ResourceId id, engine::Connection& connection,
                        const ExecuteOptions& options) {
  const Resource& resource = parts.project.at(id);
  NodeResult result = is_microbatch(resource) && !parts.options.clones
                          ? execute_batches(parts, id, connection, options)
                          : execute_once(parts, resource, connection, options);
  result.id = id;
  return result;
}

}  // namespace rynd::transform
