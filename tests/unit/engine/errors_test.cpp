// DuckDB's own faults, which no statement brings about on purpose.
#include "duckdb/errors.h"

#include <gtest/gtest.h>

namespace rynd::engine::duck {
namespace {

TEST(DuckDbErrors, AFaultOfTheEngineIsNamedSo) {
  const Diagnostic fatal = sql_error(
      R"({"exception_type":"FATAL","exception_message":"Failed: database has been invalidated"})", "select 1");
  EXPECT_EQ(fatal.code, Code::engine_failed);
  EXPECT_EQ(fatal.message, "FATAL Error: Failed: database has been invalidated");
  EXPECT_EQ(fatal.help, "close everything that uses the database and open it again");
  EXPECT_EQ(sql_error("INTERNAL Error: Attempted to access index 3", "select 1").code, Code::engine_failed);
}

}  // namespace
}  // namespace rynd::engine::duck
