// The three printers' exact text.
#include "base/render.h"

#include <gtest/gtest.h>

namespace rynd {
namespace {

SourcePtr mart() {
  return make_source("models/marts/mart_demand.sql",
                     "select\n    ride_date,\n\n\n\n\n    sum(trips_totl) as trips_total,\nfrom x\n");
}

Diagnostic misspelt() {
  auto source = mart();
  auto begin = static_cast<uint32_t>(source->text().find("trips_totl"));
  return {.code = Code::usage,
          .message = "model 'mart_demand' selects 'trips_totl', which 'fct_trips_daily' does not have",
          .span = {source, begin, begin + 10},
          .label = "did you mean 'trips_total'?",
          .notes = {"columns of fct_trips_daily: ride_date, trips_total",
                    "found before anything ran; 3 models depend on this one"}};
}

TEST(RenderText, DrawsPlaceLineCaretsAndNotes) {
  EXPECT_EQ(render_text(misspelt()),
            "error[RYND0001]: model 'mart_demand' selects 'trips_totl', which 'fct_trips_daily' does not have\n"
            "  --> models/marts/mart_demand.sql:7:9\n"
            "   |\n"
            " 7 |     sum(trips_totl) as trips_total,\n"
            "   |         ^^^^^^^^^^ did you mean 'trips_total'?\n"
            "   = columns of fct_trips_daily: ride_date, trips_total\n"
            "   = found before anything ran; 3 models depend on this one\n");
}

TEST(RenderText, WithoutAPlaceOnlyWords) {
  Diagnostic d{.severity = Severity::warning,
               .code = Code::file_not_found,
               .message = "'a' is not there",
               .notes = {"two\nlines"},
               .help = "make it"};
  EXPECT_EQ(render_text(d),
            "warning[RYND0101]: 'a' is not there\n"
            "   = two\n"
            "     lines\n"
            "   = help: make it\n");
}

TEST(RenderText, RelatedPlacesAndWideNumbersShareOneGutter) {
  std::string text;
  for (int i = 1; i <= 12; ++i) text += "key" + std::to_string(i) + ": 1\n";
  auto source = make_source("a.yml", text);
  uint32_t last = source->offset(12, 1), first = source->offset(3, 1);
  Diagnostic d{.code = Code::yaml_duplicate_key,
               .message = "twice",
               .span = {source, last, last + 5},
               .related = {{{source, first, first + 4}, "first here"}}};
  EXPECT_EQ(render_text(d),
            "error[RYND0111]: twice\n"
            "   --> a.yml:12:1\n"
            "    |\n"
            " 12 | key12: 1\n"
            "    | ^^^^^\n"
            "   ::: a.yml:3:1\n"
            "    |\n"
            "  3 | key3: 1\n"
            "    | ---- first here\n");
}

TEST(RenderText, TabsWideCharactersAndControlsKeepTheCaretsInPlace) {
  auto source = make_source("a.sql", "\t'日本' \x1b x");
  auto x = static_cast<uint32_t>(source->text().find('x'));
  std::string text = render_text(Diagnostic{.message = "m", .span = {source, x, x + 1}});
  EXPECT_EQ(text,
            "error[RYND0002]: m\n"
            "  --> a.sql:1:9\n"
            "   |\n"
            " 1 |     '日本' ? x\n"
            "   |              ^\n");
}

TEST(RenderText, WhatIsNoUtf8IsDrawnAsQuestionMarks) {
  auto source = make_source("a", "x\xEC\xAC y");
  EXPECT_EQ(render_text(Diagnostic{.message = "m", .span = {source, 1, 2}}),
            "error[RYND0002]: m\n"
            "  --> a:1:2\n"
            "   |\n"
            " 1 | x? y\n"
            "   |  ^\n");
}

TEST(RenderText, AnEmptySpanAtTheEndGetsOneCaret) {
  auto source = make_source("a.sql", "select 1");
  EXPECT_EQ(render_text(Diagnostic{.message = "m", .span = {source, 8, 8}}),
            "error[RYND0002]: m\n"
            "  --> a.sql:1:9\n"
            "   |\n"
            " 1 | select 1\n"
            "   |         ^\n");
}

TEST(RenderText, ASpanOverSeveralLinesIsDrawnToTheEndOfItsFirst) {
  auto source = make_source("a.sql", "select 1,\n  2");
  EXPECT_EQ(render_text(Diagnostic{.message = "m", .span = {source, 7, 13}}),
            "error[RYND0002]: m\n"
            "  --> a.sql:1:8\n"
            "   |\n"
            " 1 | select 1,\n"
            "   |        ^^\n");
}

TEST(RenderText, LongLinesAreCutAroundTheSpan) {
  auto source = make_source("a.sql", std::string(300, 'a') + "XYZ" + std::string(300, 'b'));
  std::string text = render_text(Diagnostic{.message = "m", .span = {source, 300, 303}}, {.width = 40});
  EXPECT_EQ(text,
            "error[RYND0002]: m\n"
            "  --> a.sql:1:301\n"
            "   |\n"
            " 1 | ...aaaaaaaaaaaXYZbbbbbbbbbbbbbbb...\n"
            "   |               ^^^\n");
}

TEST(RenderText, ColorIsAddedOnlyWhenAskedFor) {
  EXPECT_EQ(render_text(misspelt()).find('\x1b'), std::string::npos);
  std::string colored = render_text(misspelt(), {.color = true});
  EXPECT_TRUE(colored.starts_with("\x1b[1;31merror[RYND0001]\x1b[0m\x1b[1m: model"));
}

TEST(RenderText, SeveralAreSeparatedByABlankLine) {
  Diagnostics two{{.message = "a"}, {.message = "b"}};
  EXPECT_EQ(render_text(two), "error[RYND0002]: a\n\nerror[RYND0002]: b\n");
}

TEST(RenderJson, HasTheKeysOfTheContract) {
  EXPECT_EQ(render_json(misspelt()),
            R"({"code": "RYND0001", "severity": "error", "message": "model 'mart_demand' selects 'trips_totl', which )"
            R"('fct_trips_daily' does not have", "file": "models/marts/mart_demand.sql", "line": 7, "column": 9, )"
            R"("end_line": 7, "end_column": 19, "notes": ["did you mean 'trips_total'?", )"
            R"("columns of fct_trips_daily: ride_date, trips_total", )"
            R"("found before anything ran; 3 models depend on this one"], "help": null})");
}

TEST(RenderJson, UnknownPlacesAreNull) {
  EXPECT_EQ(render_json(Diagnostics{{.message = "say \"hi\"", .help = "h"}}),
            R"([{"code": "RYND0002", "severity": "error", "message": "say \"hi\"", "file": null, "line": null, )"
            R"("column": null, "end_line": null, "end_column": null, "notes": [], "help": "h"}])");
}

TEST(RenderLog, IsOneLine) {
  auto d = misspelt();
  d.notes = {"a\nb"};
  d.help = "fix it";
  EXPECT_EQ(render_log(d),
            "error RYND0001 models/marts/mart_demand.sql:7:9 model 'mart_demand' selects 'trips_totl', which "
            "'fct_trips_daily' does not have; did you mean 'trips_total'?; a b; help: fix it");
}

TEST(Codes, NumbersAndTitlesComeFromTheRegistry) {
  EXPECT_EQ(code_text(Code::yaml_duplicate_key), "RYND0111");
  EXPECT_EQ(code_title(Code::yaml_duplicate_key), "a YAML mapping has a key twice");
}

TEST(SortByPlace, ByFileThenOffset) {
  auto a = make_source("a", "xxxx"), b = make_source("b", "xxxx");
  Diagnostics list{{.message = "3", .span = {b, 0, 1}},
                   {.message = "2", .span = {a, 2, 3}},
                   {.message = "1", .span = {a, 1, 2}},
                   {.message = "0"}};
  sort_by_place(list);
  std::string order;
  for (const auto& d : list) order += d.message;
  EXPECT_EQ(order, "0123");
}

}  // namespace
}  // namespace rynd
