// Rendering through the public face: macros of other templates, return(), undefined modes, source maps, failures.
#include <gtest/gtest.h>

#include <map>

#include "jinja/jinja.h"

namespace rynd::jinja {
namespace {

Template compile(std::string text, Options options = {}) {
  Checked<Template> compiled = Environment(options).compile(make_source("a.sql", std::move(text)));
  EXPECT_TRUE(compiled.has_value()) << (compiled ? "" : compiled.error().front().message);
  return compiled ? *compiled : Template();
}

Template macros(std::string text) {
  Checked<Template> compiled = Environment().compile_macros(make_source("macros/m.sql", std::move(text)));
  EXPECT_TRUE(compiled.has_value()) << (compiled ? "" : compiled.error().front().message);
  return compiled ? *compiled : Template();
}

// As a project has it: every macro is a global, bound when it is asked for.
class Project final : public Context, public std::enable_shared_from_this<Project> {
 public:
  std::optional<Value> lookup(std::string_view name) override {
    asked.emplace_back(name);
    if (const auto found = values.find(std::string(name)); found != values.end()) return found->second;
    for (size_t at = 0; at < file.macros().size(); ++at) {
      if (file.macros()[at].name == name) return make_macro(file, at, shared_from_this());
    }
    if (name == "return") return return_function();
    return std::nullopt;
  }
  Template file = macros("");
  std::map<std::string, Value> values;
  std::vector<std::string> asked;
};

std::string text(const Template& text, const ContextPtr& context, const RenderOptions& options = {}) {
  const Result<std::string> out = render(text, context, options);
  return out ? *out : "! " + out.error().message;
}

std::string value(const std::string& expression, const ContextPtr& context) {
  const Checked<Template> compiled = Environment().compile_expression(make_source("<e>", expression));
  if (!compiled) return "! " + compiled.error().front().message;
  const Result<Value> result = evaluate(*compiled, context);
  return result ? result->repr() : "! " + result.error().message;
}

std::shared_ptr<Project> project(std::string macro_file) {
  auto made = std::make_shared<Project>();
  made->file = macros(std::move(macro_file));
  return made;
}

TEST(Render, MacrosSeeTheCallersContextNotTheirFile) {
  const auto context = project(
      "{% set ignored = 1 %}{% macro outer() %}{{ inner() }}/{{ ignored }}/{{ who }}{% endmacro %} text "
      "{% macro inner() %}in{% endmacro %}");
  context->values["who"] = "model";
  EXPECT_EQ(text(compile("{{ outer() }}"), context), "in//model");
}

TEST(Render, AMacroOfTheTextDoesNotHideTheContexts) {
  const auto context = project("{% macro m() %}project{% endmacro %}");
  EXPECT_EQ(text(compile("{% macro m() %}own{% endmacro %}{{ m() }}"), context), "project");
  EXPECT_EQ(text(compile("{% macro m() %}own{% endmacro %}{{ m() }}", {.bind_macro_names = true}), context), "own");
}

TEST(Render, ANameIsAskedForOnceAndOnlyWhereItIsReached) {
  const auto context = project("");
  context->values["a"] = 1;
  EXPECT_EQ(text(compile("{{ a }}{% for x in [1, 2] %}{{ a }}{% endfor %}{% if false %}{{ b }}{% endif %}"), context),
            "111");
  EXPECT_EQ(context->asked, std::vector<std::string>{"a"});
}

TEST(Render, ReturnGivesAValueFromWithinLoopsAndBlocks) {
  const auto context = project(
      "{% macro find(xs) %}text{% for x in xs %}{% if x > 1 %}{% set t %}{% do return([x, none]) %}{% endset %}{% "
      "endif %}"
      "{% endfor %}{% endmacro %}"
      "{% macro nothing() %}{{ return(none) }}{% endmacro %}"
      "{% macro through() %}{{ return(nothing()) }}{% endmacro %}"
      "{% macro with_caller() %}[{{ caller() }}]{% endmacro %}"
      "{% macro from_caller() %}a{% call with_caller() %}{{ return(7) }}{% endcall %}b{% endmacro %}"
      "{% macro mapped(xs) %}{{ return(xs | map('upper') | list) }}{% endmacro %}");
  EXPECT_EQ(value("find([1, 2, 3])", context), "[2, None]");
  EXPECT_EQ(value("find([])", context), "'text'");
  EXPECT_EQ(value("through() is none", context), "True");
  // The call block's return() ends the macro that runs it, which has then given 7.
  EXPECT_EQ(value("from_caller()", context), "'a7b'");
  EXPECT_EQ(value("mapped(['a'])", context), "['A']");
  EXPECT_EQ(text(compile("{{ return(1) }}"), context), "! return() was called outside of a macro");
}

TEST(Render, CallBlocksReachTheVariablesAround) {
  const auto context = project("{% macro twice() %}{{ caller(1) }}{{ caller(2) }}{% endmacro %}");
  EXPECT_EQ(text(compile("{% set x = 'x' %}{% call(n) twice() %}{{ x }}{{ n }},{% endcall %}"), context), "x1,x2,");
}

TEST(Render, KeywordArgumentsCanBeChanged) {
  const auto context = project("{% macro m() %}{% do kwargs.pop('a') %}{{ kwargs }}{{ varargs }}{% endmacro %}");
  EXPECT_EQ(text(compile("{{ m(1, 'b', a=1, c=2) }}"), context), "{'c': 2}(1, 'b')");
}

TEST(Render, UndefinedIsStrictOrPermissive) {
  const auto context = project("{% macro strict() %}{{ nope.x }}{% endmacro %}");
  const Template chained = compile("[{{ foo.bar().baz['x'] }}]");
  EXPECT_EQ(text(chained, context), "! 'foo' is undefined");
  EXPECT_EQ(text(chained, context, {.undefined = UndefinedMode::permissive}), "[]");
  EXPECT_EQ(text(compile("{{ strict() }}"), context, {.undefined = UndefinedMode::permissive}),
            "! 'nope' is undefined");
}

TEST(Render, FailuresShowTheInnermostPlaceAndTheWayThere) {
  const auto context =
      project("{% macro low(x) %}\n  {{ x / 0 }}\n{% endmacro %}{% macro high(x) %}{{ low(x) }}{% endmacro %}");
  const Result<std::string> out = render(compile("select\n  {{ high(1) }}"), context);
  ASSERT_FALSE(out.has_value());
  const Diagnostic& error = out.error();
  EXPECT_EQ(error.code, Code::template_failed);
  EXPECT_EQ(error.message, "division by zero");
  EXPECT_EQ(error.span.source->name(), "macros/m.sql");
  EXPECT_EQ(error.span.source->position(error.span.begin).line, 2);
  EXPECT_EQ(error.label, "in macro 'low'");
  ASSERT_EQ(error.related.size(), 2u);
  EXPECT_EQ(error.related[0].text, "called from here, in macro 'high'");
  EXPECT_EQ(error.related[1].span.source->name(), "a.sql");
  EXPECT_EQ(error.related[1].span.source->position(error.related[1].span.begin).line, 2);
}

TEST(Render, AHostFailsWithItsOwnDiagnostic) {
  const auto context = project("");
  context->values["ref"] = function("ref", {{"name"}}, [](std::span<const Value> given) -> Outcome<Value> {
    Diagnostic diagnostic;
    diagnostic.code = Code::usage;
    diagnostic.message = "there is no model '" + given[0].str() + "'";
    return raise(diagnostic);
  });
  const Result<std::string> out = render(compile("from {{ ref('x') }}"), context);
  ASSERT_FALSE(out.has_value());
  EXPECT_EQ(out.error().code, Code::usage);
  EXPECT_EQ(out.error().message, "there is no model 'x'");
  EXPECT_EQ(out.error().span.begin, 8u);
  EXPECT_EQ(out.error().span.end, 16u);
  EXPECT_EQ(text(compile("{{ ref() }}"), context), "! ref() missing 1 required positional argument: 'name'");
}

TEST(Render, RecursionAndStopsEnd) {
  const auto context = project("{% macro again() %}{{ again() }}{% endmacro %}");
  const Result<std::string> deep = render(compile("{{ again() }}"), context);
  ASSERT_FALSE(deep.has_value());
  EXPECT_EQ(deep.error().code, Code::template_too_deep);
  std::stop_source stop;
  stop.request_stop();
  const Result<std::string> stopped =
      render(compile("{% for x in range(10) %}{% endfor %}"), context, {.stop = stop.get_token()});
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, Code::template_stopped);
}

TEST(Render, TheSourceMapReachesIntoMacros) {
  const auto context = project("{% macro columns() %}first_column_of_many,\nsecond_colum_of_many{% endmacro %}");
  context->values["t"] = "table_one";
  SourceMap map;
  const Result<std::string> out =
      render(compile("select {{ columns() }}\nfrom {{ t }} where x"), context, {.map = &map});
  ASSERT_TRUE(out.has_value());
  const Span column = map.at(static_cast<uint32_t>(out->find("second_colum")));
  ASSERT_TRUE(column);
  EXPECT_EQ(column.source->name(), "macros/m.sql");
  EXPECT_EQ(column.source->text().substr(column.begin, 6), "second");
  const Span table = map.at(static_cast<uint32_t>(out->find("table_one")));
  EXPECT_EQ(table.source->text().substr(table.begin, table.end - table.begin), "t");
  const Span where = map.at(static_cast<uint32_t>(out->find("where")));
  EXPECT_EQ(where.source->name(), "a.sql");
  EXPECT_EQ(where.source->text().substr(where.begin, 5), "where");
}

TEST(Render, NativeValuesOfYaml) {
  const auto context = project("");
  context->values["n"] = 3;
  context->values["s"] = "3";
  const auto native = [&](const std::string& yaml) {
    const Result<Value> result = render_native(compile(yaml), context);
    return result ? result->repr() : "! " + result.error().message;
  };
  EXPECT_EQ(native("{{ n }}"), "3");
  EXPECT_EQ(native("{{ s }}"), "'3'");
  EXPECT_EQ(native("{{ s | as_number }}"), "3");
  EXPECT_EQ(native("{{ 'true' | as_bool }}"), "! Could not convert value 'true' into type 'bool'");
  EXPECT_EQ(native("{{ 'True' | as_bool }}"), "True");
  EXPECT_EQ(native("{{ '[1, -2.5, {\"a\": None}]' | as_native }}"), "[1, -2.5, {'a': None}]");
  EXPECT_EQ(native("{{ n }}x"), "'3x'");
  EXPECT_EQ(native(""), "''");
  EXPECT_EQ(text(compile("{{ 'true' | as_bool }}"), context), "true");
}

TEST(Render, ContextsThatAreGoneAreNotUsed) {
  auto context = project("{% macro m() %}x{% endmacro %}");
  const Value macro = make_macro(context->file, 0, context);
  EXPECT_EQ(call_macro(macro)->str(), "x");
  context.reset();
  const Result<Value> result = call_macro(macro);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, "the context of macro 'm' is gone");
}

TEST(Render, ALocalMacroThatCallsItselfIsFreed) {
  const auto context = project("");
  EXPECT_EQ(text(compile("{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
                         {.bind_macro_names = true}),
                 context),
            "3210");
}

}  // namespace
}  // namespace rynd::jinja
