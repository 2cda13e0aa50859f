// Engine suite: what every engine must do, run against each of them; what differs is asked of its Capabilities.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "engine/engine.h"

namespace rynd::engine {

struct EngineUnderTest {
  std::string name;
  std::function<Result<std::unique_ptr<Database>>()> open;  // empty, and not shared with other tests
};

class EngineSuite : public testing::TestWithParam<EngineUnderTest> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    ASSERT_TRUE(database) << database.error().message;
    database_ = std::move(*database);
    connection_ = connect();
  }

  std::unique_ptr<Connection> connect() {
    auto connection = database_->connect();
    if (!connection) ADD_FAILURE() << connection.error().message;
    return connection ? std::move(*connection) : nullptr;
  }

  int64_t execute(std::string_view sql) {
    auto done = connection_->execute(sql);
    if (!done) ADD_FAILURE() << sql << ": " << done.error().message;
    return done.value_or(-1);
  }

  Table table(std::string_view sql, std::span<const Value> parameters = {}) {
    auto result = fetch(*connection_, sql, parameters);
    if (!result) ADD_FAILURE() << sql << ": " << result.error().message;
    return result.value_or(Table{});
  }

  // The first cell, as text.
  std::string cell(std::string_view sql) {
    const Table result = table(sql);
    return result.rows.empty() ? "no rows" : to_text(result.rows[0][0]);
  }

  Diagnostic error(std::string_view sql) {
    auto done = connection_->execute(sql);
    if (done) ADD_FAILURE() << sql << ": should have failed";
    return done ? Diagnostic{} : done.error();
  }

  const Capabilities& capabilities() const { return database_->capabilities(); }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace rynd::engine
