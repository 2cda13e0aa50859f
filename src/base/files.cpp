// Files: the disk, with writes that happen whole or not at all.
#include "base/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

namespace rynd {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

std::unexpected<Diagnostic> failure(Code code, const std::string& what, const fs::path& path, int error) {
  return fail({.code = code, .message = what + " '" + path.lexically_normal().string() + "': " + std::strerror(error)});
}

std::unexpected<Diagnostic> read_failure(const fs::path& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return fail({.code = Code::file_not_found, .message = "'" + path.lexically_normal().string() + "' is not there"});
  }
  return failure(Code::file_unreadable, "cannot read", path, error);
}

std::unexpected<Diagnostic> write_failure(const fs::path& path, int error) {
  return failure(Code::file_unwritable, "cannot write", path, error);
}

// 0, or the error number.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

int make_folders(const fs::path& folder) {
  if (folder.empty()) return 0;
  std::error_code error;
  fs::create_directories(folder, error);
  return error.value();
}

int64_t microseconds(const timespec& time) { return time.tv_sec * int64_t{1'000'000} + time.tv_nsec / 1000; }

using Directory = std::unique_ptr<DIR, decltype([](DIR* directory) { ::closedir(directory); })>;

class Walk {
 public:
  explicit Walk(std::vector<FileInfo>& found) : found_(found) {}

  // `at` is an open folder that `path` is relative to.
  void folder(int at, const char* path, const std::string& prefix) {
    Descriptor descriptor(::openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat info {};
    if (!descriptor || ::fstat(descriptor.get(), &info) != 0) return;
    // A link to a folder that we are in would never end.
    auto [self, is_new] = above_.insert({info.st_dev, info.st_ino});
    if (!is_new) return;
    if (Directory directory{::fdopendir(::dup(descriptor.get()))}) {
      while (const dirent* entry = ::readdir(directory.get())) visit(descriptor.get(), entry->d_name, prefix);
    }
    above_.erase(self);
  }

 private:
  void visit(int folder_descriptor, const char* name, const std::string& prefix) {
    if (std::string_view(name) == "." || std::string_view(name) == "..") return;
    struct stat info {};
    if (::fstatat(folder_descriptor, name, &info, 0) != 0) return;
    if (S_ISDIR(info.st_mode)) {
      folder(folder_descriptor, name, prefix + name + "/");
    } else if (S_ISREG(info.st_mode)) {
      found_.push_back(
          {prefix + name, static_cast<uint64_t>(info.st_size), microseconds(info.st_mtim), microseconds(info.st_ctim)});
    }
  }

  std::vector<FileInfo>& found_;
  std::set<std::pair<dev_t, ino_t>> above_;
};

// Where a text is made before it gets its name; the folders above are there for most, so they are made on demand.
int open_beside(std::string& beside, const fs::path& path) {
  beside = path.string() + ".XXXXXX";
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);
  if (file >= 0 || errno != ENOENT) return file;
  if (const int error = make_folders(path.parent_path())) {
    errno = error;
    return -1;
  }
  beside = path.string() + ".XXXXXX";
  return ::mkostemp(beside.data(), O_CLOEXEC);
}

// The new name is on disk only once its folder is.
void sync_folder_of(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); parent) ::fsync(parent.get());
}

// A file beside `path` that takes its place once it is whole; dropped before, it leaves nothing.
class Replacement {
 public:
  explicit Replacement(const fs::path& path) : path_(path), file_(open_beside(beside_, path)) {
    if (!file_) error_ = errno;
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (!in_place_ && file_) ::unlink(beside_.c_str());
  }

  void write(std::string_view text) {
    if (!error_) error_ = write_all(file_.get(), text);
  }
  void sync() {
    if (!error_ && ::fsync(file_.get()) != 0) error_ = errno;
  }
  Result<void> take_place(mode_t mode) {
    if (!error_ && ::fchmod(file_.get(), mode) != 0) error_ = errno;
    if (!error_ && ::rename(beside_.c_str(), path_.c_str()) != 0) error_ = errno;
    if (error_) return write_failure(path_, error_);
    in_place_ = true;
    return {};
  }

 private:
  const fs::path& path_;
  std::string beside_;
  Descriptor file_;
  int error_ = 0;
  bool in_place_ = false;
};

Result<void> write_whole(const fs::path& path, std::string_view text, mode_t mode, bool durable = false) {
  Replacement file(path);
  file.write(text);
  if (durable) file.sync();
  auto written = file.take_place(mode);
  if (written && durable) sync_folder_of(path);
  return written;
}

// That of the file to be replaced, or the usual one.
mode_t mode_of(const fs::path& path) {
  struct stat before {};
  return ::stat(path.c_str(), &before) == 0 ? before.st_mode & 07777 : 0644;
}

}  // namespace

Result<std::string> RealFiles::read(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return read_failure(path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return read_failure(path, errno);
  std::string text(static_cast<size_t>(std::max<off_t>(info.st_size, 0)) + 1, '\0');
  size_t size = 0;
  while (true) {
    ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return read_failure(path, errno);
    if (got == 0) break;
    size += static_cast<size_t>(got);
    if (size == text.size()) text.resize(text.size() * 2);
  }
  text.resize(size);
  return text;
}

Result<void> RealFiles::write(const fs::path& path, std::string_view text) {
  return write_whole(path, text, mode_of(path));
}

Result<void> RealFiles::write_durably(const fs::path& path, std::string_view text) {
  return write_whole(path, text, mode_of(path), true);
}

Result<void> RealFiles::write_pieces(const fs::path& path, const std::function<void(const TextSink&)>& fill) {
  constexpr size_t piece_size = 256 * 1024;
  Replacement file(path);
  std::string waiting;
  fill([&](std::string_view piece) {
    waiting += piece;
    if (waiting.size() < piece_size) return;
    file.write(waiting);
    waiting.clear();
  });
  file.write(waiting);
  return file.take_place(mode_of(path));
}

Result<void> RealFiles::write_private(const fs::path& path, std::string_view text) {
  return write_whole(path, text, 0600);
}

Result<void> RealFiles::append(const fs::path& path, std::string_view text) {
  if (int error = make_folders(path.parent_path())) return write_failure(path, error);
  Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!file) return write_failure(path, errno);
  if (int error = write_all(file.get(), text)) return write_failure(path, error);
  return {};
}

bool RealFiles::exists(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool RealFiles::is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::optional<FileInfo> RealFiles::info(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return FileInfo{path, static_cast<uint64_t>(found.st_size), microseconds(found.st_mtim), microseconds(found.st_ctim)};
}

std::vector<FileInfo> RealFiles::list(const fs::path& folder) {
  std::vector<FileInfo> found;
  Walk(found).folder(AT_FDCWD, folder.c_str(), "");
  std::sort(found.begin(), found.end(),
            [](const FileInfo& a, const FileInfo& b) { return a.path.native() < b.path.native(); });
  return found;
}

Result<void> RealFiles::remove(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return failure(Code::file_unwritable, "cannot remove", path, error.value());
  return {};
}

Result<void> RealFiles::make_folder(const fs::path& path) {
  if (int error = make_folders(path)) return failure(Code::file_unwritable, "cannot make the folder", path, error);
  return {};
}

}  // namespace rynd
