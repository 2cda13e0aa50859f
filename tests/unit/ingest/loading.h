// Loading: a project folder, a real DuckDB and a clock that tests move, for tests that load.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "base/render.h"
#include "base/text.h"
#include "ingest/ingest.h"

namespace rynd::ingest {

class Loading : public testing::Test {
 protected:
  Loading() {
    folder_ = std::filesystem::temp_directory_path() / ("rynd-test-" + RealRandom().uuid());
    std::filesystem::create_directories(folder_ / "ingest");
    database_ = std::move(*engine::open({}));
    connection_ = std::move(*database_->connect());
  }
  ~Loading() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& path, const std::string& text) { ASSERT_TRUE(files_.write(folder_ / path, text)); }

  // Makes a file with the engine's own writers: "COPY (...) TO '{}' (...)".
  void copy(const std::string& query, const std::string& path, const std::string& options) {
    std::filesystem::create_directories((folder_ / path).parent_path());
    auto done = connection_->execute("COPY (" + query + ") TO '" + (folder_ / path).string() + "' (" + options + ")");
    ASSERT_TRUE(done) << render_text(done.error());
  }

  // Reads the sources, plans and loads; one report a load, joined as text.
  std::vector<LoadReport> run(const Selection& selection = {}) {
    reports_.clear();
    auto sources = read(folder_, world_);
    EXPECT_TRUE(sources) << (sources ? "" : render_text(sources.error()));
    if (!sources) return {};
    auto known = state(*sources, *connection_);
    EXPECT_TRUE(known) << (known ? "" : render_text(known.error()));
    auto loads = plan(*sources, *known, selection, folder_, world_);
    EXPECT_TRUE(loads) << (loads ? "" : render_text(loads.error()));
    if (!loads) return {};
    std::vector<bool> ended(loads->size());
    for (size_t left = loads->size(); left > 0;) {
      for (size_t i = 0; i < loads->size(); ++i) {
        bool ready = !ended[i] && std::all_of((*loads)[i].after.begin(), (*loads)[i].after.end(),
                                              [&](size_t a) { return ended[a]; });
        if (!ready) continue;
        clock_.advance(std::chrono::seconds(1));
        reports_.push_back(load(*sources, (*loads)[i], folder_, *connection_, world_, stop_.get_token()));
        ended[i] = true;
        --left;
      }
    }
    return reports_;
  }

  // "loaded 3, quarantined 1; 2011-01 loaded, 2011-02 missing; added column ...", and the problems.
  std::string told(const LoadReport& report) {
    std::string text = std::to_string(report.rows) + " rows, " + std::to_string(report.quarantined) + " quarantined";
    for (const auto& part : report.partitions) {
      if (!part.partition.empty()) text += "; " + part.partition + " " + std::string(to_text(part.status));
    }
    for (const auto& change : report.schema_changes) text += "; " + change;
    if (!report.problems.empty()) text += "\n" + render_text(report.problems);
    return text;
  }

  std::string run_one(const Selection& selection = {}) {
    auto reports = run(selection);
    return reports.size() == 1 ? told(reports[0]) : std::to_string(reports.size()) + " loads";
  }

  // Rows as "a|b\n", or the error.
  std::string rows(const std::string& sql) {
    auto table = engine::fetch(*connection_, sql);
    if (!table) return render_text(table.error());
    std::string text;
    for (const auto& row : table->rows) {
      for (size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "|" : "") + engine::to_text(row[i]);
      text += "\n";
    }
    return text;
  }

  std::filesystem::path folder_;
  SimClock clock_{Instant(std::chrono::sys_days(std::chrono::year(2012) / 6 / 15))};
  RealFiles files_;
  SimProcess process_{{{"TOKEN", "very-secret-token"}}};
  SimRandom random_{7};
  RealHttp http_;
  World world_{clock_, files_, process_, random_, http_};
  std::stop_source stop_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Connection> connection_;
  std::vector<LoadReport> reports_;
};

}  // namespace rynd::ingest
