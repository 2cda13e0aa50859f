// Checks: data tests, unit tests and freshness of whole projects, on a real DuckDB and at a fixed time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "base/render.h"
#include "freshness.h"
#include "project/context.h"
#include "quality/quality.h"
#include "unit_test.h"

namespace rynd::quality {
namespace {

using transform::NodeResult;
using transform::Status;

using FilesOf = std::vector<std::pair<std::string, std::string>>;  // path, text

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2024} / 5 / 10} + std::chrono::hours(12)};

class Yard {
 public:
  explicit Yard(const FilesOf& files) {
    folder_ = std::filesystem::temp_directory_path() / ("rynd-quality-" + random_.uuid());
    write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
    write("profiles.yml",
          "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ':memory:', schema: main, threads: 1}\n");
    for (const auto& [path, text] : files) write(path, text);
    database_ = std::move(*engine::open({}));
    connection_ = std::move(*database_->connect());
    project::LoadOptions options;
    options.project_dir = options.profiles_dir.emplace(folder_);
    options.builtins = transform::builtin_macros();
    auto loaded = project::load(options, world_);
    if (!loaded) throw std::runtime_error(render_text(loaded.error()));
    project_ = std::make_unique<project::Project>(std::move(*loaded));
    runtime_ = std::make_unique<transform::Runtime>(*project_, *database_, world_, transform::RuntimeOptions{});
    checks_ = std::make_unique<Checks>(*project_, *runtime_, world_);
  }
  ~Yard() { std::filesystem::remove_all(folder_); }

  // Builds all models, so that what is tested is there.
  void build() {
    std::vector<project::ResourceId> nodes;
    for (const auto id : project_->graph.order()) {
      const project::Resource& resource = project_->at(id);
      if (resource.type == project::ResourceType::seed ||
          (resource.type == project::ResourceType::model && !resource.is_ephemeral())) {
        nodes.push_back(id);
      }
    }
    prepare(nodes);
    for (const auto id : nodes) {
      const NodeResult result = runtime_->execute(id, *connection_);
      if (result.status != Status::success) ADD_FAILURE() << render_text(result.diagnostics);
    }
  }
  NodeResult check(const std::string& name) {
    const project::ResourceId nodes[] = {id(name)};
    prepare(nodes);
    return checks_->run(nodes[0], *connection_);
  }
  FreshnessResult freshness(const std::string& name) { return checks_->freshness(id(name), *connection_); }
  project::ResourceId id(const std::string& name) const {
    for (project::ResourceId id = 0; id < project_->resources.size(); ++id) {
      if (project_->at(id).name == name) return id;
    }
    throw std::runtime_error("no resource " + name);
  }
  std::string rows(const std::string& sql) {
    auto table = engine::fetch(*connection_, sql);
    if (!table) return render_text(table.error());
    std::string text;
    for (const auto& row : table->rows) {
      if (!text.empty()) text += ' ';
      for (size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "|") + engine::to_text(row[i]);
    }
    return text;
  }
  engine::Connection& connection() { return *connection_; }
  Checks& checks() { return *checks_; }
  const project::Project& project() const { return *project_; }

 private:
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = folder_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  void prepare(std::span<const project::ResourceId> nodes) {
    auto prepared = runtime_->prepare(*connection_, nodes);
    if (!prepared) throw std::runtime_error(render_text(prepared.error()));
  }

  SimClock clock_{noon};
  RealFiles files_;
  RealProcess process_;
  RealRandom random_;
  SimHttp http_;
  World world_{clock_, files_, process_, random_, http_};
  std::filesystem::path folder_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Connection> connection_;
  std::unique_ptr<project::Project> project_;
  std::unique_ptr<transform::Runtime> runtime_;
  std::unique_ptr<Checks> checks_;
};

std::string said(const NodeResult& result) { return result.message + "\n" + render_text(result.diagnostics); }

// A model over two parents, tested in the way the YAML after `unit_tests:` says.
FilesOf orders_with(const std::string& tests) {
  return {{"models/raw_orders.sql", "select 1 as id, 10.5::decimal(10, 2) as amount, date '2024-01-01' as day"},
          {"models/customers.sql", "{{ config(materialized='ephemeral') }} select 1 as id, 'a' as name"},
          {"models/orders.sql",
           "select o.id, o.amount * {{ var('factor', 1) }} as amount, o.day, c.name\n"
           "from {{ ref('raw_orders') }} o left join {{ ref('customers') }} c using (id)"},
          {"models/schema.yml", "unit_tests:\n" + tests}};
}

constexpr const char* passing = R"(
  - name: adds_names
    model: orders
    given:
      - input: ref('raw_orders')
        rows:
          - {id: 1, amount: 2}
          - {id: 2, amount: 3.25, day: 2024-05-01}
      - input: ref('customers')
        format: csv
        rows: |
          id,name
          1,Ann
          2,
    expect:
      rows:
        - {id: 2, amount: 3.25, name: null}
        - {id: 1, amount: 2.00, name: Ann}
)";

TEST(UnitTest, PassesInAnyOrderBeforeAnythingIsBuilt) {
  Yard yard(orders_with(passing));
  const NodeResult result = yard.check("adds_names");
  EXPECT_EQ(result.status, Status::pass) << said(result);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.unique_id, "unit_test.shop.orders.adds_names");
  EXPECT_NE(result.compiled_code.find("'actual' as \"actual_or_expected\""), std::string::npos);
}

TEST(UnitTest, PassesOnWhatIsBuilt) {
  Yard yard(orders_with(passing));
  yard.build();
  const NodeResult result = yard.check("adds_names");
  EXPECT_EQ(result.status, Status::pass) << said(result);
}

TEST(UnitTest, DrawsWhatDiffers) {
  Yard yard(orders_with(R"(
  - name: wrong
    model: orders
    overrides:
      vars: {factor: 2}
    given:
      - input: ref('raw_orders')
        rows: [{id: 1, amount: 2}, {id: 2, amount: 3}]
      - input: ref('customers')
        rows: []
    expect:
      rows: [{id: 1, amount: 4}, {id: 2, amount: 7}]
)"));
  const NodeResult result = yard.check("wrong");
  EXPECT_EQ(result.status, Status::fail) << said(result);
  EXPECT_EQ(result.failures, 1);
  EXPECT_EQ(result.message,
            "\n\nactual differs from expected:\n\n"
            "@@,id,amount\n"
            "  ,1 ,4.00\n"
            "→ ,2 ,7.00→6.00\n\n");
}

TEST(UnitTest, WantsAllInputs) {
  Yard yard(orders_with(R"(
  - name: half
    model: orders
    given:
      - input: ref('raw_orders')
        rows: []
    expect: {rows: []}
)"));
  const NodeResult result = yard.check("half");
  EXPECT_EQ(result.status, Status::error);
  ASSERT_EQ(result.diagnostics.size(), 1u) << said(result);
  EXPECT_EQ(result.diagnostics[0].code, Code::fixture_input);
  EXPECT_EQ(result.message,
            "Runtime Error in unit_test half (models/schema.yml)\n  the unit test does not give ref('customers'), "
            "which model 'orders' reads");
  EXPECT_FALSE(result.failures);
}

TEST(UnitTest, NamesColumnsAndInputsThatAreNotThere) {
  Yard yard(orders_with(R"(
  - name: misspelt
    model: orders
    given:
      - input: ref('raw_orders')
        rows: [{id: 1, amuont: 2}]
      - input: ref('custmers')
        rows: []
    expect: {rows: [{id: 1}]}
)"));
  const NodeResult result = yard.check("misspelt");
  EXPECT_EQ(result.status, Status::error);
  ASSERT_EQ(result.diagnostics.size(), 2u) << said(result);
  EXPECT_EQ(result.diagnostics[0].code, Code::fixture_column);
  EXPECT_EQ(result.diagnostics[0].label, "did you mean 'amount'?");
  EXPECT_EQ(result.diagnostics[1].label, "did you mean 'customers'?");
}

TEST(UnitTest, TellsAnIncrementalModelWhatThisHolds) {
  Yard yard({{"models/raw.sql", "select 1 as id, 1 as v"},
             {"models/inc.sql",
              "{{ config(materialized='incremental', unique_key='id') }}\n"
              "select id, v from {{ ref('raw') }}\n"
              "{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}"},
             {"models/schema.yml", R"(
unit_tests:
  - name: takes_new_rows
    model: inc
    overrides:
      macros: {is_incremental: true}
    given:
      - input: ref('raw')
        rows: [{id: 1, v: 1}, {id: 2, v: 2}, {id: 3, v: 3}]
      - input: this
        rows: [{id: 2, v: 0}]
    expect:
      rows: [{id: 3, v: 3}]
)"}});
  const NodeResult result = yard.check("takes_new_rows");
  EXPECT_EQ(result.status, Status::pass) << said(result);
}

TEST(UnitTest, SaysWhenTheModelItselfIsWrong) {
  Yard yard({{"models/raw.sql", "select 1 as id"},
             {"models/m.sql", "select idd from {{ ref('raw') }}"},
             {"models/schema.yml", R"(
unit_tests:
  - name: t
    model: m
    given: [{input: ref('raw'), rows: [{id: 1}]}]
    expect: {rows: [{id: 1}]}
)"}});
  const NodeResult result = yard.check("t");
  EXPECT_EQ(result.status, Status::error);
  ASSERT_FALSE(result.diagnostics.empty());
  ASSERT_TRUE(result.diagnostics[0].span);
  EXPECT_EQ(result.diagnostics[0].span.source->name(), "models/m.sql") << said(result);
}

TEST(UnitInputs, AreReadAsCalls) {
  Yard yard(orders_with(passing));
  const auto is = [&](const std::string& text, const std::string& name) {
    auto input = read_input(text, yard.project(), "shop");
    return input && input->id == yard.id(name);
  };
  EXPECT_TRUE(is("ref('orders')", "orders"));
  EXPECT_TRUE(is(" ref(\"shop\", \"orders\") ", "orders"));
  EXPECT_TRUE(read_input("this", yard.project(), "shop")->is_this);
  EXPECT_EQ(read_input("orders", yard.project(), "shop").error().code, Code::fixture_input);
  EXPECT_EQ(read_input("ref('ordes')", yard.project(), "shop").error().label, "did you mean 'orders'?");
}

const FilesOf tested_models = {
    {"models/m.sql", "{{ config(materialized='table') }} select unnest([1, 1, 2, null]) as id, 'x' as kind"},
    {"models/schema.yml", R"(
models:
  - name: m
    columns:
      - name: id
        data_tests:
          - unique: {name: ids_are_unique}
          - not_null: {name: ids_are_there, config: {severity: warn}}
      - name: kind
        data_tests:
          - accepted_values: {name: kinds_are_known, arguments: {values: [x]}}
)"},
    {"tests/no_twos.sql", "select * from {{ ref('m') }} where id = 2"}};

TEST(DataTest, IsJudgedAsDbtJudges) {
  Yard yard(tested_models);
  yard.build();
  const NodeResult unique = yard.check("ids_are_unique");
  EXPECT_EQ(unique.status, Status::fail) << said(unique);
  EXPECT_EQ(unique.message, "Got 1 result, configured to fail if != 0");
  EXPECT_EQ(yard.check("ids_are_there").status, Status::warn);
  EXPECT_EQ(yard.check("kinds_are_known").status, Status::pass);
  EXPECT_EQ(yard.check("no_twos").status, Status::fail);
  ASSERT_TRUE(yard.checks().record("run-1", yard.connection()));
  EXPECT_EQ(yard.rows("select count(*) from duckdb_tables() where schema_name = 'rynd'"), "0")
      << "a plain dbt project's warehouse gets nothing that dbt would not put there";
}

TEST(DataTest, BecomesARow) {
  FilesOf files = tested_models;
  files.emplace_back("rynd.yml", "quality: {record: true}\n");
  Yard yard(files);
  yard.build();
  for (const char* name : {"ids_are_unique", "ids_are_there", "kinds_are_known", "no_twos"}) yard.check(name);
  const auto recorded = yard.checks().record("run-1", yard.connection());
  ASSERT_TRUE(recorded) << recorded.error().message;
  EXPECT_EQ(yard.rows("select name, kind, status, severity, failures, tested_id, column_name, started_at from "
                      "(select * replace (strftime(timezone('UTC', started_at), '%H:%M') as started_at) from "
                      "rynd.check_results) order by name"),
            "ids_are_there|data_test|warn|warn|1|model.shop.m|id|12:00 "
            "ids_are_unique|data_test|fail|error|1|model.shop.m|id|12:00 "
            "kinds_are_known|data_test|pass|error|0|model.shop.m|kind|12:00 "
            "no_twos|data_test|fail|error|1|NULL|NULL|12:00");
  EXPECT_EQ(yard.rows("select sample from rynd.check_results where name = 'no_twos'"),
            "[{\"id\": 2, \"kind\": \"x\"}]");
  ASSERT_TRUE(yard.checks().record("run-1", yard.connection()));
  EXPECT_EQ(yard.rows("select count(*) from rynd.check_results"), "4") << "a result is recorded once";
}

FilesOf source_with(const std::string& table) {
  return {{"models/sources.yml", "sources:\n  - name: shop\n    schema: main\n    tables:\n" + table}};
}

TEST(Freshness, IsJudgedByAge) {
  Yard yard(source_with(R"(
      - name: clicks
        loaded_at_field: seen
        freshness: {warn_after: {count: 1, period: hour}, error_after: {count: 1, period: day}, filter: "id > 0"}
)"));
  ASSERT_TRUE(
      yard.connection().execute("create table clicks as select 1 as id, timestamp '2024-05-10 11:30:00' as seen"));
  const FreshnessResult fresh = yard.freshness("clicks");
  EXPECT_EQ(fresh.result.status, Status::pass) << said(fresh.result);
  ASSERT_TRUE(yard.connection().execute("update clicks set seen = timestamp '2024-05-10 11:00:00'"));
  EXPECT_EQ(yard.freshness("clicks").result.status, Status::pass) << "exactly at the limit";
  ASSERT_TRUE(yard.connection().execute("update clicks set seen = timestamp '2024-05-10 10:59:59'"));
  EXPECT_EQ(yard.freshness("clicks").result.status, Status::warn);
  ASSERT_TRUE(yard.connection().execute("update clicks set seen = timestamp '2024-05-08 10:00:00'"));
  const FreshnessResult old = yard.freshness("clicks");
  EXPECT_EQ(old.result.status, Status::error);
  EXPECT_EQ(old.entry.find("max_loaded_at")->text, "2024-05-08T10:00:00+00:00");
  EXPECT_EQ(old.entry.find("snapshotted_at")->text, "2024-05-10T12:00:00+00:00");
  EXPECT_EQ(old.entry.find("max_loaded_at_time_ago_in_s")->real, 50 * 3600);
  EXPECT_EQ(old.entry.find("status")->text, "error");
  EXPECT_EQ(old.entry.find("criteria")->find("warn_after")->find("count")->integer, 1);
  EXPECT_EQ(old.entry.find("criteria")->find("filter")->text, "id > 0");
  EXPECT_EQ(old.entry.find("timing")->items.size(), 2u);
  ASSERT_TRUE(yard.connection().execute("delete from clicks"));
  EXPECT_EQ(yard.freshness("clicks").entry.find("max_loaded_at")->text, "0001-01-01T00:00:00+00:00");
}

TEST(Freshness, TakesDatesAndZones) {
  Yard yard(source_with(R"(
      - name: days
        loaded_at_field: day
        freshness: {warn_after: {count: 13, period: hour}}
      - name: zoned
        loaded_at_query: select max(seen) from main.zoned
        freshness: {warn_after: {count: 90, period: minute}}
)"));
  ASSERT_TRUE(
      yard.connection().execute("create table days as select date '2024-05-10' as day;"
                                "create table zoned as select timestamptz '2024-05-10 13:00:00+02' as seen"));
  EXPECT_EQ(yard.freshness("days").result.status, Status::pass);
  EXPECT_EQ(yard.freshness("zoned").entry.find("max_loaded_at")->text, "2024-05-10T11:00:00+00:00");
}

TEST(Freshness, SaysWhyItIsNotKnown) {
  Yard yard(source_with(R"(
      - name: gone
        loaded_at_field: seen
        freshness: {warn_after: {count: 1, period: hour}}
      - name: texts
        loaded_at_field: seen
        freshness: {warn_after: {count: 1, period: hour}}
)"));
  ASSERT_TRUE(yard.connection().execute("create table texts as select 'yesterday' as seen"));
  const FreshnessResult gone = yard.freshness("gone");
  EXPECT_EQ(gone.result.status, Status::runtime_error);
  EXPECT_EQ(gone.result.diagnostics.at(0).code, Code::sql_missing);
  EXPECT_EQ(gone.entry.find("status")->text, "runtime error");
  EXPECT_FALSE(gone.entry.find("error")->text.empty());
  const FreshnessResult texts = yard.freshness("texts");
  EXPECT_EQ(texts.result.diagnostics.at(0).code, Code::freshness_unknown);
  EXPECT_EQ(texts.result.message, "the loading time of source 'shop.texts' is VARCHAR, not a timestamp");
}

}  // namespace
}  // namespace rynd::quality
