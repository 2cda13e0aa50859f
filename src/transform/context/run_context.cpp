// RunContext: ref, source, this, model, graph and the names of a run.
#include "context/run_context.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "base/text.h"
#include "context/column.h"
#include "context/results.h"
#include "jinja/modules.h"
#include "microbatch.h"
#include "project/plugins.h"
#include "seeds/seed.h"
#include "sql/quote.h"
#include "sql/statements.h"
#include "sql/tokens.h"

namespace rynd::transform {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;
using project::Resource;
using project::ResourceId;

std::string ref_text(const project::Ref& ref) {
  return ref.package.empty() ? fmt::format("ref('{}')", ref.name)
                             : fmt::format("ref('{}', '{}')", ref.package, ref.name);
}

// A ref in a branch that was not taken while parsing is no edge of the graph: the parent may not have been built.
Diagnostic not_in_graph(const std::string& node, const std::string& call) {
  return {.code = Code::ref_not_in_graph,
          .message = fmt::format("'{}' uses {} only while it runs, so it may run before it is built", node, call),
          .help = fmt::format("put '-- depends_on: {{{{ {} }}}}' at the top of '{}'", call, node)};
}

project::RelationName cte(const std::string& name) {
  project::RelationName relation;
  relation.identifier = "__dbt__cte__" + name;
  relation.type = "cte";
  relation.quote.identifier = false;
  return relation;
}

bool creates_view(const std::string& sql) {
  for (const auto& statement : rynd::sql::split_statements(sql)) {
    const std::string_view text = statement.text(sql);
    // Enough of it to see what it is.
    const std::string_view head = text.substr(0, 80);
    std::vector<std::string> words;
    for (const auto& token : rynd::sql::tokenize(head)) {
      if (token.kind == rynd::sql::TokenKind::word) words.push_back(lower(token.text(head)));
    }
    if (words.size() < 2 || words[0] != "create") continue;
    const size_t what = words[1] == "or" && words.size() > 3 ? 3 : 1;
    if (words[what] == "view") return true;
  }
  return false;
}

Value batch_value(const Batch& batch) {
  auto moment = [](Instant instant) { return jinja::make_datetime(instant.time_since_epoch().count(), true); };
  Value value = Value::dict();
  value.as_dict().set(std::string_view("id"), Value(batch.id));
  value.as_dict().set(std::string_view("event_time_start"), moment(batch.start));
  value.as_dict().set(std::string_view("event_time_end"), moment(batch.end));
  return value;
}

// The same parts and quotes, another place.
project::RelationName named(const engine::Relation& place, project::RelationName name) {
  name.database = place.database;
  name.schema = place.schema;
  name.identifier = place.identifier;
  return name;
}

const engine::Relation* deferred_of(const Runtime::Parts& parts, ResourceId id) {
  const auto& all = parts.options.deferred;
  const auto found = std::ranges::find(all, id, &std::pair<ResourceId, engine::Relation>::first);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

RunContext* run_context(const Arguments& arguments) { return dynamic_cast<RunContext*>(arguments.context()); }

project::RelationName readable_name(const Runtime::Parts& parts, ResourceId id) {
  const auto& options = parts.options;
  auto name = project::relation_name(parts.project.at(id), parts.project.root().settings.quoting);
  const engine::Relation* deferred = options.clones ? nullptr : deferred_of(parts, id);
  if (!deferred) return name;
  const bool preferred = options.favor_state && std::ranges::find(options.selected, id) == options.selected.end();
  if (!preferred && parts.cache.find(name.database, name.schema, name.identifier)) return name;
  return named(*deferred, std::move(name));
}

std::filesystem::path target_file(const project::Project& project, const Resource& resource, std::string_view kind) {
  const std::filesystem::path original(resource.original_file_path);
  const std::filesystem::path path(resource.path);
  const auto below = path.filename() == original.filename() ? original : original / path;
  return project.dir / project.root().settings.target_path / kind / resource.package / below;
}

Outcome<Value> RunContext::ref(const project::Ref& ref) {
  const ResourceId id = project().resolve_ref(ref, package());
  const std::string self = node() ? node()->name : "this operation";
  if (id == project::no_resource) {
    std::vector<std::string> names;
    for (const auto& [name, ids] : project().by_ref_name) names.push_back(name);
    return jinja::raise(Diagnostic{
        .code = Code::ref_missing,
        .message = fmt::format("'{}' refers to '{}', which is not in the project or is disabled", self, ref.name),
        .label = did_you_mean(ref.name, names)});
  }
  if (!refs_are_free && node() && node()->type != project::ResourceType::operation && &project().at(id) != node() &&
      std::ranges::find(node()->depends_on, id) == node()->depends_on.end()) {
    return jinja::raise(not_in_graph(self, ref_text(ref)));
  }
  return relation_of(id);
}

Outcome<Value> RunContext::source(const project::SourceRef& source) {
  const ResourceId id = project().resolve_source(source.source, source.table);
  if (id == project::no_resource) {
    return jinja::raise(Diagnostic{.code = Code::ref_missing,
                                   .message = fmt::format("the source '{}.{}' is not in the project or is disabled",
                                                          source.source, source.table)});
  }
  const Resource& found = project().at(id);
  if (const std::string plugin = project::plugin_of(found); !plugin.empty()) {
    return jinja::raise(Diagnostic{
        .code = Code::unsupported,
        .message =
            fmt::format("the source '{}.{}' is loaded by dbt-duckdb's plugin '{}', which is Python inside of dbt",
                        source.source, source.table, plugin),
        .help = project::plugin_advice(project::plugin_module(project().profile, plugin))});
  }
  return relation_of(id);
}

// The rows that are read of a resource: none with --empty, or those of the batch and the sample. The literals take the
// type of the column, as in dbt.
void RunContext::narrow(project::RelationName& name, const Resource& resource) const {
  if (parts_.options.empty) name.limit = 0;
  const std::string column = resource.config.text("event_time");
  const std::optional<TimeWindow> window = column.empty() ? std::nullopt : event_window();
  if (!window) return;
  const auto described = std::ranges::find(resource.columns, column, &project::Column::name);
  const bool quoted = described != resource.columns.end() && described->quote.value_or(false);
  name.filter = fmt::format("{0} >= '{1}' and {0} < '{2}'", quoted ? rynd::sql::identifier(column) : column,
                            sql_text(window->start), sql_text(window->end));
}

// A function has no rows: neither --empty nor a batch's window applies to its name.
Outcome<Value> RunContext::function(const project::Ref& wanted) {
  const ResourceId id = project().resolve_function(wanted, package());
  const std::string self = node() ? node()->name : "this operation";
  if (id == project::no_resource) {
    std::vector<std::string> names;
    for (ResourceId one : project().of_type(project::ResourceType::function)) names.push_back(project().at(one).name);
    return jinja::raise(Diagnostic{
        .code = Code::ref_missing,
        .message =
            fmt::format("'{}' uses the function '{}', which is not in the project or is disabled", self, wanted.name),
        .label = did_you_mean(wanted.name, names)});
  }
  if (!refs_are_free && node() && node()->type != project::ResourceType::operation && &project().at(id) != node() &&
      std::ranges::find(node()->depends_on, id) == node()->depends_on.end()) {
    return jinja::raise(not_in_graph(self, fmt::format("function('{}')", wanted.name)));
  }
  auto name = project::relation_name(project().at(id), project().root().settings.quoting);
  name.type = "function";
  // What this command builds is there; whether anything else is cannot be told from the catalogue of tables.
  const auto& selected = parts_.options.selected;
  const engine::Relation* deferred =
      std::ranges::find(selected, id) == selected.end() ? deferred_relation(id) : nullptr;
  if (deferred) name = named(*deferred, name);
  return make_relation(std::move(name));
}

Outcome<Value> RunContext::relation_of(ResourceId id) {
  const Resource& resource = project().at(id);
  const bool overridden =
      overrides && std::ranges::any_of(overrides->inputs, [&](const auto& input) { return input.first == id; });
  if (overridden || resource.is_ephemeral()) {
    if (std::ranges::find(ephemerals, id) == ephemerals.end()) ephemerals.push_back(id);
    auto name = cte(resource.alias.empty() ? resource.name : resource.alias);
    if (!overridden) narrow(name, resource);
    return make_relation(std::move(name));
  }
  auto name = readable_name(parts_, id);
  narrow(name, resource);
  return make_relation(std::move(name));
}

const engine::Relation* RunContext::deferred_relation(ResourceId id) const { return deferred_of(parts_, id); }

// The rows that a model or snapshot sees of what has an event_time: of its batch, of the sample, or of both.
std::optional<TimeWindow> RunContext::event_window() const {
  const bool reads_windows =
      node() && (node()->type == project::ResourceType::model || node()->type == project::ResourceType::snapshot);
  const std::optional<TimeWindow>& sample = parts_.options.sample;
  if (!reads_windows || (!batch && !sample)) return std::nullopt;
  if (!batch) return sample;
  if (!sample) return TimeWindow{batch->start, batch->end};
  return TimeWindow{std::max(batch->start, sample->start), std::min(batch->end, sample->end)};
}

Value RunContext::defer_relation() {
  const ResourceId id = node() ? project().find(node()->unique_id) : project::no_resource;
  const engine::Relation* deferred = id == project::no_resource ? nullptr : deferred_relation(id);
  if (!deferred) return Value();
  return make_relation(named(*deferred, project::relation_name(*node(), project().root().settings.quoting)));
}

Value RunContext::this_relation() {
  if (!node() || node()->type == project::ResourceType::operation) return Value();
  if (overrides && overrides->this_sql) {
    this_was_read_ = true;
    return make_relation(cte("this__" + node()->name));
  }
  return NodeContext::this_relation();
}

Value RunContext::model() {
  if (!model_) {
    model_ = NodeContext::model();
    if (compiled_) note_compiled(*compiled_);
    if (batch && model_->is_dict()) model_->as_dict().set(std::string_view("batch"), batch_value(*batch));
  }
  return *model_;
}

void RunContext::set_compiled(const Compiled* compiled) {
  compiled_ = compiled;
  portable_.reset();
  if (compiled && model_) note_compiled(*compiled);
}

void RunContext::note_compiled(const Compiled& compiled) {
  if (!model_->is_dict()) return;
  jinja::Dict& model = model_->as_dict();
  model.set(std::string_view("compiled"), Value(true));
  model.set(std::string_view("compiled_code"), Value(compiled.sql));
  const Value* overloads = compiled.overloads.empty() ? nullptr : model.find("overloads");
  for (size_t i = 0; overloads && overloads->is_list() && i < compiled.overloads.size(); ++i) {
    Value& one = overloads->as_list().items[i];
    if (one.is_dict()) one.as_dict().set("compiled_body", Value(compiled.overloads[i]));
  }
}

Value RunContext::graph() {
  session_.lock(parts_.graph_lock);
  std::call_once(parts_.graph_made, [&] { parts_.graph = graph_value(project()); });
  return parts_.graph;
}

std::string RunContext::absolute_path(const Resource& resource) const {
  const project::Package* owner = project().package(resource.package);
  return std::filesystem::absolute((owner ? owner->root : project().dir) / resource.original_file_path)
      .lexically_normal()
      .string();
}

Outcome<Value> RunContext::run_macro(std::string_view name, std::vector<Value> arguments) {
  auto macro = find_macro(name);
  if (!macro)
    return jinja::raise(
        Diagnostic{.code = Code::macro_missing, .message = fmt::format("there is no macro '{}'", name)});
  return jinja::call(*macro, std::move(arguments));
}

// The name of the run's own catalogue before "schema"."table" is left out; other catalogues keep theirs. The source map
// moves with the text, so that an error still finds its line.
std::string RunContext::without_catalog(const std::string& text) {
  const std::string quoted = rynd::sql::identifier(parts_.database.name());
  const auto tokens = rynd::sql::tokenize(text);
  Compiled result;
  std::vector<std::pair<uint32_t, uint32_t>> cuts;
  for (size_t i = 0; i + 4 < tokens.size(); ++i) {
    const bool follows_dot = i > 0 && tokens[i - 1].text(text) == "." && tokens[i - 1].end == tokens[i].begin;
    const bool named = tokens[i].text(text) == quoted && !follows_dot;
    if (named && tokens[i + 1].text(text) == "." && tokens[i + 3].text(text) == "." &&
        tokens[i + 1].end == tokens[i + 2].begin) {
      cuts.emplace_back(tokens[i].begin, tokens[i + 2].begin);
    }
  }
  if (cuts.empty()) return text;
  uint32_t from = 0;
  for (const auto& [begin, end] : cuts) {
    result.sql.append(text, from, begin - from);
    from = end;
  }
  result.sql.append(text, from);
  if (compiled_ && compiled_->sql == text) {
    auto cut_before = [&](uint32_t offset) {
      uint32_t gone = 0;
      for (const auto& [begin, end] : cuts) {
        if (begin < offset) gone += std::min(end, offset) - begin;
      }
      return offset - gone;
    };
    for (auto segment : compiled_->map.segments) {
      const uint32_t end = cut_before(segment.begin + segment.size);
      segment.begin = cut_before(segment.begin);
      segment.size = end - segment.begin;
      if (segment.size > 0) result.map.segments.push_back(std::move(segment));
    }
    portable_ = std::move(result);
    return portable_->sql;
  }
  return result.sql;
}

std::string RunContext::sendable(const std::string& sql) {
  if (!creates_view(sql)) return sql;
  if (compiled_ && sql.find(compiled_->sql) != std::string::npos) (void)without_catalog(compiled_->sql);
  return without_catalog(sql);
}

std::optional<Value> RunContext::macro_override(std::string_view name) {
  if (adds && name == "should_full_refresh") {
    return jinja::function(std::string(name), [](const Arguments&) -> Outcome<Value> { return Value(false); });
  }
  const Node* answer = overrides ? overrides->macros.find(name) : nullptr;
  if (!answer) return {};
  return jinja::function(std::string(name),
                         [value = jinja::from_node(*answer)](const Arguments&) -> Outcome<Value> { return value; });
}

const Node* RunContext::var_override(std::string_view name) const {
  return overrides ? overrides->vars.find(name) : nullptr;
}

std::optional<std::string> RunContext::env_override(std::string_view name) const {
  const Node* value = overrides ? overrides->env_vars.find(name) : nullptr;
  return value ? std::optional(value->text) : std::nullopt;
}

std::optional<Value> RunContext::member(std::string_view name) {
  for (const auto& [key, value] : extra) {
    if (key == name) return value;
  }
  if (name == "defer_relation") return defer_relation();
  if (name == "sql" || name == "compiled_code") return compiled_ ? Value(compiled_->sql) : Value();
  if (name == "api") {
    return jinja::record("api",
                         {{"Relation", project::relation_class(project::quoting(project().root().settings.quoting))},
                          {"Column", column_class()}});
  }
  if (name == "selected_resources") {
    std::vector<Value> ids;
    for (ResourceId id : parts_.options.selected) ids.emplace_back(project().at(id).unique_id);
    return Value::list(std::move(ids));
  }
  if (auto found = function_member(name)) return found;
  return NodeContext::member(name);
}

std::optional<Value> RunContext::function_member(std::string_view name) {
  if (auto function = result_function(name)) return function;
  if (name == "load_agate_table") return load_agate_table_function();
  return {};
}

}  // namespace rynd::transform
