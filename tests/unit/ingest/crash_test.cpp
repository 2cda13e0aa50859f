// A load that is killed leaves whole partitions or nothing of them, and the next one finishes the work.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/render.h"
#include "ingest/ingest.h"

namespace rynd::ingest {
namespace {

constexpr int rows_each = 2000;

// Loads all that is not loaded yet; true when it went well.
bool load_all(const std::filesystem::path& folder) {
  RealClock clock;
  RealFiles files;
  RealProcess process;
  RealRandom random;
  RealHttp http;
  World world{clock, files, process, random, http};
  auto database = engine::open({.path = (folder / "w.duckdb").string()});
  if (!database) return false;
  auto connection = std::move(*(*database)->connect());
  auto sources = read(folder, world);
  auto known = sources ? state(*sources, *connection) : fail({.message = "no sources"});
  if (!known) return false;
  auto loads = plan(*sources, *known, {}, folder, world);
  return loads && load(*sources, loads->at(0), folder, *connection, world).ok();
}

int64_t number(engine::Connection& connection, const std::string& sql) {
  auto table = engine::fetch(connection, sql);
  if (!table) return -1;
  auto value = table->rows.at(0).at(0).get_if<int64_t>();
  return value ? *value : 0;
}

// The rows of the table and what the bookkeeping says of them.
void expect_whole(const std::filesystem::path& folder, bool finished) {
  auto database = engine::open({.path = (folder / "w.duckdb").string()});
  ASSERT_TRUE(database) << render_text(database.error());
  auto connection = std::move(*(*database)->connect());
  int64_t kept =
      std::max<int64_t>(0, number(*connection, "SELECT coalesce(sum(\"rows\"), 0)::BIGINT FROM raw._rynd_partitions"));
  int64_t parts =
      std::max<int64_t>(0, number(*connection, "SELECT count(*) FROM raw._rynd_partitions WHERE status = 'loaded'"));
  int64_t rows = std::max<int64_t>(0, number(*connection, "SELECT count(*) FROM raw.t"));
  EXPECT_EQ(rows, kept);
  EXPECT_EQ(rows, parts * rows_each);
  EXPECT_EQ(std::max<int64_t>(0, number(*connection, "SELECT count(DISTINCT id) FROM raw.t")), rows);
  EXPECT_EQ(std::max<int64_t>(0, number(*connection, "SELECT count(*) FROM raw._dlt_loads")), parts);
  if (finished) {
    EXPECT_EQ(parts, 12);
  }
}

TEST(Killed, LosesNothingAndDoublesNothing) {
  auto folder = std::filesystem::temp_directory_path() / ("rynd-crash-" + RealRandom().uuid());
  RealFiles files;
  ASSERT_TRUE(
      files.write(folder / "ingest/t.yml",
                  "type: files\npath: data/{partition}.csv\npartition: {by: month, from: 2011-01, to: 2011-12}\n"));
  for (int month = 1; month <= 12; ++month) {
    std::string text = "id,v\n";
    for (int i = 0; i < rows_each; ++i) text += std::to_string(month * rows_each + i) + ",x\n";
    std::string name = month < 10 ? "0" + std::to_string(month) : std::to_string(month);
    ASSERT_TRUE(files.write(folder / ("data/2011-" + name + ".csv"), text));
  }
  for (int attempt = 0; attempt < 8; ++attempt) {
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(load_all(folder) ? 0 : 1);
    ::usleep(static_cast<useconds_t>(60'000 + attempt * 23'000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    expect_whole(folder, false);
  }
  EXPECT_TRUE(load_all(folder));
  expect_whole(folder, true);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rynd::ingest
