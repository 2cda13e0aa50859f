// Inspect: the YAML it writes loads what it looked at.
#include "http_server.h"
#include "loading.h"

namespace rynd::ingest {
namespace {

using Inspect = Loading;

TEST_F(Inspect, AFile) {
  write("Some Data.csv", "Id,startedAt,v\n1,2011-01-01 00:00:00,x\n");
  auto yaml = inspect((folder_ / "Some Data.csv").string(), *connection_, world_);
  ASSERT_TRUE(yaml) << render_text(yaml.error());
  EXPECT_EQ(*yaml, "type: files\nresources:\n  - name: some_data\n    path: " + (folder_ / "Some Data.csv").string() +
                       "\n    write_disposition: replace\n    columns:\n      id: bigint\n      started_at: "
                       "timestamp\n      v: varchar\n");
  write("ingest/x.yml", *yaml);
  EXPECT_EQ(run_one(), "1 rows, 0 quarantined");
  EXPECT_EQ(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'rynd_%'"), "0\n");
}

TEST_F(Inspect, AnApi) {
  HttpServer server(
      [](const Asked&) { return HttpServer::reply("{\"data\": [{\"id\": 1, \"at\": \"2011-01-01T00:00:00Z\"}]}"); });
  auto yaml = inspect(server.url("/v1/things?per_page=5&q=a%20b"), *connection_, world_);
  ASSERT_TRUE(yaml) << render_text(yaml.error());
  EXPECT_EQ(*yaml, "type: rest\nclient:\n  base_url: " + server.url() +
                       "\nresources:\n  - name: things\n    endpoint:\n"
                       "      path: v1/things\n      params:\n        per_page: '5'\n        q: a b\n    "
                       "write_disposition: replace\n"
                       "    columns:\n      id: bigint\n      at: timestamp with time zone\n");
  write("ingest/x.yml", *yaml);
  EXPECT_EQ(run_one(), "1 rows, 0 quarantined");
}

TEST_F(Inspect, WhatIsNotThere) {
  auto yaml = inspect("nowhere.csv", *connection_, world_);
  ASSERT_FALSE(yaml);
  EXPECT_EQ(yaml.error().message, "'nowhere.csv' is not there");
}

}  // namespace
}  // namespace rynd::ingest
