// What a template tells without running: macros, uses, blocks, all its mistakes.
#include <gtest/gtest.h>

#include "jinja/jinja.h"

namespace rynd::jinja {
namespace {

TEST(Template, DescribesItsMacros) {
  const std::string text =
      "{% macro star(from, except=[], prefix: str = 'x') -%}{{ dbt_utils.inner(from) }}{% endmacro %}\n"
      "{% test unique_rows(model, columns) %}select {{ var('limit') }}{% endtest %}\n"
      "{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}{{ adapter.dispatch('x', "
      "'dbt')() }}"
      "{% endmaterialization %}";
  const Checked<Template> compiled = Environment().compile_macros(make_source("m.sql", text));
  ASSERT_TRUE(compiled.has_value());
  const auto macros = compiled->macros();
  ASSERT_EQ(macros.size(), 3u);
  EXPECT_EQ(macros[0].name, "star");
  ASSERT_EQ(macros[0].arguments.size(), 3u);
  EXPECT_EQ(macros[0].arguments[1].default_text, "[]");
  EXPECT_EQ(macros[0].arguments[2].type, "str");
  EXPECT_EQ(macros[0].uses.names, std::vector<std::string>{"dbt_utils.inner"});
  EXPECT_EQ(macros[1].name, "test_unique_rows");
  EXPECT_EQ(macros[1].kind, MacroKind::test);
  ASSERT_EQ(macros[1].uses.calls.size(), 1u);
  EXPECT_EQ(macros[1].uses.calls[0].name, "var");
  EXPECT_EQ(macros[1].uses.calls[0].positional[0]->str(), "limit");
  EXPECT_EQ(macros[2].name, "materialization_table_duckdb");
  EXPECT_EQ(macros[2].supported_languages, (std::vector<std::string>{"sql", "python"}));
  EXPECT_EQ(macros[2].uses.calls[0].name, "adapter.dispatch");
  const Span& span = macros[1].definition;
  EXPECT_EQ(span.source->text().substr(span.begin, 7), "{% test");
  EXPECT_EQ(span.source->text().substr(span.end - 9, 9), "ndtest %}");
}

TEST(Template, CompilesLaterWhatItCompilesNow) {
  const SourcePtr source = make_source("m.sql", "-- {{ a }} {% macro m(x) %}{{ x }}!{% endmacro %} {{ b }}");
  const Template later = Environment().compile_macros_later(source);
  EXPECT_TRUE(later);
  EXPECT_EQ(later.source(), source);
  const Template copy = later;
  ASSERT_EQ(copy.macros().size(), 1u);
  const ContextPtr context = make_context({{"b", Value("B")}});
  EXPECT_EQ(call_macro(make_macro(later, 0, context), {Value("1")})->str(), "1!");
  EXPECT_EQ(&later.code(), &copy.code());
  const Template part = Environment().compile_later(source, {50, 57});
  EXPECT_EQ(part.part().begin, 50u);
  EXPECT_EQ(*render(part, context), "B");
}

TEST(Template, NamesWhatIsFree) {
  const Checked<Template> compiled =
      Environment().compile(make_source("m.sql",
                                        "{% set mine = 1 %}{{ mine }}{{ ref('a', v=2) }}{% for x in source('s', t) "
                                        "%}{{ x.y }}{{ loop.index }}{% endfor %}"));
  ASSERT_TRUE(compiled.has_value());
  EXPECT_EQ(compiled->uses().names, (std::vector<std::string>{"ref", "source", "t"}));
  ASSERT_EQ(compiled->uses().calls.size(), 2u);
  const UsedCall& ref = compiled->uses().calls[0];
  EXPECT_EQ(ref.named[0].first, "v");
  EXPECT_EQ(ref.named[0].second->as_int(), 2);
  EXPECT_EQ(ref.span.source->text().substr(ref.span.begin, ref.span.end - ref.span.begin), "ref('a', v=2)");
  EXPECT_FALSE(compiled->uses().calls[1].positional[1].has_value());
}

TEST(Template, ReportsAllMistakes) {
  const Checked<Template> compiled = Environment().compile(make_source(
      "m.sql",
      "{{ a b }}\n{% if %}\n{{ 1 + }}\n{% endif %}\n{% nonsense %}\n{{ 'open }}\n{% for x of y %}{{ ) }}{% endfor %}"));
  ASSERT_FALSE(compiled.has_value());
  std::vector<std::string> messages;
  for (const Diagnostic& error : compiled.error()) {
    messages.push_back(std::to_string(error.span.source->position(error.span.begin).line) + " " + error.message);
  }
  EXPECT_EQ(messages, (std::vector<std::string>{
                          "1 expected token 'end of print statement', got 'b'",
                          "2 Expected an expression, got 'end of statement block'",
                          "3 unexpected 'end of print statement'", "5 Encountered unknown tag 'nonsense'.",
                          "6 unexpected char \"'\" at 59", "7 expected token 'in', got 'of'", "7 unexpected ')'"}));
}

TEST(Template, PointsAtTheTagThatIsNotClosed) {
  const Checked<Template> compiled = Environment().compile(make_source("m.sql", "a\n{% if x %}\nb\n"));
  ASSERT_FALSE(compiled.has_value());
  ASSERT_EQ(compiled.error()[0].related.size(), 1u);
  EXPECT_EQ(compiled.error()[0].related[0].text, "this 'if' is not closed");
  EXPECT_EQ(compiled.error()[0].related[0].span.begin, 5u);
}

TEST(Template, DeepNestingIsRefused) {
  const std::string deep = "{{ " + std::string(5000, '(') + "1" + std::string(5000, ')') + " }}";
  const Checked<Template> compiled = Environment().compile(make_source("m.sql", deep));
  ASSERT_FALSE(compiled.has_value());
  EXPECT_EQ(compiled.error()[0].message, "too many nested blocks or parentheses");
}

TEST(Template, PlainTextIsKnown) {
  EXPECT_TRUE(Environment().compile(make_source("m.sql", "select 1\n"))->is_plain());
  EXPECT_FALSE(Environment().compile(make_source("m.sql", "select {{ 1 }}"))->is_plain());
}

TEST(Blocks, AreFoundByTheirTags) {
  const SourcePtr source =
      make_source("m.sql",
                  "{# {% macro hidden() %} #}{% docs a-b %}{% if broken {{ }}{% enddocs %}\n"
                  "{%- macro m(a, b='%}') -%}{% if a %}{{ \"{% endmacro %}\" }}{% endif %}{%- endmacro -%}\n"
                  "{% raw %}{% macro x() %}{% endraw %}{% snapshot s.t %}select{% endsnapshot %}{% data_test d(model) "
                  "%}{% enddata_test %}");
  const Checked<std::vector<Block>> blocks = scan_blocks(source);
  ASSERT_TRUE(blocks.has_value()) << blocks.error()[0].message;
  ASSERT_EQ(blocks->size(), 4u);
  const auto text = [&](const Span& span) {
    return std::string(source->text().substr(span.begin, span.end - span.begin));
  };
  EXPECT_EQ((*blocks)[0].name, "a-b");
  EXPECT_EQ(text((*blocks)[0].body), "{% if broken {{ }}");
  EXPECT_EQ((*blocks)[1].name, "m");
  EXPECT_EQ(text((*blocks)[1].arguments), "(a, b='%}') ");
  EXPECT_EQ(text((*blocks)[1].body), "{% if a %}{{ \"{% endmacro %}\" }}{% endif %}");
  EXPECT_EQ((*blocks)[2].name, "s.t");
  EXPECT_EQ((*blocks)[3].kind, BlockKind::test);
}

TEST(Blocks, MustBeClosedAndNotNested) {
  const Checked<std::vector<Block>> open = scan_blocks(make_source("m.sql", "x{% macro m() %}"));
  ASSERT_FALSE(open.has_value());
  EXPECT_EQ(open.error()[0].message, "'macro' is not closed: 'endmacro' is missing");
  const Checked<std::vector<Block>> nested =
      scan_blocks(make_source("m.sql", "{% macro m() %}{% test t(model) %}{% endtest %}{% endmacro %}"));
  ASSERT_FALSE(nested.has_value());
  EXPECT_EQ(nested.error()[0].message, "'test' begins inside of 'macro'");
}

TEST(Values, GoToYamlAndJsonAndBack) {
  const Value dict = Value::dict();
  dict.as_dict().set("b", Value::list({1, 2.5, nullptr, true}));
  dict.as_dict().set("a", "é\n");
  EXPECT_EQ(*to_json(dict), "{\"b\": [1, 2.5, null, true], \"a\": \"\\u00e9\\n\"}");
  EXPECT_EQ(*to_json(dict, true), "{\"a\": \"\\u00e9\\n\", \"b\": [1, 2.5, null, true]}");
  EXPECT_TRUE(from_node(*to_node(dict)) == dict);
  EXPECT_EQ(to_json(Value::set()).error().message, "Object of type set is not JSON serializable");
}

TEST(Values, TablesKeepTheirOrderThroughErasing) {
  Dict dict;
  for (int at = 0; at < 1000; ++at) dict.set("key" + std::to_string(at), Value(at));
  for (int at = 0; at < 1000; at += 2) {
    const Value key("key" + std::to_string(at));
    EXPECT_TRUE(dict.erase(key, *hash(key)));
  }
  for (int at = 0; at < 10; ++at) dict.set("new" + std::to_string(at), Value(at));
  EXPECT_EQ(dict.size(), 510u);
  EXPECT_EQ(dict.find("key2"), nullptr);
  ASSERT_NE(dict.find("key999"), nullptr);
  EXPECT_EQ(dict.find("key999")->as_int(), 999);
  std::vector<std::string> keys;
  for (const Table::Entry& entry : dict.entries()) {
    if (!entry.key.is_missing()) keys.push_back(entry.key.str());
  }
  EXPECT_EQ(keys.front(), "key1");
  EXPECT_EQ(keys.back(), "new9");
}

}  // namespace
}  // namespace rynd::jinja
