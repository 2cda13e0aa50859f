// Microbatch: the windows of a run, and a model built window by window.
#include "microbatch.h"

#include <gtest/gtest.h>

#include "base/render.h"
#include "shop.h"

namespace rynd::transform::test {
namespace {

const FilesOf daily = {{"models/src.sql",
                        "select * from (values (1, timestamp '2024-01-01 10:00:00'), (2, timestamp '2024-01-02 "
                        "10:00:00'), (3, timestamp '2024-01-03 10:00:00')) t(id, happened)"},
                       {"models/schema.yml", "models:\n  - name: src\n    config: {event_time: happened}\n"},
                       {"models/m.sql",
                        "{{ config(materialized='incremental', incremental_strategy='microbatch', "
                        "event_time='happened', batch_size='day', begin='2024-01-01', lookback=1) }}"
                        "select *, '{{ model.batch.id }}' as batch from {{ ref('src') }}"}};

Node until(const std::string& end) {
  Node flags = Node::map();
  flags.set("EVENT_TIME_END", Node::of(end));
  return flags;
}

TEST(Microbatch, BuildsEveryWindowThenTheLastOnes) {
  Shop shop(daily);
  shop.load(until("2024-01-03"));
  auto results = shop.build();
  const auto& first = result_of(results, "m");
  ASSERT_EQ(first.status, Status::success) << render_text(first.diagnostics);
  ASSERT_TRUE(first.batch_results);
  EXPECT_EQ(first.batch_results->successful.size(), 2u);
  EXPECT_EQ(first.failures, 0);
  EXPECT_EQ(shop.rows("select id, batch from m order by id"), "1|20240101 2|20240102");
  ASSERT_TRUE(shop.connection().execute("update m set batch = 'kept'"));
  shop.load(until("2024-01-03 12:00:00"));
  auto again = shop.build_one("m");
  ASSERT_EQ(again.status, Status::success) << render_text(again.diagnostics);
  EXPECT_EQ(shop.rows("select id, batch from m order by id"), "1|kept 2|20240102 3|20240103");
}

TEST(Microbatch, KeepsWhatSucceededWhereAWindowFails) {
  Shop shop(daily);
  shop.write("models/m.sql",
             "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', "
             "batch_size='day', begin='2024-01-01') }}"
             "select *, case when id = 2 then error('no') end as x from {{ ref('src') }}");
  shop.load(until("2024-01-04"));
  auto results = shop.build();
  const auto& result = result_of(results, "m");
  EXPECT_EQ(result.status, Status::partial_success) << render_text(result.diagnostics);
  ASSERT_TRUE(result.batch_results);
  ASSERT_EQ(result.batch_results->failed.size(), 1u);
  EXPECT_EQ(sql_text(result.batch_results->failed[0].start), "2024-01-02 00:00:00+00:00");
  EXPECT_EQ(shop.rows("select id from m order by id"), "1 3");
}

TEST(Microbatch, StopsWhereTheFirstWindowFails) {
  Shop shop(daily);
  shop.write("models/m.sql",
             "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', "
             "batch_size='day', begin='2024-01-01') }}"
             "select *, case when id = 1 then error('no') end as x from {{ ref('src') }}");
  shop.load(until("2024-01-04"));
  auto results = shop.build();
  const auto& result = result_of(results, "m");
  EXPECT_EQ(result.status, Status::error);
  EXPECT_EQ(result.message, "ERROR");
  ASSERT_TRUE(result.batch_results);
  EXPECT_EQ(result.batch_results->failed.size(), 3u);
}

}  // namespace
}  // namespace rynd::transform::test
