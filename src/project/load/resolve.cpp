// Resolve: from names to ids. Every missing name is told at its place; then the graph, and its circles.
#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "base/text.h"
#include "load/build.h"
#include "load/lookup.h"
#include "load/static_call.h"

namespace rynd::project {

namespace {

struct Place {
  Span span;
  bool in_macro = false;  // the template does not say it itself
};

// Where a template says a name: the argument of the call that has it as a literal.
Place place_of(const Resource& resource, std::string_view function, const std::string& last_argument,
               const Span& known) {
  Span whole = known;
  if (!whole && resource.compiled) {
    for (const auto& call : resource.compiled.uses().calls) {
      if (call.name != function || call.positional.empty()) continue;
      const auto& value = call.positional.back();
      if (value && value->is_string() && value->str() == last_argument) {
        whole = call.span;
        break;
      }
    }
  }
  if (!whole) {
    if (resource.compiled) {
      // The name may stand as a text somewhere else: [ 'a', 'b' ] walked over by a loop.
      for (char quote : {'\'', '"'}) {
        size_t at = resource.raw_code.find(quote + last_argument + quote);
        if (at == std::string::npos) continue;
        auto begin = static_cast<uint32_t>(resource.span.begin + at);
        return {{resource.span.source, begin, begin + static_cast<uint32_t>(last_argument.size()) + 2}, false};
      }
    }
    return {resource.name_span, true};
  }
  std::string_view text = whole.source->text().substr(whole.begin, whole.end - whole.begin);
  size_t at = text.rfind(last_argument);
  if (at == std::string_view::npos) return {whole};
  uint32_t begin = whole.begin + static_cast<uint32_t>(at);
  uint32_t end = begin + static_cast<uint32_t>(last_argument.size());
  std::string_view file = whole.source->text();
  if (begin > 0 && (file[begin - 1] == '\'' || file[begin - 1] == '"')) --begin, ++end;
  return {{whole.source, begin, std::min<uint32_t>(end, static_cast<uint32_t>(file.size()))}};
}

// A foreign key's `to: ref('orders')` is a reference of the model, as in dbt: what it points at is built before it.
void add_constraint_refs(Draft& draft) {
  const Resource& resource = draft.resource;
  auto add = [&](const Node& constraints) {
    for (const auto& constraint : constraints.items) {
      const Node* to = constraint.find("to");
      auto call = to && to->is_string() ? read_static_call(to->text) : std::nullopt;
      if (!call) continue;
      const Span span{resource.patch_span.source, to->begin, to->end};
      if (auto* ref = std::get_if<Ref>(&*call)) {
        ref->span = span;
        add_once(draft.captured.refs, std::move(*ref));
      } else if (auto* source = std::get_if<SourceRef>(&*call)) {
        source->span = span;
        add_once(draft.captured.sources, std::move(*source));
      }
    }
  };
  if (resource.model) add(resource.model->constraints);
  for (const auto& column : resource.columns) add(column.constraints);
}

class Resolver {
 public:
  Resolver(Build& build, const Lookup& lookup) : build_(build), lookup_(lookup) {
    for (Draft* draft : build.enabled) {
      if (draft->resource.type == ResourceType::metric) metrics_[draft->resource.name] = draft;
      if (draft->resource.type == ResourceType::semantic_model) note_measures(*draft);
      if (!draft->resource.relation_name.empty()) relations_.emplace(lower(relation_key(draft->resource)), draft);
    }
  }

  void resolve(Draft& draft) {
    Resource& resource = draft.resource;
    std::string what = std::string(name_of(resource.type)) + " '" + resource.name + "'";
    add_constraint_refs(draft);
    for (const auto& source : draft.captured.sources) depend(draft, source, what);
    if (resource.type != ResourceType::seed) {
      for (const auto& ref : draft.captured.refs) depend(draft, ref, what);
    }
    for (const auto& metric : draft.captured.metrics) depend_on_metric(draft, metric, what);
    for (const auto& function : draft.captured.functions) depend_on_function(draft, function, what);
    for (const auto& measure : draft.measures) {
      if (auto found = measures_.find(measure); found != measures_.end()) add(draft, found->second->id, {});
    }
    for (const auto& table : draft.table_names) {
      auto found = relations_.find(lower(table.name));
      if (found != relations_.end()) add(draft, found->second->id, table.span);
    }
    if (resource.unit_test && !resource.depends_on.empty()) resource.unit_test->tested = resource.depends_on.front();
    if (!draft.test_target.empty()) {
      if (Draft* target = lookup_.find({draft.test_target, {}, draft.test_version, {}}, resource.package)) {
        resource.test->attached = target->id;
      }
    }
    resource.refs = std::move(draft.captured.refs);
    resource.sources = std::move(draft.captured.sources);
    resource.metrics = std::move(draft.captured.metrics);
    resource.functions = std::move(draft.captured.functions);
    resource.depends_on_macros = std::move(draft.captured.macros);
  }

  std::vector<Graph::Edge> edges;
  std::unordered_map<uint64_t, Span> edge_places;

 private:
  static std::string relation_key(const Resource& resource) {
    return resource.source ? resource.source->identifier : resource.alias;
  }

  void note_measures(Draft& draft) {
    const Node* measures = draft.resource.properties.find("measures");
    if (!measures) return;
    for (const auto& measure : measures->items) {
      if (const Node* name = measure.find("name")) measures_[name->text] = &draft;
    }
  }

  void add(Draft& draft, ResourceId target, const Span& place) {
    auto& list = draft.resource.depends_on;
    if (std::find(list.begin(), list.end(), target) != list.end()) return;
    list.push_back(target);
    edges.push_back({target, draft.id});
    if (place) edge_places.emplace((uint64_t{target} << 32) | draft.id, place);
  }

  void depend(Draft& draft, const Ref& ref, const std::string& what) {
    Draft* target = lookup_.find(ref, draft.resource.package);
    if (!target) {
      report_missing(draft, ref, what);
      return;
    }
    add(draft, target->id, ref.span);
    check_access(draft, *target, ref);
  }

  void report_missing(const Draft& draft, const Ref& ref, const std::string& what) {
    if (build_.may_be_in_broken_file(ref.name)) return;
    Place place = place_of(draft.resource, "ref", ref.name, ref.span);
    auto versions = lookup_.versions(ref.name, ref.package.empty() ? draft.resource.package : ref.package);
    if (lookup_.is_disabled(ref)) {
      build_.problems.error(Code::ref_disabled, fmt::format("{} uses '{}', which is disabled", what, ref.name),
                            place.span);
      return;
    }
    std::string wanted = ref.package.empty() ? ref.name : ref.package + "." + ref.name;
    if (!ref.version.empty() && !versions.empty()) {
      auto& problem = build_.problems.error(
          Code::ref_missing, fmt::format("{} uses version '{}' of '{}', which is not there", what, ref.version, wanted),
          place.span);
      problem.notes.push_back("versions of '" + ref.name + "': " + join(versions, ", "));
      return;
    }
    auto& problem = build_.problems.error(Code::ref_missing,
                                          fmt::format("{} uses '{}', which is not there", what, wanted), place.span);
    problem.label = did_you_mean(ref.name, lookup_.names());
    if (place.in_macro) problem.notes.push_back("a macro asks for it on behalf of this template");
    if (!ref.package.empty() && !build_.project.package(ref.package)) {
      problem.help = "the package '" + ref.package + "' is not installed";
    } else if (problem.label.empty()) {
      problem.help = fmt::format(
          "ref() finds models, seeds and snapshots; tables that others make are source('...', '{}')", ref.name);
    }
  }

  void depend(Draft& draft, const SourceRef& source, const std::string& what) {
    if (Draft* target = lookup_.find(source, draft.resource.package)) {
      add(draft, target->id, source.span);
      return;
    }
    if (build_.may_be_in_broken_file(source.table)) return;
    std::string wanted = source.source + "." + source.table;
    Place place = place_of(draft.resource, "source", source.table, source.span);
    if (lookup_.is_disabled(source)) {
      build_.problems.error(Code::ref_disabled, fmt::format("{} uses source '{}', which is disabled", what, wanted),
                            place.span);
      return;
    }
    auto& problem = build_.problems.error(
        Code::source_missing, fmt::format("{} uses source '{}', which is not there", what, wanted), place.span);
    problem.label = did_you_mean(wanted, lookup_.source_names());
    if (place.in_macro) problem.notes.push_back("a macro asks for it on behalf of this template");
    if (problem.label.empty()) {
      problem.help = "describe it under 'sources:' in a YAML file of models/, or load it in ingest/";
    }
  }

  void depend_on_metric(Draft& draft, const Ref& metric, const std::string& what) {
    auto found = metrics_.find(metric.name);
    if (found != metrics_.end()) {
      add(draft, found->second->id, metric.span);
      return;
    }
    if (build_.may_be_in_broken_file(metric.name)) return;
    std::vector<std::string> names;
    for (const auto& [name, one] : metrics_) names.push_back(name);
    auto& problem = build_.problems.error(Code::ref_missing,
                                          fmt::format("{} uses metric '{}', which is not there", what, metric.name),
                                          metric.span ? metric.span : draft.resource.name_span);
    problem.label = did_you_mean(metric.name, names);
  }

  void depend_on_function(Draft& draft, const Ref& function, const std::string& what) {
    if (Draft* target = lookup_.find_function(function, draft.resource.package)) {
      add(draft, target->id, function.span);
      return;
    }
    Place place = place_of(draft.resource, "function", function.name, function.span);
    if (lookup_.is_disabled_function(function)) {
      build_.problems.error(Code::ref_disabled,
                            fmt::format("{} uses function '{}', which is disabled", what, function.name), place.span);
      return;
    }
    auto& problem = build_.problems.error(
        Code::ref_missing, fmt::format("{} uses function '{}', which is not there", what, function.name), place.span);
    problem.label = did_you_mean(function.name, lookup_.function_names());
    if (problem.label.empty()) {
      problem.help = fmt::format(
          "write it in functions/{}.sql, and describe it under 'functions:' in a YAML file there", function.name);
    }
  }

  void check_access(const Draft& draft, const Draft& target, const Ref& ref) {
    if (!target.resource.model) return;
    const Resource& from = draft.resource;
    const Resource& to = target.resource;
    bool other_package = from.package != to.package;
    bool restricted = other_package && target.package->settings.restrict_access;
    bool same_group = !from.group.empty() && from.group == to.group;
    bool is_private = to.model->access == "private" && (!same_group || restricted);
    bool is_protected = to.model->access == "protected" && restricted;
    if (!is_private && !is_protected) return;
    Place place = place_of(from, "ref", ref.name, ref.span);
    auto& problem = build_.problems.error(
        Code::ref_forbidden,
        fmt::format("{} '{}' may not use '{}', which is {}", name_of(from.type), from.name, to.name, to.model->access),
        place.span);
    problem.notes.push_back(is_private ? "only members of group '" + to.group + "' may"
                                       : "only package '" + to.package + "' may");
  }

  Build& build_;
  const Lookup& lookup_;
  std::unordered_map<std::string, Draft*> metrics_;
  std::unordered_map<std::string, Draft*> measures_;
  std::unordered_map<std::string, Draft*> relations_;
};

void check_cycle(Build& build, const Resolver& resolver) {
  auto cycle = build.project.graph.find_cycle();
  if (cycle.empty()) return;
  auto resource = [&](Graph::Id id) -> const Resource& { return build.enabled[id]->resource; };
  // Told against the arrows: a uses b, b uses c, c uses a.
  std::reverse(cycle.begin(), cycle.end());
  std::string path;
  for (Graph::Id id : cycle) path += "'" + resource(id).name + "' uses ";
  path += "'" + resource(cycle.front()).name + "'";
  Diagnostic problem{.code = Code::cycle, .message = "resources depend on each other in a circle: " + path};
  for (size_t i = 0; i < cycle.size(); ++i) {
    const Resource& from = resource(cycle[i]);
    Graph::Id target = cycle[(i + 1) % cycle.size()];
    auto known = resolver.edge_places.find((uint64_t{target} << 32) | cycle[i]);
    Span span =
        place_of(from, "ref", resource(target).name, known == resolver.edge_places.end() ? Span() : known->second).span;
    if (i == 0) {
      problem.span = span;
      problem.label = "uses '" + resource(target).name + "'";
    } else {
      problem.related.push_back({span, "'" + from.name + "' uses '" + resource(target).name + "'"});
    }
  }
  problem.help = "one of these must not read the other";
  build.problems.add(std::move(problem));
}

}  // namespace

void resolve(Build& build, const Lookup& lookup) {
  Resolver resolver(build, lookup);
  for (Draft* draft : build.enabled) resolver.resolve(*draft);
  build.project.graph = Graph(static_cast<uint32_t>(build.enabled.size()), resolver.edges);
  check_cycle(build, resolver);
  for (auto& draft : build.drafts) {
    if (draft.enabled) continue;
    draft.resource.refs = std::move(draft.captured.refs);
    draft.resource.sources = std::move(draft.captured.sources);
    draft.resource.functions = std::move(draft.captured.functions);
    draft.resource.depends_on_macros = std::move(draft.captured.macros);
  }
}

}  // namespace rynd::project
