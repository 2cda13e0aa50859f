// Search: what is found, in which order.
#include "search.h"

#include <gtest/gtest.h>

namespace rynd::catalog {
namespace {

const std::vector<SearchEntry> entries{
    {"model.p.orders",
     "model",
     "orders",
     "One row an order.",
     {"core"},
     {{"order_id", "The key."}, {"amount", "Net of tax, in euros."}}},
    {"model.p.stg_orders", "model", "stg_orders", "", {}, {{"order_id", ""}}},
    {"model.p.customers",
     "model",
     "customers",
     "Everyone who ever placed one of the orders.",
     {},
     {{"lifetime_value", "Sum of orders."}}},
    {"source.p.raw.orders", "source", "raw.orders", "", {}, {}},
};

std::string found(std::string_view query) {
  std::string names;
  for (const SearchHit& hit : search(entries, query)) {
    names += entries[hit.entry].id + (hit.column.empty() ? "" : "#" + hit.column) + " ";
  }
  return names;
}

TEST(Search, NamesComeFirst) {
  const std::string hits = found("orders");
  EXPECT_TRUE(hits.starts_with("model.p.orders model.p.stg_orders source.p.raw.orders model.p.customers ")) << hits;
  EXPECT_NE(hits.find("model.p.customers "), std::string::npos) << hits;
}

TEST(Search, EveryWordCounts) {
  EXPECT_EQ(found("orders amount"), "model.p.orders#amount ");
  EXPECT_EQ(found("source orders"), "source.p.raw.orders ");
  EXPECT_EQ(found("orders nothing"), "");
  EXPECT_EQ(found("  "), "");
}

TEST(Search, DescriptionsAreQuoted) {
  const std::vector<SearchHit> hits = search(entries, "EUROS");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].column, "amount");
  EXPECT_EQ(hits[0].excerpt, "Net of tax, in euros.");
}

}  // namespace
}  // namespace rynd::catalog
