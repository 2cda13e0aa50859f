// PageCheck: components against the table, queries against each other.
#include "page/page_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/suggest.h"
#include "base/text.h"
#include "page/components.h"

namespace rynd::server {

namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class PageChecker {
 public:
  explicit PageChecker(Page& page) : page_(page) {}

  void check() {
    for (const Query& query : page_.queries) names_.push_back(query.name);
    for (const Component& component : page_.components) {
      if (component.spec != nullptr && component.spec->kind == ComponentKind::input) {
        inputs_.emplace_back(component.text("name"));
      }
    }
    check_reserved_name();
    for (const Component& component : page_.components) check_component(component);
    check_query_names();
    check_input_names();
    for (Query& query : page_.queries) check_references(query);
    for (uint32_t id = 0; id < page_.queries.size(); ++id) follow(id);
  }

 private:
  void complain(Diagnostic diagnostic) { page_.diagnostics.push_back(std::move(diagnostic)); }

  void check_reserved_name() {
    const std::string first = split(page_.name, '/').front();
    static const std::vector<std::string> taken{"api", "assets", "catalog", "lineage"};
    if (!holds(taken, first)) return;
    complain({.code = Code::page_name_taken,
              .message = fmt::format("a page cannot be called '{}': rynd itself answers there", first),
              .span = {page_.source, 0, 0},
              .help = "rename the file"});
  }

  void check_component(const Component& component) {
    if (component.spec == nullptr) {
      const std::vector<std::string> known = component_names();
      complain({.code = Code::page_component,
                .message = fmt::format("there is no component '{}'", component.name),
                .span = component.name_span,
                .label = did_you_mean(component.name, known),
                .notes = {"components: " + join(known, ", ")}});
      return;
    }
    check_nesting(component);
    for (const Attribute& attribute : component.attributes) check_attribute(component, attribute);
    for (const AttributeSpec& spec : component.spec->attributes) {
      if (!spec.required || component.find(spec.name) != nullptr) continue;
      complain({.code = Code::page_attribute_missing,
                .message = fmt::format("'<{}>' needs '{}': {}", component.name, spec.name, spec.text),
                .span = component.name_span,
                .label = fmt::format("'{}' is missing", spec.name)});
    }
    if (component.name == "Dropdown" && !component.find("data") && component.children.empty()) {
      complain({.code = Code::page_attribute_missing,
                .message = "'<Dropdown>' has no choices",
                .span = component.name_span,
                .label = "neither data= nor <DropdownOption> inside"});
    }
  }

  void check_nesting(const Component& component) {
    if (component.spec->parent.empty()) return;
    if (component.parent && page_.components[*component.parent].name == component.spec->parent) return;
    complain({.code = Code::page_nesting,
              .message = fmt::format("'<{}>' stands outside of a '<{}>'", component.name, component.spec->parent),
              .span = component.name_span,
              .label = "nothing shows it here"});
  }

  void check_attribute(const Component& component, const Attribute& attribute) {
    const AttributeSpec* spec = component.spec->find(attribute.name);
    if (spec == nullptr) {
      const std::vector<std::string> known = component.spec->attribute_names();
      complain({.code = Code::page_attribute,
                .message = fmt::format("'<{}>' has no attribute '{}'", component.name, attribute.name),
                .span = attribute.name_span,
                .label = did_you_mean(attribute.name, known),
                .notes = {fmt::format("attributes of {}: {}", component.name, join(known, ", "))}});
      return;
    }
    if (std::ranges::count(component.attributes, attribute.name, &Attribute::name) > 1 &&
        component.find(attribute.name) != &attribute) {
      complain({.code = Code::page_attribute,
                .message = fmt::format("'<{}>' says '{}' twice", component.name, attribute.name),
                .span = attribute.name_span,
                .label = "the first one counts"});
    }
    check_value(component, attribute, *spec);
  }

  void check_value(const Component& component, const Attribute& attribute, const AttributeSpec& spec) {
    using Kind = AttributeValue::Kind;
    const AttributeValue& value = attribute.value;
    const auto wrong = [&](std::string wanted, std::string label) {
      complain({.code = Code::page_attribute_value,
                .message = fmt::format("'{}' of '<{}>' wants {}", attribute.name, component.name, wanted),
                .span = attribute.value_span,
                .label = std::move(label)});
    };
    switch (spec.type) {
      case AttributeType::query:
        if (value.kind != Kind::reference && value.kind != Kind::text) return wrong("a query, as {name}", "no query");
        return check_query_exists(value.text, attribute.value_span);
      case AttributeType::number:
        if (value.kind != Kind::number && value.text != "all") wrong("a number", "no number");
        return;
      case AttributeType::boolean:
        if (value.kind != Kind::boolean && value.text != "true" && value.text != "false")
          wrong("{true} or {false}", "neither");
        return;
      case AttributeType::choice: {
        const std::vector<std::string> choices = split(spec.choices, '|');
        if (!holds(choices, value.text)) wrong("one of " + join(choices, ", "), did_you_mean(value.text, choices));
        return;
      }
      case AttributeType::columns:
      case AttributeType::column:
      case AttributeType::text:
        if (value.kind == Kind::boolean && attribute.value_span.begin == attribute.name_span.begin) {
          wrong(spec.type == AttributeType::text ? "a text" : "the name of a column", "no value");
        }
        return;
    }
  }

  void check_query_exists(const std::string& name, const Span& span) {
    if (page_.query(name) != nullptr) return;
    Diagnostic diagnostic{.code = Code::page_query_unknown,
                          .message = fmt::format("the page has no query '{}'", name),
                          .span = span,
                          .label = did_you_mean(name, names_)};
    if (names_.empty())
      diagnostic.help = fmt::format("add one: a fence that begins with ```sql {}", name);
    else
      diagnostic.notes = {"queries of this page: " + join(names_, ", ")};
    complain(std::move(diagnostic));
  }

  void check_query_names() {
    std::map<std::string, Span> first;
    for (Query& query : page_.queries) {
      const bool named = !query.name.empty() && std::ranges::all_of(query.name, [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      });
      if (!named || query.name == "inputs") {
        complain({.code = Code::page_query_name,
                  .message = fmt::format("'{}' cannot name a query", query.name),
                  .span = query.name_span,
                  .label = "letters, digits and _ only, and not 'inputs'"});
      }
      const auto [place, fresh] = first.try_emplace(query.name, query.name_span);
      if (fresh) continue;
      complain({.code = Code::page_query_name,
                .message = fmt::format("the page has two queries '{}'", query.name),
                .span = query.name_span,
                .label = "the second one",
                .related = {{place->second, "the first one"}}});
    }
  }

  void check_input_names() {
    std::map<std::string, Span, std::less<>> first;
    for (const Component& component : page_.components) {
      const Attribute* name = component.find("name");
      if (name == nullptr || component.spec == nullptr || component.spec->kind != ComponentKind::input) continue;
      const auto [place, fresh] = first.try_emplace(name->value.text, name->value_span);
      if (fresh) continue;
      complain({.code = Code::page_input,
                .message = fmt::format("the page has two inputs '{}'", name->value.text),
                .span = name->value_span,
                .label = "the second one",
                .related = {{place->second, "the first one"}}});
    }
  }

  void check_references(Query& query) {
    for (const QueryPart& part : query.parts) {
      if (part.kind == QueryPart::Kind::query && page_.query(part.name) == nullptr) {
        check_query_exists(part.name, part.span);
        query.usable = false;
      }
      if (part.kind == QueryPart::Kind::input) check_input(query, part);
      for (const QueryPart& piece : part.pieces) {
        if (piece.kind == QueryPart::Kind::input) check_input(query, piece);
      }
    }
  }

  void check_input(Query& query, const QueryPart& part) {
    const Component* input = page_.input(part.name);
    if (input == nullptr) {
      query.usable = false;
      complain({.code = Code::page_input,
                .message = fmt::format("the page has no input '{}'", part.name),
                .span = part.span,
                .label = did_you_mean(part.name, inputs_),
                .notes = inputs_.empty() ? std::vector<std::string>{}
                                         : std::vector{"inputs of this page: " + join(inputs_, ", ")},
                .help = inputs_.empty() ? fmt::format("add one: <Dropdown name={} .../>", part.name) : ""});
      return;
    }
    const bool range = input->name == "DateRange";
    const std::vector<std::string> fields =
        range ? std::vector<std::string>{"start", "end"} : std::vector<std::string>{"value", "label"};
    if (holds(fields, part.field) || (part.field.empty() && !range)) return;
    query.usable = false;
    complain(
        {.code = Code::page_input,
         .message = part.field.empty() ? fmt::format("the date range '{}' is two values", part.name)
                                       : fmt::format("the input '{}' has no '{}'", part.name, part.field),
         .span = part.span,
         .label = part.field.empty() ? "which one?" : did_you_mean(part.field, fields),
         .help = fmt::format("write ${{inputs.{0}.{1}}} or ${{inputs.{0}.{2}}}", part.name, fields[0], fields[1])});
  }

  // Depth first over the queries' references: collects what each stands on, and finds cycles.
  void follow(uint32_t id) {
    if (state_[id] == State::done) return;
    state_[id] = State::open;
    path_.push_back(id);
    Query& query = page_.queries[id];
    const auto use_input = [&](const std::string& name) {
      if (!holds(query.inputs, name)) query.inputs.push_back(name);
    };
    for (const QueryPart& part : query.parts) {
      if (part.kind == QueryPart::Kind::input) use_input(part.name);
      for (const QueryPart& piece : part.pieces) {
        if (piece.kind == QueryPart::Kind::input) use_input(piece.name);
      }
      const Query* used = part.kind == QueryPart::Kind::query ? page_.query(part.name) : nullptr;
      if (used == nullptr) continue;
      const auto used_id = static_cast<uint32_t>(used - page_.queries.data());
      if (state_[used_id] == State::open) {
        report_cycle(used_id, part.span);
        continue;
      }
      follow(used_id);
      query.usable = query.usable && used->usable;
      if (!holds(query.queries, used->name)) query.queries.push_back(used->name);
      for (const std::string& name : used->queries) {
        if (!holds(query.queries, name)) query.queries.push_back(name);
      }
      for (const std::string& name : used->inputs) use_input(name);
    }
    path_.pop_back();
    state_[id] = State::done;
  }

  void report_cycle(uint32_t first, const Span& span) {
    const auto from = std::ranges::find(path_, first);
    std::vector<std::string> names;
    for (auto at = from; at != path_.end(); ++at) {
      names.push_back(page_.queries[*at].name);
      page_.queries[*at].usable = false;
    }
    names.push_back(page_.queries[first].name);
    complain({.code = Code::page_query_cycle,
              .message = names.size() == 2 ? fmt::format("the query '{}' stands on itself", names[0])
                                           : fmt::format("the query '{}' stands on itself through others", names[0]),
              .span = span,
              .label = "closes the circle",
              .notes = {join(names, " -> ")}});
  }

  enum class State : uint8_t { fresh, open, done };
  Page& page_;
  std::vector<std::string> names_;
  std::vector<std::string> inputs_;
  std::map<uint32_t, State> state_;
  std::vector<uint32_t> path_;
};

}  // namespace

void check_page(Page& page) { PageChecker(page).check(); }

}  // namespace rynd::server
