// The run log: what was written is read, and every kind of damage is told apart.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "run/log_format.h"
#include "run/log_reader.h"
#include "run/log_writer.h"

namespace rynd::run {
namespace {

Node record(std::string type, int64_t task) {
  Node node = Node::map();
  node.set("type", Node::of(std::move(type)));
  node.set("task", Node::of(task));
  return node;
}

// A disk that keeps what was synced and, at a crash, only some of what was not.
class FakeFile final : public LogFile {
 public:
  FakeFile(std::string& bytes, size_t& synced) : bytes_(bytes), synced_(synced) {}
  Result<void> append(std::string_view bytes) override {
    bytes_ += bytes;
    return {};
  }
  Result<void> sync() override {
    synced_ = bytes_.size();
    return {};
  }

 private:
  std::string& bytes_;
  size_t& synced_;
};

std::string three_records() {
  std::string bytes;
  size_t synced = 0;
  LogWriter writer(std::make_unique<FakeFile>(bytes, synced));
  for (int64_t task = 0; task < 3; ++task) writer.add(record("task_started", task));
  EXPECT_TRUE(writer.flush());
  EXPECT_EQ(synced, bytes.size());
  return bytes;
}

LogContents read(const std::string& bytes) {
  Result<LogContents> contents = read_log(make_source("a.log", bytes));
  EXPECT_TRUE(contents);
  return contents ? std::move(*contents) : LogContents{};
}

TEST(RunLog, ChecksumIsCastagnolis) { EXPECT_EQ(crc32c("123456789"), 0xe3069283u); }

TEST(RunLog, ReadsWhatWasWritten) {
  const LogContents contents = read(three_records());
  ASSERT_EQ(contents.records.size(), 3u);
  EXPECT_EQ(json::write(contents.records[2]), R"({"type": "task_started", "task": 2})");
  EXPECT_FALSE(contents.torn);
  EXPECT_FALSE(contents.damage);
}

TEST(RunLog, NothingIsWrittenBeforeFlush) {
  std::string bytes;
  size_t synced = 0;
  LogWriter writer(std::make_unique<FakeFile>(bytes, synced));
  writer.add(record("task_started", 1));
  EXPECT_EQ(bytes, "");
  EXPECT_TRUE(writer.flush());
  EXPECT_TRUE(writer.flush());
  EXPECT_EQ(read(bytes).records.size(), 1u);
}

TEST(RunLog, TornAnywhereItEndsAtTheLastWholeRecord) {
  const std::string whole = three_records();
  size_t before = 0;
  for (size_t size = 0; size <= whole.size(); ++size) {
    const LogContents contents = read(whole.substr(0, size));
    EXPECT_FALSE(contents.damage) << size;
    EXPECT_GE(contents.records.size(), before);
    before = contents.records.size();
    const bool at_line_end = size >= log_version_line.size() && whole[size - 1] == '\n';
    EXPECT_EQ(contents.torn, !at_line_end) << size;
  }
  EXPECT_EQ(before, 3u);
}

TEST(RunLog, GarbledLastRecordIsAnEnd) {
  std::string bytes = three_records();
  bytes[bytes.size() - 3] = '#';
  const LogContents contents = read(bytes);
  EXPECT_EQ(contents.records.size(), 2u);
  EXPECT_TRUE(contents.torn);
  EXPECT_FALSE(contents.damage);
}

TEST(RunLog, EveryGarbledByteInTheMiddleIsReported) {
  const std::string whole = three_records();
  const size_t second = whole.find('\n', log_version_line.size()) + 1;
  const size_t third = whole.find('\n', second) + 1;
  for (size_t at = second; at + 1 < third; ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    if (bytes[at] == '\n') continue;
    const LogContents contents = read(bytes);
    EXPECT_EQ(contents.records.size(), 1u) << at;
    ASSERT_TRUE(contents.damage) << at;
    EXPECT_EQ(contents.damage->code, Code::run_log_damaged);
  }
}

TEST(RunLog, AnotherVersionIsRefused) {
  const Result<LogContents> contents = read_log(make_source("a.log", "rynd-run-log 2\n"));
  ASSERT_FALSE(contents);
  EXPECT_EQ(contents.error().code, Code::run_log_version);
}

TEST(RunLog, RealFileIsMadeOnceAndHoldsTheRecords) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "rynd-log-test";
  std::filesystem::remove_all(folder);
  const std::filesystem::path path = folder / "runs" / "a.log";
  {
    Result<std::unique_ptr<LogFile>> file = create_log_file(path);
    ASSERT_TRUE(file);
    LogWriter writer(std::move(*file));
    writer.add(record("run_started", 0));
    ASSERT_TRUE(writer.flush());
  }
  const Result<std::unique_ptr<LogFile>> again = create_log_file(path);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::run_log_unwritable);
  std::ifstream in(path);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(read(bytes).records.size(), 1u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rynd::run
