// Random edits to a project of every kind of file, for tests that read it after each.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "sim_project.h"

namespace rynd::project {

// A disk in memory whose files have times, and which notes what is read.
class StampedFiles final : public Files {
 public:
  Result<void> write(const std::filesystem::path& path, std::string_view text) override {
    if (!keep_stamp) stamps_[path.string()] = now_us++;
    return disk_.write(path, text);
  }
  Result<void> write_durably(const std::filesystem::path& path, std::string_view text) override {
    return write(path, text);
  }
  Result<void> write_pieces(const std::filesystem::path& path,
                            const std::function<void(const TextSink&)>& fill) override {
    return disk_.write_pieces(path, fill);
  }
  Result<void> write_private(const std::filesystem::path& path, std::string_view text) override {
    return write(path, text);
  }
  Result<void> append(const std::filesystem::path& path, std::string_view text) override {
    return disk_.append(path, text);
  }
  Result<std::string> read(const std::filesystem::path& path) override {
    reads.push_back(path.lexically_relative("/p").string());
    return disk_.read(path);
  }
  bool exists(const std::filesystem::path& path) override { return disk_.exists(path); }
  bool is_folder(const std::filesystem::path& path) override { return disk_.is_folder(path); }
  std::optional<FileInfo> info(const std::filesystem::path& path) override { return disk_.info(path); }
  std::vector<FileInfo> list(const std::filesystem::path& folder) override {
    auto found = disk_.list(folder);
    for (auto& info : found) {
      info.modified_us = info.changed_us = stamps_[(folder / info.path).lexically_normal().string()];
    }
    return found;
  }
  Result<void> remove(const std::filesystem::path& path) override { return disk_.remove(path); }
  Result<void> make_folder(const std::filesystem::path& path) override { return disk_.make_folder(path); }

  void fail_next_write(const std::filesystem::path& path) { disk_.fail_next_write(path); }

  std::vector<std::string> reads;
  int64_t now_us = 1;  // of the next file written
  bool keep_stamp = false;

 private:
  SimFiles disk_;
  std::map<std::string, int64_t> stamps_;
};

// Names collide on purpose: files that describe each other come and go.
class ProjectEditor {
 public:
  ProjectEditor(int seed, StampedFiles& files, std::map<std::string, std::string>& environment, LoadOptions& options)
      : random_(seed), files_(files), environment_(environment), options_(options) {
    write("dbt_project.yml", plain_project + "vars:\n  v: 1\n");
    write(
        "macros/base.sql",
        "{% macro m1() %}1{% endmacro %}{% macro m2(x) %}{{ x }}{% endmacro %}{% macro default__m3() %}3{% endmacro %}"
        "{% test mine(model, column_name) %}select 1 from {{ model }}{% endtest %}");
    write("models/base.md", "{% docs d1 %}first{% enddocs %}{% docs d2 %}second{% enddocs %}");
    write("models/base.yml",
          "groups:\n  - name: g\n    owner: {name: me}\n  - name: h\n    owner: {name: me}\n"
          "sources:\n  - name: src\n    tables: [{name: t}, {name: u}]\n");
    write("seeds/s1.csv", "id,x\n1,2\n");
    write("functions/f1.sql", "x + 1");
    write("functions/f2.sql", "x + 2");
    for (const char* name : {"a", "b", "c", "d", "e_v1", "e_v2"})
      write(std::string("models/") + name + ".sql", "select 1 as id");
    edit_package();
  }

  // All that edits change, to be put back as an editor's undo does: at a new time.
  struct State {
    std::map<std::string, std::string> files, environment;
    LoadOptions options;
  };
  State state() {
    State now{{}, environment_, options_};
    for (const auto& path : all_files(true)) now.files[path] = *files_.read("/p/" + path);
    return now;
  }
  void put_back(const State& before) {
    for (const auto& path : all_files(true))
      if (!before.files.contains(path)) (void)files_.remove("/p/" + path);
    for (const auto& [path, text] : before.files) {
      auto now = files_.exists("/p/" + path) ? *files_.read("/p/" + path) : std::string();
      if (now != text) write(path, text);
    }
    environment_ = before.environment;
    options_ = before.options;
  }
  bool chance(int percent) { return below(100) < percent; }

  // Does one thing, and says what.
  std::string edit() {
    using Edit = std::string (ProjectEditor::*)();
    static constexpr std::pair<int, Edit> edits[] = {
        {20, &ProjectEditor::edit_model},   {16, &ProjectEditor::edit_properties}, {9, &ProjectEditor::edit_macro},
        {6, &ProjectEditor::remove_any},    {5, &ProjectEditor::rename_any},       {3, &ProjectEditor::edit_project},
        {4, &ProjectEditor::edit_seed},     {4, &ProjectEditor::edit_doc},         {4, &ProjectEditor::edit_snapshot},
        {4, &ProjectEditor::edit_test},     {3, &ProjectEditor::edit_environment}, {3, &ProjectEditor::edit_options},
        {4, &ProjectEditor::edit_package},  {2, &ProjectEditor::edit_fixture},     {3, &ProjectEditor::touch},
        {4, &ProjectEditor::edit_function}, {3, &ProjectEditor::edit_python},      {2, &ProjectEditor::edit_analysis},
        {2, &ProjectEditor::edit_profiles}, {2, &ProjectEditor::edit_ingest}};
    int all = 0;
    for (const auto& [weight, edit] : edits) all += weight;
    int drawn = below(all);
    for (const auto& [weight, edit] : edits) {
      if ((drawn -= weight) < 0) return (this->*edit)();
    }
    return "";
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  template <class... Texts>
  std::string any(const Texts&... texts) {
    const std::string all[] = {texts...};
    return all[below(sizeof...(texts))];
  }
  std::string model() { return any("a", "b", "c", "d", "e_v1", "e_v2"); }
  std::string text() { return any("one", "two", "three", "{{ doc('d1') }}", "{{ doc('d2') }}", "{{ var('v') }}"); }

  std::string write(const std::string& path, const std::string& contents) {
    (void)files_.write("/p/" + path, contents);
    return path;
  }

  std::string expression() {
    switch (below(17)) {
      case 15:
        return "{{ function('" + any("f1", "f2") + "') }}(1)";
      case 0:
        return "{{ ref('" + any("a", "b", "c", "s1") + "') }}";
      case 1:
        return "{{ source('src', '" + any("t", "u") + "') }}";
      case 2:
        return "{{ m1() }}";
      case 3:
        return "{{ m2('" + any("a", "b") + "') }}";
      case 4:
        return "{{ adapter.dispatch('m3')() }}";
      case 5:
        return "{{ pkg.pm() }}";
      case 6:
        return "{{ config(tags=['" + any("x", "y") + "'], meta={'k': var('v', 1)}) }}";
      case 7:
        return "{{ config(alias='" + any("other", "same") + "', schema=env_var('SCHEMA', 'none')) }}";
      case 8:
        return "{% if target.name == 'prod' %}{{ config(materialized='table') }}{% endif %}";
      case 9:
        return "{% if flags.FULL_REFRESH %}{{ ref('" + any("a", "s1") + "') }}{% endif %}";
      case 10:
        return "{% for t in var('list', []) %}{{ ref(t) }}{% endfor %}";
      case 11:
        return "{{ config(enabled=var('on', true)) }}";
      case 12:
        return "{{ config(pre_hook=\"{{ m1() }}\") }}";
      case 13:
        return "{% if var.has_var('v') %}{{ config(tags='has') }}{% endif %}";
      case 14:
        return "{{ config(meta={'at': modules.datetime.datetime.now().isoformat()}) }}";
      default:
        return "{{ config(meta={'i': invocation_id}) }}";
    }
  }

  std::string sql() {
    std::string code = "select " + std::to_string(below(9));
    for (int i = below(3); i > 0; --i) code += " " + expression();
    if (chance(3)) code += " {% if";
    return code;
  }

  std::string edit_model() { return write("models/" + any("", "sub/") + model() + ".sql", sql()); }
  // A model in Python.
  std::string edit_python() {
    return write("models/" + any("", "sub/") + model() + ".py",
                 "def model(dbt, session):\n    dbt.config(tags=['" + any("x", "y") +
                     "'])\n    dbt.config.get('v')\n    return dbt.ref('" + any("a", "b") + "')\n");
  }
  std::string edit_function() {
    if (chance(40)) {
      std::string yaml = "functions:\n  - name: f1\n    description: \"" + text() +
                         "\"\n    arguments: [{name: x, data_type: int}]\n    returns: {data_type: int}\n";
      if (chance(60))
        yaml += "    overloads:\n      - defined_in: " + any("f2", "f2", "f3") +
                "\n        arguments: [{name: x, data_type: text}]\n";
      return write("functions/schema.yml", yaml);
    }
    return write("functions/" + any("f1", "f2") + ".sql", any("x + 1", "x || {{ m2('f') }}", sql()));
  }
  std::string edit_analysis() { return write("analyses/" + any("n1", "n2") + ".sql", sql()); }

  std::string column() {
    std::string yaml = "      - name: " + any("id", "x") + "\n        description: \"" + text() + "\"\n";
    if (chance(70)) yaml += "        data_tests:\n          - " + test() + "\n";
    return yaml;
  }
  std::string test() {
    return any("unique", "not_null", "mine", "accepted_values: {arguments: {values: [1, \"{{ var('v', 'z') }}\"]}}",
               "relationships: {arguments: {to: ref('" + any("a", "b") + "'), field: id}}",
               "unique: {config: {severity: warn, where: \"{{ m1() }}\"}}", "pkg.theirs");
  }
  std::string versions() {
    std::string yaml = "    latest_version: " + any("1", "2") + "\n    versions:\n      - v: 1\n";
    if (chance(60)) yaml += "        config: {alias: old}\n";
    yaml += "      - v: 2\n";
    if (chance(30)) yaml += "        defined_in: " + any("d", "e") + "\n";
    return yaml;
  }

  std::string edit_properties() {
    std::string yaml = "version: 2\n" + std::string(below(3), '#') + "\n";
    auto entries = [&](const std::string& section, int percent, const std::function<std::string()>& entry) {
      if (!chance(percent)) return;
      yaml += section + ":\n";
      for (int i = 1 + below(2); i > 0; --i) yaml += entry();
    };
    entries("models", 70, [&] {
      std::string name = any("a", "b", "c", "d", "e", "e", "{{ var('named', 'a') }}");
      std::string one = "  - name: \"" + name + "\"\n    description: \"" + text() + "\"\n    columns:\n" + column();
      if (chance(40))
        one += "    config: {group: " + any("g", "h") + ", meta: {m: \"{{ env_var('SCHEMA', 's') }}\"}}\n";
      if (chance(15)) one += "    constraints: [{type: foreign_key, columns: [id], to: ref('b'), to_columns: [id]}]\n";
      if (chance(15)) one += "    unknown_key: 1\n";
      if (name == "e") one += versions();
      return one;
    });
    entries("sources", 40, [&] {
      return "  - name: src\n    schema: \"{{ var('v', 'raw') }}\"\n    tables:\n      - name: " + any("t", "u") +
             any("", "\n        config: {meta: {external_location: 'data/{name}.csv', k: \"{{ var('v', 1) }}\"}}") +
             "\n        columns:\n    " + replace_all(column(), "\n", "\n    ") + "\n";
    });
    entries("seeds", 25, [&] { return "  - name: s1\n    columns:\n" + column(); });
    entries("snapshots", 25, [&] {
      return "  - name: " + any("y1", "n1_snap") + "\n" +
             any("    relation: ref('a')\n", "    relation: source('src', 't')\n", "") +
             "    config: {strategy: check, check_cols: all, unique_key: id}\n";
    });
    entries("macros", 25, [&] {
      return "  - name: " + any("m1", "m2", "m9") + "\n    description: \"" + text() +
             "\"\n    arguments:\n      - name: x\n        type: string\n";
    });
    entries("data_tests", 15, [&] { return "  - name: st1\n    description: \"" + text() + "\"\n"; });
    entries("exposures", 15, [&] {
      return "  - name: ex\n    type: dashboard\n    owner: {name: me}\n    depends_on: [ref('" + any("a", "b") +
             "')]\n";
    });
    entries("groups", 20, [&] { return "  - name: " + any("g", "h") + "\n    owner: {name: me}\n"; });
    entries("unit_tests", 25, [&] {
      return "  - name: ut\n    model: " + any("a", "b", "e") + "\n    given:\n      - input: ref('s1')\n" +
             any("        rows: [{id: 1}]\n", "        format: csv\n        fixture: f1\n", "") +
             "    expect: {rows: [{id: 1}]}\n";
    });
    if (chance(3)) yaml += "models: [\n";
    return write("models/" + any("schema.yml", "more.yml", "sub/schema.yml"), yaml);
  }

  std::string macro(const std::string& name, const std::string& arguments) {
    std::string body = any("1", "{{ m2('x') }}", "{{ var('v', 2) }}", "{{ env_var('SCHEMA', 'e') }}",
                           "{{ target.name }}", "{{ ref('a') }}", "{{ this }}", "{{ dbt.is_incremental() }}");
    return "{% macro " + name + "(" + arguments + ") %}" + (name == "m2" ? any("2", "{{ x }}") : body) +
           "{% endmacro %}\n";
  }
  std::string edit_macro() {
    std::string code;
    if (chance(70)) code += macro("m1", "");
    if (chance(70)) code += macro("m2", "x");
    if (chance(50)) code += macro(any("default__m3", "duckdb__m3"), "");
    if (chance(30))
      code += "{% test mine(model, column_name) %}select {{ " + any("m1()", "1", "var('v', 3)") +
              " }} from {{ model }}{% endtest %}\n";
    if (chance(20))
      code += "{% macro generate_schema_name(custom_schema_name, node) %}{{ " +
              any("target.schema", "custom_schema_name", "node.name", "var('v', 'q')") + " }}{% endmacro %}\n";
    if (chance(5)) code += "{% macro ref(name) %}{{ return(builtins.ref('" + any("a", "b") + "')) }}{% endmacro %}\n";
    return write("macros/" + any("one.sql", "two.sql"), code);
  }

  std::string project() {
    std::string yaml = plain_project;
    yaml += "vars:\n  v: " + any("1", "text", "\"{{ 1 + 1 }}\"") + "\n";
    if (chance(30)) yaml += "  list: [a, b]\n";
    if (chance(20)) yaml += "  on: false\n";
    if (chance(40)) yaml += "models:\n  shop:\n    sub:\n      +tags: [" + any("p", "q") + "]\n";
    if (chance(30)) yaml += "on-run-start: [\"select {{ m2('h') }}\"]\n";
    if (chance(20)) yaml += "seeds:\n  +schema: \"{{ env_var('SCHEMA', 'sd') }}\"\n";
    return yaml;
  }
  std::string edit_project() { return write("dbt_project.yml", project()); }
  std::string edit_seed() {
    return write("seeds/" + any("s1.csv", "s1.csv", "a.csv"), "id,x\n" + std::to_string(below(9)) + ",2\n");
  }
  std::string edit_fixture() {
    return write("tests/fixtures/f1" + any(".csv", ".sql"), "id\n" + std::to_string(below(9)) + "\n");
  }
  std::string edit_doc() {
    return write("models/" + any("docs.md", "more.md"),
                 "{% docs " + any("d1", "d2") + " %}" + any("first", "second") + "{% enddocs %}");
  }
  std::string edit_snapshot() {
    return write("snapshots/" + any("n1", "n2") + ".sql",
                 "{% snapshot " + any("n1_snap", "n2_snap") +
                     " %}{{ config(strategy='check', check_cols='all', unique_key='id') }}select * from {{ ref('" +
                     any("a", "b") + "') }}{% endsnapshot %}");
  }
  std::string edit_test() {
    if (chance(30)) {
      return write("tests/generic/g.sql",
                   "{% test mine(model, column_name) %}select " + any("1", "{{ m1() }}") + "{% endtest %}");
    }
    return write("tests/" + any("st1", "st2") + ".sql", "select 1 from {{ ref('" + any("a", "b") + "') }}");
  }
  std::string edit_package() {
    if (chance(15)) {
      (void)files_.remove("/p/dbt_packages/pkg");
      return "without pkg";
    }
    write("dbt_packages/pkg/dbt_project.yml", "name: pkg\nversion: '1.0'\n" + any("", "vars: {v: theirs}\n"));
    write("dbt_packages/pkg/macros/pm.sql",
          "{% macro pm() %}" + any("1", "{{ m1() }}", "{{ var('v', 0) }}") +
              "{% endmacro %}{% test theirs(model, column_name) %}select 1{% endtest %}");
    if (chance(40)) write("dbt_packages/pkg/models/" + any("a", "pm1") + ".sql", sql());
    return "pkg";
  }
  std::string edit_ingest() {
    return write("ingest/src.yml", "name: src\ntype: files\nresources: [" + any("t", "u", "t, u") + "]\n");
  }
  std::string edit_environment() {
    std::string value = any("", "e1", "e2");
    if (value.empty()) {
      environment_.erase("SCHEMA");
    } else {
      environment_["SCHEMA"] = value;
    }
    return "environment " + value;
  }
  std::string edit_options() {
    switch (below(4)) {
      case 0:
        options_.vars = Node::map();
        return "no --vars";
      case 1:
        options_.vars.set(any("v", "named", "on"), chance(50) ? Node::of(any("a", "b")) : Node::of(chance(50)));
        return "--vars";
      case 2:
        options_.flags.set("FULL_REFRESH", Node::of(chance(50)));
        return "--full-refresh";
      default:
        options_.target = any("", "dev", "prod");
        return "--target " + options_.target;
    }
  }
  std::string edit_profiles() {
    return write("profiles.yml",
                 "shop:\n  target: " + any("dev", "prod") +
                     "\n  outputs:\n    dev: {type: duckdb, path: w.duckdb, schema: " + any("main", "other") +
                     "}\n    prod: {type: duckdb, path: w.duckdb, schema: prod}\n");
  }

  // Of the project itself, or all that is not made by reading it.
  std::vector<std::string> all_files(bool really = false) {
    std::vector<std::string> paths;
    for (const auto& info : files_.list("/p")) {
      std::string path = info.path.string();
      bool own = path != "dbt_project.yml" && !path.starts_with("dbt_packages/");
      if (!path.starts_with("target/") && (own || really)) paths.push_back(path);
    }
    return paths;
  }
  std::string remove_any() {
    auto paths = all_files();
    if (paths.empty()) return "";
    std::string path = paths[below(static_cast<int>(paths.size()))];
    (void)files_.remove("/p/" + path);
    return "remove " + path;
  }
  // To another folder or name of the same kind.
  std::string rename_any() {
    auto paths = all_files();
    std::erase_if(paths,
                  [](const std::string& path) { return !path.ends_with(".sql") || !path.starts_with("models/"); });
    if (paths.empty()) return "";
    std::string from = paths[below(static_cast<int>(paths.size()))];
    std::string to = "models/" + any("", "sub/") + model() + ".sql";
    if (from == to) return "";
    std::string contents = *files_.read("/p/" + from);
    (void)files_.remove("/p/" + from);
    return "rename " + from + " to " + write(to, contents);
  }
  // The same text at another time.
  std::string touch() {
    auto paths = all_files();
    if (paths.empty()) return "";
    std::string path = paths[below(static_cast<int>(paths.size()))];
    return "touch " + write(path, *files_.read("/p/" + path));
  }

  std::mt19937 random_;
  StampedFiles& files_;
  std::map<std::string, std::string>& environment_;
  LoadOptions& options_;
};

}  // namespace rynd::project
