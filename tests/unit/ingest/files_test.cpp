// Loading files: formats, types, partitions, bad rows, what stays after a failure.
#include "loading.h"

namespace rynd::ingest {
namespace {

using Files = Loading;

constexpr const char* month_names = R"(type: files
resources:
  - name: trips
    path: data/{partition}.csv
    partition: {by: month, from: 2011-01, to: 2011-03}
    on_missing: warn
    columns: {started_at: timestamp, casual: integer, total: integer}
    primary_key: started_at
    write_disposition: merge
    on_error: quarantine
)";

TEST_F(Files, PartitionsAreLoadedMissingSeenAndBackfilled) {
  write("ingest/rides.yml", month_names);
  write("data/2011-01.csv", "started_at,casual,total\n2011-01-01 00:00:00,1,2\n2011-01-01 01:00:00,3,4\n");
  write("data/2011-03.csv", "started_at,casual,total\n2011-03-01 00:00:00,5,6\n");
  std::string text = run_one();
  EXPECT_TRUE(
      text.starts_with("3 rows, 0 quarantined; 2011-01 loaded; 2011-02 missing; 2011-03 loaded\n"
                       "warning[RYND0210]: '2011-02' of 'trips' is not there: no 'data/2011-02.csv'\n"))
      << text;
  EXPECT_EQ(rows("SELECT \"partition\", status, \"rows\" FROM raw._rynd_partitions ORDER BY 1"),
            "2011-01|loaded|2\n2011-02|missing|0\n2011-03|loaded|1\n");
  EXPECT_EQ(rows("SELECT _rynd_partition, count(*), count(DISTINCT _dlt_id) FROM raw.trips GROUP BY 1 ORDER BY 1"),
            "2011-01|2|2\n2011-03|1|1\n");

  write("data/2011-02.csv", "started_at,casual,total\n2011-02-01 00:00:00,7,8\n");
  EXPECT_EQ(run_one(), "1 rows, 0 quarantined; 2011-02 loaded");
  EXPECT_EQ(run_one(), "0 rows, 0 quarantined");
  write("data/2011-02.csv", "started_at,casual,total\n2011-02-01 00:00:00,70,80\n2011-02-02 00:00:00,1,1\n");
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined; 2011-02 loaded");
  EXPECT_EQ(run_one({.partitions = "2011-01..2011-02"}), "4 rows, 0 quarantined; 2011-01 loaded; 2011-02 loaded");
  EXPECT_EQ(rows("SELECT count(*), sum(total) FROM raw.trips"), "5|93\n");
  EXPECT_EQ(
      rows("SELECT count(*), count(DISTINCT load_id) FROM raw._dlt_loads WHERE status = 0 AND schema_name = 'rides'"),
      "6|6\n");
}

TEST_F(Files, BadRowsGoToQuarantineWithLineAndReason) {
  write("ingest/rides.yml", month_names);
  write("data/2011-01.csv",
        "started_at,casual,total\n2011-01-01 00:00:00,1,2\n2011-01-02 25:00:00,3,4\n\"2011-01-03 00:00:00\",n/a,4\n"
        ",12,88\n2011-01-04 00:00:00,5\nnot delivered,,\n2011-01-05 00:00:00,9,9\n");
  std::string text = run_one({.partitions = "2011-01"});
  EXPECT_EQ(text, "2 rows, 5 quarantined; 2011-01 loaded");
  EXPECT_EQ(
      rows("SELECT source, resource, \"partition\", file, line, reason, \"row\" FROM raw._rynd_quarantine ORDER BY "
           "line"),
      "rides|trips|2011-01|data/2011-01.csv|3|'2011-01-02 25:00:00' is no TIMESTAMP (column 'started_at')|2011-01-02 "
      "25:00:00,3,4\n"
      "rides|trips|2011-01|data/2011-01.csv|4|'n/a' is no INTEGER (column 'casual')|\"2011-01-03 00:00:00\",n/a,4\n"
      "rides|trips|2011-01|data/2011-01.csv|5|the key 'started_at' is missing|,12,88\n"
      "rides|trips|2011-01|data/2011-01.csv|6|missing columns: Expected Number of Columns: 3 Found: 2|2011-01-04 "
      "00:00:00,5\n"
      "rides|trips|2011-01|data/2011-01.csv|7|'not delivered' is no TIMESTAMP (column 'started_at')|not delivered,,\n");
  // Mended and loaded again, the quarantine of that partition is empty.
  write("data/2011-01.csv", "started_at,casual,total\n2011-01-01 00:00:00,1,2\n");
  EXPECT_EQ(run_one({.partitions = "2011-01"}), "1 rows, 0 quarantined; 2011-01 loaded");
  EXPECT_EQ(rows("SELECT count(*) FROM raw._rynd_quarantine"), "0\n");
  EXPECT_EQ(rows("SELECT count(*) FROM raw.trips"), "1\n");
}

TEST_F(Files, BadRowsFailTheLoadWhereNothingElseIsSaid) {
  write("ingest/t.yml", "type: files\npath: a.csv\ncolumns: {id: integer}\n");
  write("a.csv", "id,x\n1,a\ntwo,b\n");
  EXPECT_EQ(run_one(),
            "0 rows, 0 quarantined; a.csv failed\n"
            "error[RYND0211]: a row of 't' does not fit\n"
            "  --> ingest/t.yml:1:1\n"
            "   |\n"
            " 1 | type: files\n"
            "   | ^^^^\n"
            "   = a.csv:3: 'two' is no INTEGER (column 'id')\n"
            "   = while loading the part 'a.csv'\n"
            "   = help: change its 'columns', or keep such rows aside with 'on_error: quarantine'\n");
  EXPECT_EQ(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 't'"), "0\n");
  EXPECT_EQ(rows("SELECT status, message FROM raw._rynd_partitions"), "failed|a row of 't' does not fit\n");
}

TEST_F(Files, AppendedFilesAreLoadedOnceAndAgainWhenTheyChange) {
  write("ingest/t.yml", "type: files\npath: data/*.csv\n");
  write("data/a.csv", "id\n1\n2\n");
  write("data/b.csv", "id\n3\n");
  EXPECT_EQ(run_one(), "3 rows, 0 quarantined; data/a.csv loaded; data/b.csv loaded");
  EXPECT_EQ(run_one(), "0 rows, 0 quarantined");
  write("data/c.csv", "id\n4\n");
  write("data/b.csv", "id\n30\n31\n");
  EXPECT_EQ(run_one(), "3 rows, 0 quarantined; data/b.csv loaded; data/c.csv loaded");
  EXPECT_EQ(rows("SELECT string_agg(id, ',' ORDER BY id) FROM raw.t"), "1,2,4,30,31\n");
}

TEST_F(Files, ReplaceSwapsTheTable) {
  write("ingest/t.yml", "type: files\npath: a.csv\nwrite_disposition: replace\n");
  write("a.csv", "id,name\n1,x\n2,y\n");
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined");
  write("a.csv", "id,extra\n7,true\n");
  EXPECT_EQ(run_one(), "1 rows, 0 quarantined; added column 'extra' (BOOLEAN)");
  EXPECT_EQ(rows("SELECT id, name, extra FROM raw.t"), "7|NULL|true\n");
  // A replacement that fails leaves what was there.
  write("a.csv", "id,extra\nseven,true\n");
  EXPECT_TRUE(run_one().find("'seven' is no BIGINT (column 'id')") != std::string::npos) << told(reports_[0]);
  EXPECT_EQ(rows("SELECT id, name, extra FROM raw.t"), "7|NULL|true\n");
}

TEST_F(Files, ColumnsAreAddedAndWidenedAndTold) {
  write("ingest/t.yml", "type: files\npath: data/*.csv\n");
  write("data/a.csv", "id,day\n1,2011-01-01\n");
  run();
  write("data/b.csv", "id,day,new\n1.5,2011-01-01 05:00:00,x\n");
  EXPECT_EQ(run_one(),
            "1 rows, 0 quarantined; data/b.csv loaded; widened column 'id' from BIGINT to DOUBLE; "
            "widened column 'day' from DATE to TIMESTAMP; added column 'new' (VARCHAR)");
  EXPECT_EQ(rows("SELECT id, day, new FROM raw.t ORDER BY id"),
            "1.0|2011-01-01 00:00:00|NULL\n1.5|2011-01-01 05:00:00|x\n");
}

TEST_F(Files, ATypeThatOnlyALateRowShowsIsFoundAllTheSame) {
  write("ingest/t.yml", "type: files\npath: data/*.csv\n");
  std::string text = "id,v\n";
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i) + ",1\n";
  write("data/a.csv", text + "30000,2.5\n");
  EXPECT_EQ(run_one(), "30001 rows, 0 quarantined; data/a.csv loaded");
  write("data/b.csv", text + "x1,2.5\n");
  EXPECT_NE(run_one().find("data/b.csv:30002: 'x1' is no BIGINT (column 'id')"), std::string::npos)
      << told(reports_[0]);
  EXPECT_EQ(rows("SELECT count(*), max(v), max(id) FROM raw.t"), "30001|2.5|30000\n");
}

TEST_F(Files, AFractionIsNeverRoundedToAWholeNumber) {
  write("ingest/t.yml",
        "type: files\nresources:\n  - {name: c, path: a.csv, columns: {n: integer}, on_error: quarantine}\n"
        "  - {name: j, path: a.json, columns: {n: integer}, on_error: quarantine}\n");
  write("a.csv", "n,m\n1,1\n2.5,2\n3.0,x\n");
  write("a.json", R"([{"n": 1}, {"n": 2.5}, {"n": 3.0}])");
  auto reports = run();
  EXPECT_EQ(told(reports.at(0)), "2 rows, 1 quarantined; a.csv loaded");
  EXPECT_EQ(told(reports.at(1)), "2 rows, 1 quarantined; a.json loaded");
  EXPECT_EQ(rows("SELECT resource, line, reason, \"row\" FROM raw._rynd_quarantine ORDER BY 1"),
            "c|3|'2.5' is no INTEGER (column 'n')|2.5,2\nj|2|'2.5' is no INTEGER (column 'n')|{\"n\":\"2.5\"}\n");
  EXPECT_EQ(rows("SELECT string_agg(n, ',' ORDER BY n) FROM raw.c"), "1,3\n");
}

TEST_F(Files, AContractFreezesColumns) {
  write("ingest/t.yml", "type: files\npath: data/*.csv\nschema_contract: freeze\n");
  write("data/a.csv", "id\n1\n");
  run();
  write("data/b.csv", "id,new\n1,x\n");
  EXPECT_TRUE(run_one().find("error[RYND0213]: the load brings the column 'new'") != std::string::npos)
      << told(reports_[0]);
  EXPECT_EQ(rows("SELECT count(*) FROM raw.t"), "1\n");
}

TEST_F(Files, OtherFormats) {
  write("ingest/t.yml",
        "type: files\nresources:\n  - {name: p, path: p.parquet}\n  - {name: j, path: j.json, data_selector: "
        "result.rows}\n"
        "  - {name: n, path: n.ndjson.gz}\n  - {name: z, path: z.json, data_selector: daily, zip_arrays: true}\n");
  copy("SELECT 1 AS \"Some Id\", DATE '2011-01-01' AS d", "p.parquet", "FORMAT parquet");
  write("j.json",
        R"({"result": {"rows": [{"id": 1, "at": "2011-01-01T05:00:00Z", "a": {"b": {"c": 2}}, "tags": ["x", 1]},
                                           {"id": 2.5, "at": null, "extra": "text"}]}})");
  copy("SELECT 1 AS id, {'x': true} AS o UNION ALL SELECT 2, NULL", "n.ndjson.gz", "FORMAT json, COMPRESSION gzip");
  write("z.json",
        R"({"station": "dca", "daily": {"time": ["2011-01-01", "2011-01-02"], "t_max": [1, 2.5], "unit": "C"}})");
  auto reports = run();
  ASSERT_EQ(reports.size(), 4u);
  for (const auto& report : reports) EXPECT_TRUE(report.ok()) << told(report);
  EXPECT_EQ(rows("SELECT some_id, d FROM raw.p"), "1|2011-01-01\n");
  EXPECT_EQ(rows("SELECT id, timezone('UTC', \"at\"), a__b__c, tags->>'$[1]', extra FROM raw.j ORDER BY id"),
            "1.0|2011-01-01 05:00:00|2|1|NULL\n2.5|NULL|NULL|NULL|text\n");
  EXPECT_EQ(
      rows("SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index) FROM duckdb_columns() WHERE "
           "table_name = 'j'"),
      "id DOUBLE, at TIMESTAMP WITH TIME ZONE, a__b__c BIGINT, tags JSON, extra VARCHAR, _rynd_partition VARCHAR, "
      "_dlt_load_id VARCHAR, _dlt_id VARCHAR\n");
  EXPECT_EQ(rows("SELECT id, o__x FROM raw.n ORDER BY id"), "1|true\n2|NULL\n");
  EXPECT_EQ(rows("SELECT time, t_max, unit FROM raw.z ORDER BY time"), "2011-01-01|1.0|C\n2011-01-02|2.5|C\n");
}

TEST_F(Files, LinesThatAreNoJsonAreBadRows) {
  write("ingest/t.yml", "type: files\npath: a.ndjson\ncolumns: {n: integer}\non_error: quarantine\n");
  write("a.ndjson", "{\"n\": 1}\n{broken\n{\"n\": \"x\"}\n\n{\"n\": \"4\"}\n");
  EXPECT_EQ(run_one(), "2 rows, 2 quarantined; a.ndjson loaded");
  EXPECT_EQ(rows("SELECT line, \"row\" FROM raw._rynd_quarantine ORDER BY line"), "2|{broken\n3|{\"n\":\"x\"}\n");
  EXPECT_EQ(rows("SELECT n FROM raw.t ORDER BY n"), "1\n4\n");
}

TEST_F(Files, WhatIsNotWhatItSaysIsOneClearError) {
  write("ingest/t.yml",
        "type: files\nresources:\n  - {name: a, path: a.parquet}\n  - {name: b, path: b.csv.gz}\n  - {name: c, path: "
        "c.zip}\n"
        "  - {name: d, path: d.json}\n  - {name: e, path: e.dat}\n  - {name: f, path: f.csv}\n");
  for (const char* name : {"a.parquet", "b.csv.gz", "c.zip", "d.json", "e.dat"})
    write(name, "<!DOCTYPE html><p>Sorry</p>\n");
  auto reports = run();
  ASSERT_EQ(reports.size(), 6u);
  const std::vector<std::string> messages{
      "'a.parquet' cannot be read as parquet",          "'b.csv.gz' cannot be read as csv",
      "'c.zip' cannot be read as an archive",           "'d.json' is no JSON",
      "the format of 'e.dat' is not known by its name", "'f.csv' is not there"};
  for (size_t i = 0; i < messages.size(); ++i) {
    ASSERT_EQ(reports[i].problems.size(), 1u) << told(reports[i]);
    EXPECT_TRUE(reports[i].problems[0].message.starts_with(messages[i])) << told(reports[i]);
  }
  EXPECT_NE(told(reports[0]).find("it begins with: <!DOCTYPE html>"), std::string::npos) << told(reports[0]);
  EXPECT_EQ(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('a', 'b', 'c', 'd', 'e', 'f')"), "0\n");
}

TEST_F(Files, AKeyThatIsNoColumnIsOneMistake) {
  write("ingest/t.yml", "type: files\npath: a.csv\nprimary_key: idd\nwrite_disposition: merge\n");
  write("a.csv", "id,x\n1,2\n");
  std::string text = run_one();
  EXPECT_NE(text.find("error[RYND0213]: 'a.csv' has no column 'idd', which is the key of 't'"), std::string::npos)
      << text;
  EXPECT_NE(text.find("did you mean 'id'?"), std::string::npos) << text;
}

TEST_F(Files, AnUnknownTypeIsToldAtItsPlace) {
  write("ingest/t.yml", "type: files\npath: a.csv\ncolumns: {id: intger}\n");
  write("a.csv", "id\n1\n");
  std::string text = run_one();
  EXPECT_NE(text.find("error[RYND0203]: 'intger' is no type of the warehouse\n  --> ingest/t.yml:3:15"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("did you mean 'integer'?"), std::string::npos) << text;
}

TEST_F(Files, MergeTakesTheLastOfEqualKeys) {
  write("ingest/t.yml", "type: files\npath: data/*.csv\nprimary_key: [a, b]\nwrite_disposition: merge\n");
  write("data/1.csv", "a,b,v\n1,1,x\n1,2,y\n1,1,z\n");
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined; data/1.csv loaded");
  write("data/2.csv", "a,b,v\n1,2,new\n2,2,q\n");
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined; data/2.csv loaded");
  EXPECT_EQ(rows("SELECT a, b, v FROM raw.t ORDER BY a, b"), "1|1|z\n1|2|new\n2|2|q\n");
}

TEST_F(Files, AFullRefreshIsOneTransaction) {
  write("ingest/t.yml", "type: files\npath: data/{partition}.csv\npartition: {by: values, values: [a, b]}\n");
  write("data/a.csv", "id\n1\n");
  write("data/b.csv", "id\n2\n");
  run();
  write("data/b.csv", "id\nx,y\n\"\n");
  write("ingest/t.yml",
        "type: files\npath: data/{partition}.csv\ncolumns: {id: integer}\npartition: {by: values, values: [a, b]}\n");
  auto reports = run({.full_refresh = true});
  EXPECT_FALSE(reports.at(0).ok());
  EXPECT_EQ(rows("SELECT id FROM raw.t ORDER BY id"), "1\n2\n");
  write("data/b.csv", "id\n20\n");
  EXPECT_EQ(run_one({.full_refresh = true}), "2 rows, 0 quarantined; a loaded; b loaded");
  EXPECT_EQ(rows("SELECT id FROM raw.t ORDER BY id"), "1\n20\n");
}

TEST_F(Files, AFirstLookIsLoadedAnewLater) {
  write("ingest/t.yml", "type: files\npath: a.csv\n");
  write("a.csv", "id\n1\n2\n3\n");
  EXPECT_EQ(run_one({.limit = 2}), "2 rows, 0 quarantined; a.csv loaded");
  EXPECT_EQ(run_one(), "3 rows, 0 quarantined; a.csv loaded");
  EXPECT_EQ(rows("SELECT count(*) FROM raw.t"), "3\n");
}

TEST_F(Files, AStoppedLoadLeavesNothing) {
  write("ingest/t.yml", "type: files\npath: a.csv\n");
  write("a.csv", "id\n1\n");
  stop_.request_stop();
  auto reports = run();
  EXPECT_TRUE(reports.at(0).stopped);
  EXPECT_FALSE(reports.at(0).ok());
  EXPECT_EQ(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 't'"), "0\n");
}

TEST_F(Files, SelectionAndStatus) {
  write("ingest/t.yml",
        "type: files\nresources:\n  - {name: a, path: a.csv}\n  - {name: b, path: b.csv, selected: false}\n");
  write("a.csv", "id\n1\n");
  write("b.csv", "id\n1\n");
  EXPECT_EQ(run().size(), 1u);
  EXPECT_EQ(run({.names = {"source:t.b"}}).size(), 1u);
  EXPECT_EQ(run({.names = {"b"}}).size(), 1u);
  auto sources = read(folder_, world_);
  auto known = state(*sources, *connection_);
  auto wrong = plan(*sources, *known, {.names = {"t.c", "t"}}, folder_, world_);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error()[0].message, "there is no source or resource 't.c'");
  write("a.csv", "id\n1\n2\n");
  write("c.csv", "id\n1\n");
  auto all = status(*sources, *known, {}, folder_, world_);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->at(0).status, "loaded");
  EXPECT_EQ(all->at(0).rows, 1);
  ASSERT_TRUE(reset(*sources, "t", *connection_));
  EXPECT_EQ(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('a', 'b')"), "0\n");
  EXPECT_EQ(rows("SELECT count(*) FROM raw._rynd_partitions"), "0\n");
}

}  // namespace
}  // namespace rynd::ingest
