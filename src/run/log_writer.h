// Log writer: appends records to a run's log and makes them durable in groups.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/node.h"
#include "base/secrets.h"

namespace rynd::run {

// The door to the disk under a log: a fake one loses or tears what was not synced.
class LogFile {
 public:
  virtual ~LogFile() = default;
  virtual Result<void> append(std::string_view bytes) = 0;
  // What was appended survives a power cut once this returns.
  virtual Result<void> sync() = 0;
};

// Makes the folders above; fails with RYND0512 where it cannot, or where the file is there already.
Result<std::unique_ptr<LogFile>> create_log_file(const std::filesystem::path& path);

// Used by one thread.
class LogWriter {
 public:
  explicit LogWriter(std::unique_ptr<LogFile> file, Secrets secrets = {});

  // Kept until the next write() or flush().
  void add(const Node& record);
  // One write for all that was added: it survives this process, but not a power cut.
  Result<void> write();
  // One write and one sync for all that was added since the last one; nothing to do where nothing was.
  Result<void> flush();

 private:
  std::unique_ptr<LogFile> file_;
  Secrets secrets_;
  std::string pending_;
  bool unsynced_ = false;
};

}  // namespace rynd::run
