// PageJson: plain writing out, and the question which component a problem belongs to.
#include "page/page_json.h"

#include "base/render.h"
#include "page/components.h"
#include "page/page_columns.h"

namespace rynd::server {

namespace {

std::string_view kind_name(const ComponentSpec* spec) {
  if (spec == nullptr) return "unknown";
  switch (spec->kind) {
    case ComponentKind::chart:
      return "chart";
    case ComponentKind::table:
      return "table";
    case ComponentKind::value:
      return "value";
    case ComponentKind::input:
      return "input";
    case ComponentKind::container:
      return "container";
    case ComponentKind::part:
      return "part";
  }
  return "unknown";
}

Node texts(const std::vector<std::string>& items) {
  Node list = Node::list();
  for (const std::string& item : items) list.items.push_back(Node::of(item));
  return list;
}

Node value_node(const AttributeValue& value) {
  switch (value.kind) {
    case AttributeValue::Kind::boolean:
      return Node::of(value.text == "true");
    case AttributeValue::Kind::number:
      return Node::of_real(std::strtod(value.text.c_str(), nullptr));
    case AttributeValue::Kind::list:
      return texts(value.items);
    case AttributeValue::Kind::text:
    case AttributeValue::Kind::reference:
      break;
  }
  return Node::of(value.text);
}

// A text attribute stays a text, whatever it looks like: value=2024 is a choice, not a number.
Node attribute_node(const Component& component, const Attribute& attribute) {
  const AttributeSpec* spec = component.spec == nullptr ? nullptr : component.spec->find(attribute.name);
  const bool plain = spec == nullptr || spec->type == AttributeType::number || spec->type == AttributeType::boolean ||
                     spec->type == AttributeType::columns || attribute.value.kind == AttributeValue::Kind::list;
  if (plain) return value_node(attribute.value);
  return Node::of(attribute.value.text);
}

Node component_node(const Component& component) {
  Node node = Node::map();
  node.set("name", Node::of(component.name));
  node.set("kind", Node::of(std::string(kind_name(component.spec))));
  Node attributes = Node::map();
  for (const Attribute& attribute : component.attributes) {
    if (attributes.find(attribute.name) == nullptr)
      attributes.set(attribute.name, attribute_node(component, attribute));
  }
  node.set("attributes", std::move(attributes));
  Node children = Node::list();
  for (const uint32_t child : component.children) children.items.push_back(Node::of(static_cast<int64_t>(child)));
  node.set("children", std::move(children));
  if (!component.html.empty()) node.set("html", Node::of(component.html));
  return node;
}

bool lies_in(const Span& inner, const Span& outer) { return inner.begin >= outer.begin && inner.end <= outer.end; }

Node problem_node(const Page& page, const Diagnostic& diagnostic) {
  Node node = Node::map();
  node.set("code", Node::of(code_text(diagnostic.code)));
  node.set("severity", Node::of(std::string(diagnostic.severity == Severity::error ? "error" : "warning")));
  node.set("message", Node::of(diagnostic.message));
  node.set("text", Node::of(render_text(diagnostic)));
  for (size_t id = 0; id < page.components.size(); ++id) {
    if (lies_in(diagnostic.span, page.components[id].span)) node.set("component", Node::of(static_cast<int64_t>(id)));
  }
  for (const Query& query : page.queries) {
    if (lies_in(diagnostic.span, query.span) || lies_in(diagnostic.span, query.name_span))
      node.set("query", Node::of(query.name));
  }
  return node;
}

}  // namespace

Node page_node(const Page& page) {
  Node node = Node::map();
  node.set("name", Node::of(page.name));
  node.set("title", Node::of(page.title));
  node.set("description", Node::of(page.description));
  node.set("hide_title", Node::of(page.hide_title));
  node.set("file", Node::of(page.source->name()));
  node.set("html", Node::of(page.html));
  Node components = Node::list();
  for (const Component& component : page.components) components.items.push_back(component_node(component));
  node.set("components", std::move(components));
  Node queries = Node::map();
  for (const Query& query : page.queries) {
    Node item = Node::map();
    item.set("inputs", texts(query.inputs));
    item.set("sql",
             Node::of(std::string(page.source->text().substr(query.span.begin, query.span.end - query.span.begin))));
    queries.set(query.name, std::move(item));
  }
  node.set("queries", std::move(queries));
  Node problems = Node::list();
  for (const Diagnostic& diagnostic : page.diagnostics) problems.items.push_back(problem_node(page, diagnostic));
  node.set("problems", std::move(problems));
  return node;
}

Node inputs_node(const Page& page, Inputs& inputs) {
  Node node = Node::map();
  for (const Component& component : page.components) {
    if (component.spec == nullptr || component.spec->kind != ComponentKind::input) continue;
    const InputOffer& offer = inputs.offer(component);
    Node item = Node::map();
    if (component.name == "DateRange") {
      item.set("first", Node::of(offer.first));
      item.set("last", Node::of(offer.last));
      Node presets = Node::list();
      for (const DatePreset& preset : offer.presets)
        presets.items.push_back(texts({preset.name, preset.start, preset.end}));
      item.set("presets", std::move(presets));
      item.set("start", Node::of(offer.state.start));
      item.set("end", Node::of(offer.state.end));
    } else {
      Node choices = Node::list();
      for (const Choice& choice : offer.choices) choices.items.push_back(texts({choice.value, choice.label}));
      item.set("choices", std::move(choices));
      item.set("values", texts(offer.state.values));
      item.set("labels", texts(offer.state.labels));
    }
    if (!offer.errors.empty()) item.set("error", Node::of(render_text(offer.errors)));
    node.set(std::string(component.text("name")), std::move(item));
  }
  return node;
}

Node column_problems(const Page& page, const Query& query, const engine::Table& table) {
  Node problems = Node::map();
  for (const ColumnProblem& problem : missing_columns(page, query, table)) {
    const std::string key = std::to_string(problem.component);
    const Node* before = problems.find(key);
    problems.set(key, Node::of((before ? before->text + "\n" : "") + render_text(problem.diagnostic)));
  }
  return problems;
}

}  // namespace rynd::server
