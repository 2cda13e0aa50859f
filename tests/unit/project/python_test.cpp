// Models in Python, read: layout, calls, literals, and dbt's rules.
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/render.h"
#include "load/python_model.h"
#include "load/python_tokens.h"
#include "sim_project.h"

namespace rynd::project {
namespace {

// "ref('a') source('s', 't')": the calls with their arguments as JSON, or the problems.
std::string calls_of(const std::string& text) {
  const auto source = make_source("models/m.py", text);
  auto calls = read_python_model(source, 0, static_cast<uint32_t>(text.size()));
  if (!calls) return render_text(calls.error());
  std::string result;
  for (const auto& call : *calls) {
    static constexpr const char* names[] = {"ref", "source", "config", "get", "meta_get"};
    result += (result.empty() ? "" : " ") + std::string(names[static_cast<int>(call.function)]) + "(";
    const char* comma = "";
    for (const auto& value : call.positional) result += std::exchange(comma, ", ") + json::write(value);
    for (const auto& [name, value] : call.named) result += std::exchange(comma, ", ") + name + "=" + json::write(value);
    result += ")";
  }
  return result;
}

std::string in_model(const std::string& body) {
  return calls_of("def model(dbt, session):\n    " + body + "\n    return 1\n");
}

TEST(PythonModel, CallsWhereverTheyStand) {
  EXPECT_EQ(calls_of(R"(# dbt.ref("comment")
import pandas as pd  # {
def helper(dbt):
    return dbt.ref("helped")

class Other:
    def other(self): return None

def model(dbt, session):
    """dbt.ref("doc") {"""
    dbt.config(materialized="table", packages=["pandas==2.0", 'numpy'],
               meta={'a': 1, "b": [True, None, -2.5]})
    a = dbt.ref("pkg", "orders", v=2).join(dbt.ref('customers'), "id")
    frames = [x for x in (dbt.source("raw", "events"),)]
    q = session.sql(f"select {dbt.ref('in_f'):>{dbt.config.get('w', 3)}} {{dbt.ref('no')}} {a!r}")
    if a: \
        b = other.dbt.ref("not ours")
    c = dbt.config.meta_get('owner')
    d = dbt.reference("x"), dbt . ref ( "spaced" "_out" ,)
    return a
)"),
            R"x(ref("helped") config(materialized="table", packages=["pandas==2.0", "numpy"], )x"
            R"x(meta={"a": 1, "b": [true, null, -2.5]}) ref("pkg", "orders", v=2) ref("customers") )x"
            R"x(source("raw", "events") ref("in_f") get("w", 3) meta_get("owner") ref("spaced_out"))x");
}

TEST(PythonModel, Literals) {
  EXPECT_EQ(
      in_model(R"(dbt.config(a='it\'s \x41\u00e9\n', b=r'\d', c="""x
y""", d=('t', 1_000, 0xff, 1e3), e={'k': {1, 2}}, f=(1), g=(), h=+3, i="%d" ))"),
      R"x(config(a="it's Aé\n", b="\\d", c="x\ny", d=["t", 1000, 255, 1000.0], e={"k": [1, 2]}, f=1, g=[], h=3, i="%d"))x");
}

TEST(PythonModel, WhatIsNoLiteral) {
  const auto complaint = [](const std::string& body) {
    const std::string said = in_model(body);
    return said.find("error[RYND1040]: the arguments of dbt.ref()") != std::string::npos ? "not a literal" : said;
  };
  for (const char* body :
       {"dbt.ref(name)", "dbt.ref('a' + 'b')", "dbt.ref(f'a')", "dbt.ref(*names)", "dbt.config(**all)",
        "dbt.config(a=b'bytes')", "dbt.config(a=2j)", "dbt.config(a=[x for x in y])", "dbt.config(a={'k': v})",
        "dbt.ref('a' if x else 'b')", "dbt.config(a=dict(b=1))", "dbt.ref('a' f'b')"}) {
    EXPECT_EQ(complaint(body), "not a literal") << body;
  }
}

TEST(PythonModel, DbtsRules) {
  const auto first_line = [](const std::string& text) {
    const std::string said = calls_of(text);
    return said.substr(0, said.find('\n'));
  };
  EXPECT_EQ(calls_of("\n# nothing\n"), "");
  EXPECT_EQ(first_line("x = 1\n"),
            "error[RYND1040]: dbt wants exactly one function 'model' in a file, and this one has none");
  EXPECT_EQ(first_line("def model(dbt, s):\n  return 1\ndef model(dbt, s):\n  return 1\n"),
            "error[RYND1040]: dbt wants exactly one function 'model' in a file, and this one has 2");
  EXPECT_EQ(first_line("def model(dbt):\n  return 1\n"),
            "error[RYND1040]: the function 'model' takes two arguments, 'dbt' and the session, not 1");
  EXPECT_EQ(first_line("def model(session, dbt):\n  return 1\n"),
            "error[RYND1040]: the first argument of the function 'model' is called 'dbt'");
  const std::string one = "error[RYND1040]: the function 'model' must end by returning one table";
  EXPECT_EQ(first_line("def model(dbt, s):\n  x = 1\n"), one);
  EXPECT_EQ(first_line("def model(dbt, s):\n  if s:\n    return 1\n  else:\n    return 2\n"), one);
  EXPECT_EQ(first_line("def model(dbt, s):\n  with s: x = 1; return 2\n"), one);
  EXPECT_EQ(first_line("def model(dbt, s):\n  return 1\n  x = 2\n"), one);
  const std::string several = "error[RYND1040]: the function 'model' returns several values, where dbt wants one table";
  EXPECT_EQ(first_line("def model(dbt, s):\n  return 1, 2\n"), several);
  EXPECT_EQ(first_line("def model(dbt, s):\n  return (1, 2)\n"), several);
  for (const char* good : {"def model(dbt, s): return 1\n", "def model(dbt, s):\n  return (1, 2)[0]\n",
                           "def model(dbt: 'Dbt', session: dict[str, int] = {}, *, more=1) -> 'x':\n  return f(1, 2)\n",
                           "def model(dbt, s):\n  def inner():\n    return 1, 2\n  x = 1; return x\n",
                           "if True:\n  def model(dbt, s):\n    if s:\n      return 1\n    return 2\n# end\n",
                           "def model(dbt, s):\n\treturn [\n1,\n2]\n", "@wrap\ndef model(dbt, s):\r\n  return 1\r\n"}) {
    EXPECT_EQ(calls_of(good), "") << good;
  }
}

TEST(PythonModel, LayoutThatCannotBe) {
  const auto said = [](const std::string& text) {
    const std::string all = calls_of(text);
    return all.substr(0, all.find('\n'));
  };
  EXPECT_EQ(said("x = (1,\n"), "error[RYND1039]: this is not valid Python: this bracket is not closed");
  EXPECT_EQ(said("x = 1)\n"), "error[RYND1039]: this is not valid Python: this ')' closes nothing");
  EXPECT_EQ(said("x = 'abc\n"), "error[RYND1039]: this is not valid Python: this string has no end");
  EXPECT_EQ(said("def model(dbt, s):\n    x = 1\n  return x\n"),
            "error[RYND1039]: this is not valid Python: this line is indented like none above it");
}

TEST(PythonModel, ConfigurationAndDependencies) {
  SimWorld world({{"dbt_project.yml", plain_project},
                  {"models/a.sql", "select 1 as id"},
                  {"models/sources.yml", "sources:\n  - name: raw\n    tables: [{name: t}]\n"},
                  {"models/m.py",
                   "def model(dbt, session):\n"
                   "    dbt.config(materialized='incremental', tags=['x'], meta={'owner': 'me'})\n"
                   "    size = dbt.config.get('size', 10)\n"
                   "    who = dbt.config.meta_get('owner')\n"
                   "    return dbt.ref('a').join(dbt.source('raw', 't'))\n"}});
  auto loaded = world.load();
  ASSERT_TRUE(loaded) << world.problems();
  const Project& project = *loaded;
  const Resource& model = project.at(project.find("model.shop.m"));
  EXPECT_EQ(model.language, "python");
  EXPECT_EQ(model.config.materialized(), "incremental");
  EXPECT_EQ(json::write(*model.config.find("config_keys_used")), R"(["size"])");
  EXPECT_EQ(json::write(*model.config.find("config_keys_defaults")), "[10]");
  EXPECT_EQ(json::write(*model.config.find("meta_keys_used")), R"(["owner"])");
  ASSERT_EQ(model.depends_on.size(), 2u);
  EXPECT_EQ(project.at(model.depends_on[1]).unique_id, "model.shop.a");
  EXPECT_EQ(project.at(model.depends_on[0]).unique_id, "source.shop.raw.t");
}

}  // namespace
}  // namespace rynd::project
