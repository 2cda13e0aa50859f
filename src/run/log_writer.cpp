// Log writer: the real file, and grouping.
#include "run/log_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "run/log_format.h"

namespace rynd::run {
namespace {

std::unexpected<Diagnostic> unwritable(const std::filesystem::path& path, int error) {
  return fail({.code = Code::run_log_unwritable,
               .message = "the run log '" + path.string() + "' cannot be written: " + std::strerror(error),
               .help = "rynd keeps its run log in .rynd/runs below the project"});
}

class RealLogFile final : public LogFile {
 public:
  RealLogFile(std::filesystem::path path, int file) : path_(std::move(path)), file_(file) {}
  ~RealLogFile() override { ::close(file_); }
  RealLogFile(const RealLogFile&) = delete;
  RealLogFile& operator=(const RealLogFile&) = delete;

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return unwritable(path_, errno);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(file_) != 0) return unwritable(path_, errno);
    return {};
  }

 private:
  std::filesystem::path path_;
  int file_;
};

}  // namespace

Result<std::unique_ptr<LogFile>> create_log_file(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return unwritable(path, error.value());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return unwritable(path, errno);
  // Without this the name itself may be lost in a power cut.
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return std::make_unique<RealLogFile>(path, file);
}

LogWriter::LogWriter(std::unique_ptr<LogFile> file, Secrets secrets)
    : file_(std::move(file)), secrets_(std::move(secrets)), pending_(log_version_line) {}

void LogWriter::add(const Node& record) { pending_ += encode_record(record, secrets_); }

Result<void> LogWriter::write() {
  if (pending_.empty()) return {};
  const std::string bytes = std::exchange(pending_, {});
  unsynced_ = true;
  return file_->append(bytes);
}

Result<void> LogWriter::flush() {
  if (Result<void> written = write(); !written) return written;
  return std::exchange(unsynced_, false) ? file_->sync() : Result<void>{};
}

}  // namespace rynd::run
