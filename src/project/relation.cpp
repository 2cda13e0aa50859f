// Relation: names of tables and views, how they are written, and the template object around them.
#include "project/relation.h"

#include <array>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "base/text.h"

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

std::string quoted(const std::string& part, bool quote, char character) {
  return quote ? character + part + character : part;
}

void apply_quoting(RelationParts& parts, const Node& given) {
  auto read = [&](const char* key, bool& part) {
    const Node* value = given.find(key);
    if (value && value->kind == Node::Kind::boolean) part = value->boolean;
  };
  read("database", parts.database);
  read("schema", parts.schema);
  read("identifier", parts.identifier);
}

Value text_or_none(const std::string& text) { return text.empty() ? Value() : Value(text); }

// The types a relation may have: the class attribute, the type's name and the test attribute.
struct TypeName {
  std::string_view attribute;
  std::string_view type;
  std::string_view test;
};
constexpr std::array<TypeName, 7> type_names = {{
    {"Table", "table", "is_table"},
    {"View", "view", "is_view"},
    {"CTE", "cte", "is_cte"},
    {"External", "external", ""},
    {"MaterializedView", "materialized_view", "is_materialized_view"},
    {"PointerTable", "pointer_table", "is_pointer"},
    {"Function", "function", "is_function"},
}};

void apply_flag(const Value& value, bool& part) {
  if (!value.is_none()) part = value.truth();
}

Outcome<Value> changed_parts(RelationName name, const Arguments& arguments, std::string_view method,
                             RelationParts RelationName::*parts) {
  auto values = arguments.bind(method, {{"database", Value()}, {"schema", Value()}, {"identifier", Value()}});
  if (!values) return std::unexpected(values.error());
  apply_flag((*values)[0], (name.*parts).database);
  apply_flag((*values)[1], (name.*parts).schema);
  apply_flag((*values)[2], (name.*parts).identifier);
  return make_relation(std::move(name));
}

void set_part(std::string& part, const Value& value) { part = value.is_none() ? std::string() : value.str(); }

void set_path(RelationName& name, std::string_view key, const Value& value) {
  if (key == "database") set_part(name.database, value);
  if (key == "schema") set_part(name.schema, value);
  if (key == "identifier") set_part(name.identifier, value);
}

// incorporate(path={...}, type=..., quote_policy={...}, include_policy={...})
Outcome<Value> incorporated(RelationName name, const Arguments& arguments) {
  auto parts = [](const Value& value, RelationParts& into) {
    for (auto [key, part] :
         {std::pair("database", &into.database), {"schema", &into.schema}, {"identifier", &into.identifier}}) {
      if (const Value* given = value.is_dict() ? value.as_dict().find(std::string_view(key)) : nullptr)
        *part = given->truth();
    }
  };
  for (size_t i = 0; i < arguments.named_size(); ++i) {
    std::string_view key = arguments.name(i);
    const Value& value = arguments.named(i);
    if (key == "path" && value.is_dict()) {
      for (const auto& entry : value.as_dict().entries()) {
        if (entry.key.is_string()) set_path(name, entry.key.as_string(), entry.value);
      }
    } else if (key == "type") {
      set_part(name.type, value);
    } else if (key == "quote_policy") {
      parts(value, name.quote);
    } else if (key == "include_policy") {
      parts(value, name.include);
    } else if (key == "limit" && value.is_int()) {
      name.limit = value.as_int();
    }
  }
  return make_relation(std::move(name));
}

Outcome<Value> replaced_path(RelationName name, const Arguments& arguments) {
  for (size_t i = 0; i < arguments.named_size(); ++i) set_path(name, arguments.name(i), arguments.named(i));
  return make_relation(std::move(name));
}

RelationName information_schema(RelationName name, const std::string& view) {
  RelationName result = name;
  result.type = "view";
  result.identifier = "INFORMATION_SCHEMA";
  result.schema.clear();
  result.external.clear();
  result.include = {.database = !name.database.empty(), .schema = false, .identifier = true};
  result.quote.identifier = false;
  result.information_view = view;
  return result;
}

Outcome<Value> matches(const RelationName& name, const Arguments& arguments) {
  auto values = arguments.bind("matches", {{"database", Value()}, {"schema", Value()}, {"identifier", Value()}});
  if (!values) return std::unexpected(values.error());
  const std::array<const std::string*, 3> parts = {&name.database, &name.schema, &name.identifier};
  bool exact = true, near = true, any = false;
  for (size_t i = 0; i < parts.size(); ++i) {
    if ((*values)[i].is_none()) continue;
    any = true;
    std::string wanted = (*values)[i].str();
    exact = exact && *parts[i] == wanted;
    near = near && iequals(replace_all(*parts[i], "\"", ""), replace_all(wanted, "\"", ""));
  }
  if (!any) return jinja::raise("DbtRuntimeError", "Tried to match relation, but no search path was passed!");
  if (near && !exact) {
    return jinja::raise("ApproximateMatchError",
                        "a relation '" + name.render() + "' differs from the one looked for only by case or quotes");
  }
  return Value(exact);
}

using Method = Outcome<Value> (*)(const RelationName&, const Arguments&);

Method method_of(std::string_view name) {
  static const std::unordered_map<std::string_view, Method> methods = {
      {"quote",
       [](const RelationName& n, const Arguments& a) { return changed_parts(n, a, "quote", &RelationName::quote); }},
      {"include", [](const RelationName& n,
                     const Arguments& a) { return changed_parts(n, a, "include", &RelationName::include); }},
      {"incorporate", [](const RelationName& n, const Arguments& a) { return incorporated(n, a); }},
      {"replace_path", [](const RelationName& n, const Arguments& a) { return replaced_path(n, a); }},
      {"matches", matches},
      {"render",
       [](const RelationName& n, const Arguments&) -> Outcome<Value> {
         RelationName plain = n;
         plain.limit.reset();
         plain.filter.clear();
         return Value(plain.render());
       }},
      {"render_limited",
       [](const RelationName& n, const Arguments&) -> Outcome<Value> {
         RelationName limited = n;
         limited.filter.clear();
         return Value(limited.render());
       }},
      {"quoted",
       [](const RelationName& n, const Arguments& a) -> Outcome<Value> {
         auto values = a.bind("quoted", {{"identifier"}});
         if (!values) return std::unexpected(values.error());
         return Value(quoted((*values)[0].str(), true, n.quote_character));
       }},
      {"without_identifier",
       [](const RelationName& n, const Arguments&) -> Outcome<Value> {
         RelationName result = n;
         result.identifier.clear();
         result.include.identifier = false;
         return make_relation(std::move(result));
       }},
      {"information_schema",
       [](const RelationName& n, const Arguments& a) -> Outcome<Value> {
         auto values = a.bind("information_schema", {{"view_name", Value()}});
         if (!values) return std::unexpected(values.error());
         return make_relation(information_schema(n, (*values)[0].is_string() ? (*values)[0].str() : std::string()));
       }},
      {"information_schema_only",
       [](const RelationName& n, const Arguments&) -> Outcome<Value> {
         return make_relation(information_schema(n, {}));
       }},
  };
  auto found = methods.find(name);
  return found == methods.end() ? nullptr : found->second;
}

Value policy(const RelationParts& parts) {
  return jinja::record("Policy",
                       {{"database", parts.database}, {"schema", parts.schema}, {"identifier", parts.identifier}});
}

// get(key, default): `metadata` tells packages what they hold.
Outcome<Value> get(const Value& self, const Arguments& arguments) {
  auto values = arguments.bind("get", {{"key"}, {"default", Value()}});
  if (!values) return std::unexpected(values.error());
  if ((*values)[0].is_string() && (*values)[0].str() == "metadata") {
    Value metadata = Value::dict();
    metadata.as_dict().set(std::string_view("type"), Value("DuckDBRelation"));
    return metadata;
  }
  auto found = self.as<Relation>()->attr((*values)[0].str());
  if (!found) return std::unexpected(found.error());
  return *found ? **found : (*values)[1];
}

// create(database=, schema=, identifier=, type=, quote_policy=, limit=)
Outcome<Value> created(const RelationParts& default_quote, const Arguments& arguments) {
  RelationName name;
  name.quote = default_quote;
  static constexpr std::array<std::string_view, 4> places = {"database", "schema", "identifier", "type"};
  for (size_t i = 0; i < arguments.size() && i < places.size(); ++i) {
    places[i] == "type" ? set_part(name.type, arguments[i]) : set_path(name, places[i], arguments[i]);
  }
  for (size_t i = 0; i < arguments.named_size(); ++i) set_path(name, arguments.name(i), arguments.named(i));
  return incorporated(std::move(name), arguments);
}

Outcome<Value> scd_args(const Arguments& arguments) {
  auto values = arguments.bind("scd_args", {{"primary_key"}, {"updated_at"}});
  if (!values) return std::unexpected(values.error());
  std::vector<Value> result;
  if ((*values)[0].is_list()) {
    result = (*values)[0].as_list().items;
  } else {
    result.push_back((*values)[0]);
  }
  result.push_back((*values)[1]);
  return Value::list(std::move(result));
}

}  // namespace

std::string RelationName::render() const {
  std::string text = external;
  if (external.empty()) {
    auto add = [&](const std::string& part, bool wanted, bool quote) {
      if (!wanted || part.empty()) return;
      if (!text.empty()) text += '.';
      text += quoted(part, quote, quote_character);
    };
    add(database, include.database, this->quote.database);
    add(schema, include.schema, this->quote.schema);
    add(identifier, include.identifier, this->quote.identifier);
    add(information_view, true, false);
  }
  if (limit) {
    text =
        "(select * from " + text + (*limit == 0 ? " where false limit 0)" : " limit " + std::to_string(*limit) + ")");
  }
  if (!filter.empty()) text = "(select * from " + text + " where " + filter + ")";
  return text;
}

RelationParts quoting(const Node& project_quoting, const Node& resource_quoting) {
  RelationParts parts;
  apply_quoting(parts, project_quoting);
  apply_quoting(parts, resource_quoting);
  return parts;
}

RelationName relation_name(const Resource& resource, const Node& project_quoting) {
  RelationName name;
  name.database = resource.database;
  name.schema = resource.schema;
  if (resource.source) {
    name.identifier = resource.source->identifier;
    name.quote = quoting(Node(), resource.source->quoting);
    name.external = resource.source->location;
    return name;
  }
  name.identifier = resource.alias;
  const Node* own = resource.config.find("quoting");
  name.quote = quoting(project_quoting, own ? *own : Node());
  return name;
}

Outcome<std::optional<Value>> Relation::attr(std::string_view name) {
  if (name == "database") return text_or_none(name_.database);
  if (name == "schema") return text_or_none(name_.schema);
  if (name == "identifier" || name == "name" || name == "table") return text_or_none(name_.identifier);
  if (name == "type") return text_or_none(name_.type);
  if (name == "external") return text_or_none(name_.external);
  if (name == "quote_policy") return policy(name_.quote);
  if (name == "include_policy") return policy(name_.include);
  if (name == "path") {
    return jinja::record("Path", {{"database", text_or_none(name_.database)},
                                  {"schema", text_or_none(name_.schema)},
                                  {"identifier", text_or_none(name_.identifier)}});
  }
  if (name == "can_be_renamed" || name == "can_be_replaced") return Value(false);
  if (name == "limit") return name_.limit ? Value(*name_.limit) : Value();
  for (const auto& type : type_names) {
    if (name == type.test) return Value(name_.type == type.type);
    if (name == type.attribute) return Value(type.type);
  }
  Value self(jinja::Ref<Relation>::share(this));
  if (name == "get") {
    return jinja::function("get", [self](const Arguments& arguments) { return project::get(self, arguments); });
  }
  if (Method method = method_of(name)) {
    return jinja::function(std::string(name), [self, method](const Arguments& arguments) {
      return method(self.as<Relation>()->name(), arguments);
    });
  }
  return relation_class({}).as_object().attr(name);
}

Outcome<std::optional<Value>> Relation::item(const Value& key) {
  if (!key.is_string()) return std::optional<Value>();
  return attr(key.as_string());
}

Outcome<jinja::IteratorPtr> Relation::iterate() {
  return jinja::iterate(
      {Value("path"), Value("type"), Value("quote_character"), Value("include_policy"), Value("quote_policy")});
}

std::string Relation::repr() { return "<DuckDBRelation " + name_.render() + ">"; }

bool Relation::equals(const Value& other) {
  const auto* relation = other.as<Relation>();
  return relation && relation->name_.render() == name_.render() && relation->name_.type == name_.type &&
         relation->name_.quote == name_.quote && relation->name_.include == name_.include;
}

std::optional<uint64_t> Relation::hash() { return fast_hash(name_.render()); }

Outcome<std::optional<Value>> Relation::to_jsonable() { return Value(name_.render()); }

Value make_relation(RelationName name) { return Value(jinja::make<Relation>(std::move(name))); }

Value relation_class(RelationParts default_quote) {
  std::vector<std::pair<std::string, Value>> attributes;
  for (const auto& type : type_names) attributes.emplace_back(type.attribute, Value(type.type));
  attributes.emplace_back("create", jinja::function("create", [default_quote](const Arguments& arguments) {
                            return created(default_quote, arguments);
                          }));
  attributes.emplace_back("add_ephemeral_prefix",
                          jinja::function("add_ephemeral_prefix", [](const Arguments& arguments) -> Outcome<Value> {
                            auto values = arguments.bind("add_ephemeral_prefix", {{"name"}});
                            if (!values) return std::unexpected(values.error());
                            return Value("__dbt__cte__" + (*values)[0].str());
                          }));
  attributes.emplace_back("scd_args", jinja::function("scd_args", scd_args));
  attributes.emplace_back(
      "get_default_quote_policy",
      jinja::function("get_default_quote_policy", [](const Arguments&) -> Outcome<Value> { return policy({}); }));
  attributes.emplace_back(
      "get_default_include_policy",
      jinja::function("get_default_include_policy", [](const Arguments&) -> Outcome<Value> { return policy({}); }));
  return jinja::record("DuckDBRelation", std::move(attributes));
}

}  // namespace rynd::project
