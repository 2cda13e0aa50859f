// Select: a selection's tree evaluated on the graph; tests that come along; what the command is about.
#include "project/select.h"

#include <algorithm>

#include "base/suggest.h"
#include "base/text.h"
#include "select/methods.h"
#include "select/spec.h"

namespace rynd::project {

namespace {

using Set = std::vector<bool>;

// What a spec selects, and the tests that would come along if all their parents did.
struct Selected {
  Set direct;
  Set indirect;
};

void unite(Set& into, const Set& other) {
  for (size_t i = 0; i < into.size(); ++i) into[i] = into[i] || other[i];
}

std::vector<ResourceId> ids_of(const Set& set) {
  std::vector<ResourceId> ids;
  for (ResourceId id = 0; id < set.size(); ++id) {
    if (set[id]) ids.push_back(id);
  }
  return ids;
}

bool is_test(const Resource& resource) {
  return resource.type == ResourceType::test || resource.type == ResourceType::unit_test;
}

class Evaluator {
 public:
  Evaluator(const Project& project, const SelectionRequest& request, Problems& problems)
      : project_(project), request_(request), problems_(problems) {}

  Selected evaluate(const Spec& spec) {
    if (spec.kind == Spec::Kind::criterion) return criterion(spec);
    Selected result;
    bool first = true;
    for (const auto& part : spec.parts) {
      Selected one = evaluate(part);
      unite(one.indirect, one.direct);
      if (first) {
        result = std::move(one);
        first = false;
        continue;
      }
      combine(spec.kind, result.direct, one.direct);
      combine(spec.kind, result.indirect, one.indirect);
    }
    if (first) result = {empty(), empty()};
    take_tests(result, spec.indirect);
    bool nothing = std::find(result.direct.begin(), result.direct.end(), true) == result.direct.end();
    if (spec.must_match && nothing && !problems_.has_errors()) warn_empty(spec);
    return result;
  }

 private:
  Set empty() const { return Set(project_.resources.size(), false); }

  static void combine(Spec::Kind kind, Set& into, const Set& other) {
    for (size_t i = 0; i < into.size(); ++i) {
      switch (kind) {
        case Spec::Kind::any_of:
          into[i] = into[i] || other[i];
          break;
        case Spec::Kind::all_of:
          into[i] = into[i] && other[i];
          break;
        default:
          into[i] = into[i] && !other[i];
      }
    }
  }

  Selected criterion(const Spec& spec) {
    if (spec.criterion.method == "selector") return by_selector(spec);
    Selected result{empty(), empty()};
    auto matched = match(project_, spec, request_.state);
    if (!matched) {
      problems_.add(std::move(matched.error()));
      return result;
    }
    for (ResourceId id : *matched) result.direct[id] = true;
    add_neighbours(result.direct, spec.criterion, *matched);
    add_tests(result, spec.indirect);
    return result;
  }

  void add_neighbours(Set& set, const Criterion& criterion, const std::vector<ResourceId>& matched) const {
    const Graph& graph = project_.graph;
    if (criterion.childrens_parents) {
      Set below = graph.descendants(matched);
      for (ResourceId id : matched) below[id] = true;
      unite(set, below);
      unite(set, graph.ancestors(ids_of(below)));
    }
    if (criterion.parents) unite(set, graph.ancestors(matched, criterion.parents_depth));
    if (criterion.children) unite(set, graph.descendants(matched, criterion.children_depth));
  }

  bool all_within(ResourceId test, const Set& set) const {
    auto parents = project_.graph.parents(test);
    return std::all_of(parents.begin(), parents.end(), [&](ResourceId parent) { return set[parent]; });
  }

  Set with_parents(const Set& set) const {
    Set result = set;
    unite(result, project_.graph.ancestors(ids_of(set)));
    for (ResourceId id = 0; id < result.size(); ++id) {
      if (project_.resources[id].source) result[id] = true;
    }
    return result;
  }

  // Tests of what is selected: eagerly all, else those whose parents are all there; the rest may still get there.
  void add_tests(Selected& result, IndirectSelection mode) const {
    if (mode == IndirectSelection::empty) return;
    const Set selected = result.direct;
    Set reachable;
    if (mode == IndirectSelection::buildable) reachable = with_parents(selected);
    for (ResourceId id : ids_of(selected)) {
      for (ResourceId child : project_.graph.children(id)) {
        if (!is_test(project_.resources[child])) continue;
        bool take = mode == IndirectSelection::eager || all_within(child, selected) ||
                    (mode == IndirectSelection::buildable && all_within(child, reachable));
        (take ? result.direct : result.indirect)[child] = true;
      }
    }
  }

  // After sets were combined: waiting tests whose parents are all there now.
  void take_tests(Selected& result, IndirectSelection mode) const {
    if (mode != IndirectSelection::cautious && mode != IndirectSelection::buildable) return;
    Set reachable = mode == IndirectSelection::buildable ? with_parents(result.direct) : result.direct;
    Set taken = result.direct;
    for (ResourceId id : ids_of(result.indirect)) {
      if (is_test(project_.resources[id]) && all_within(id, reachable)) taken[id] = true;
    }
    result.direct = std::move(taken);
  }

  Selected by_selector(const Spec& spec) {
    const std::string& name = spec.criterion.value;
    const Node* selector = project_.selectors.find(name);
    if (!selector) {
      std::vector<std::string> names;
      for (const auto& entry : project_.selectors.entries) names.push_back(entry.key);
      auto& problem =
          problems_.error(Code::selector_missing, "selectors.yml has no selector '" + name + "'", spec.span);
      problem.label = did_you_mean(name, names);
      return {empty(), empty()};
    }
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) {
      problems_.error(Code::selection_wrong, "selector '" + name + "' refers to itself", spec.span);
      return {empty(), empty()};
    }
    open_.push_back(name);
    Spec definition =
        parse_definition(project_.selectors_source, *selector->find("definition"), spec.indirect, problems_);
    Selected result = evaluate(definition);
    open_.pop_back();
    result.indirect = empty();
    std::vector<ResourceId> matched = ids_of(result.direct);
    add_neighbours(result.direct, spec.criterion, matched);
    return result;
  }

  void warn_empty(const Spec& spec) {
    auto& problem = problems_.warning(Code::selection_empty, "'" + spec.raw + "' selects nothing", spec.span);
    if (spec.parts.size() != 1 || spec.parts[0].kind != Spec::Kind::criterion) return;
    const Criterion& criterion = spec.parts[0].criterion;
    std::vector<std::string> names;
    for (const auto& resource : project_.resources) {
      if (criterion.method == "fqn" && !is_test(resource)) names.push_back(resource.name);
      if (criterion.method == "tag") names.insert(names.end(), resource.tags.begin(), resource.tags.end());
      if (criterion.method == "source" && resource.source) names.push_back(resource.source->source_name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    problem.label = did_you_mean(criterion.value, names);
  }

  const Project& project_;
  const SelectionRequest& request_;
  Problems& problems_;
  std::vector<std::string> open_;  // selectors being evaluated
};

// The selector that selectors.yml marks as default, where the command line says nothing.
std::string default_selector(const Project& project) {
  for (const auto& entry : project.selectors.entries) {
    const Node* flag = entry.value.find("default");
    if (flag && flag->kind == Node::Kind::boolean && flag->boolean) return entry.key;
  }
  return {};
}

Set selected(const Project& project, const SelectionRequest& request, Problems& problems) {
  Evaluator evaluator(project, request, problems);
  std::string selector = request.selector;
  if (selector.empty() && request.select.empty() && request.exclude.empty()) selector = default_selector(project);
  if (!selector.empty()) {
    Spec spec;
    spec.criterion.method = "selector";
    spec.criterion.value = selector;
    spec.indirect = request.indirect;
    auto source = make_source("--selector", selector);
    spec.span = {source, 0, static_cast<uint32_t>(selector.size())};
    return evaluator.evaluate(spec).direct;
  }
  Set result(project.resources.size(), true);
  Spec difference;
  difference.kind = Spec::Kind::without;
  difference.indirect = request.indirect;
  if (request.select.empty() && request.exclude.empty()) return result;
  std::vector<std::string> everything = {
      "fqn:* source:* exposure:* metric:* semantic_model:* saved_query:* unit_test:*"};
  bool given = !request.select.empty();
  difference.parts.push_back(
      parse_arguments(given ? request.select : everything, "--select", request.indirect, given, problems));
  difference.parts.push_back(parse_arguments(request.exclude, "--exclude", request.indirect, false, problems));
  if (problems.has_errors()) return result;
  return evaluator.evaluate(difference).direct;
}

bool is_wanted(const SelectionRequest& request, ResourceType type) {
  auto lists = [&](const std::vector<ResourceType>& types) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  if (lists(request.exclude_resource_types)) return false;
  return request.resource_types.empty() || lists(request.resource_types);
}

}  // namespace

Checked<Selection> select(const Project& project, const SelectionRequest& request) {
  Problems problems;
  Set set = selected(project, request, problems);
  if (problems.has_errors()) return fail_all(problems.take());
  Selection selection;
  selection.contains.assign(project.resources.size(), false);
  for (ResourceId id : project.graph.order()) {
    const Resource& resource = project.resources[id];
    if (!set[id] || resource.type == ResourceType::group || !is_wanted(request, resource.type)) continue;
    selection.contains[id] = true;
    selection.nodes.push_back(id);
  }
  selection.warnings = problems.take();
  return selection;
}

}  // namespace rynd::project
