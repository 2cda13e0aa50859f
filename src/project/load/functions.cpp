// Functions: see the header.
#include "load/functions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "load/columns.h"

namespace rynd::project {

namespace {

class Reader {
 public:
  Reader(Build& build, const PropertiesFile& file, Draft& draft)
      : build_(build), file_(file), draft_(draft), name_(draft.resource.name) {}

  void read(Fields& fields, const Node& entry) {
    FunctionDetails& function = *draft_.resource.function;
    function.arguments = arguments(entry, fmt::format("function '{}'", name_));
    if (const Node* returns = fields.mapping("returns")) {
      function.returns = *returns;
      Fields one(file_.document.source, *returns, "what function '" + name_ + "' returns", build_.problems);
      (void)one.required_text("data_type");
      one.ignore({"description"});
      one.finish();
    }
    for (const Node* overload : entries_of(entry, "overloads")) add_overload(*overload);
  }

 private:
  Node arguments(const Node& owner, const std::string& what) {
    Node result = Node::list();
    bool optional = false;
    for (const Node* argument : entries_of(owner, "arguments")) {
      Fields one(file_.document.source, *argument, "an argument of " + what, build_.problems);
      const std::string argument_name = one.required_text("name");
      (void)one.required_text("data_type");
      one.ignore({"description", "default_value"});
      one.finish();
      const Node* standard = argument->find("default_value");
      if (optional && (!standard || standard->is_null())) {
        build_.problems.error(
            Code::properties_wrong,
            fmt::format("argument '{}' of {} needs a default value, for one before it has one", argument_name, what),
            one.span());
      }
      optional = optional || (standard && !standard->is_null());
      result.items.push_back(*argument);
    }
    return result;
  }

  void add_overload(const Node& entry) {
    Fields fields(file_.document.source, entry, "an overload of function '" + name_ + "'", build_.problems);
    FunctionOverload overload;
    overload.defined_in = fields.required_text("defined_in");
    overload.description = fields.text("description").value_or("");
    if (const Node* returns = fields.mapping("returns")) overload.returns = *returns;
    fields.sequence("arguments");
    fields.finish();
    overload.arguments = arguments(entry, fmt::format("the overload of function '{}'", name_));
    if (Draft* body = find_body(overload.defined_in, entry)) {
      absorb(*body, overload);
      draft_.resource.function->overloads.push_back(std::move(overload));
    }
  }

  Draft* find_body(const std::string& wanted, const Node& entry) {
    const Node* place = entry.find("defined_in");
    const Span span = place ? file_.document.span(*place) : file_.document.span(entry);
    if (wanted.empty()) return nullptr;
    if (wanted == name_) {
      build_.problems.error(Code::properties_wrong, fmt::format("function '{}' is given as its own overload", name_),
                            span);
      return nullptr;
    }
    std::vector<std::string> names;
    for (Draft& other : build_.drafts) {
      if (!other.resource.function || other.package != draft_.package) continue;
      names.push_back(other.resource.name);
      if (other.resource.name != wanted) continue;
      if (!other.absorbed) return &other;
      build_.problems.error(Code::properties_wrong, fmt::format("'{}' is the overload of two functions", wanted), span)
          .help = "give each of them a file of its own";
      return nullptr;
    }
    auto& problem = build_.problems.error(
        Code::properties_wrong, fmt::format("there is no functions/{}.sql for the overload of '{}'", wanted, name_),
        span);
    problem.label = did_you_mean(wanted, names);
    return nullptr;
  }

  void absorb(Draft& body, FunctionOverload& overload) {
    overload.raw_body = body.resource.raw_code;
    overload.compiled = body.resource.compiled;
    body.absorbed = true;
    for (const Ref& ref : body.captured.refs) add_once(draft_.captured.refs, ref);
    for (const Ref& function : body.captured.functions) add_once(draft_.captured.functions, function);
    for (const SourceRef& source : body.captured.sources) add_once(draft_.captured.sources, source);
    for (const MacroId macro : body.captured.macros) {
      auto& known = draft_.captured.macros;
      if (std::ranges::find(known, macro) == known.end()) known.push_back(macro);
    }
  }

  Build& build_;
  const PropertiesFile& file_;
  Draft& draft_;
  const std::string& name_;
};

}  // namespace

void read_function_keys(Build& build, const PropertiesFile& file, Draft& draft, Fields& fields) {
  fields.ignore({"arguments", "overloads"});
  Reader(build, file, draft).read(fields, fields.node());
}

}  // namespace rynd::project
