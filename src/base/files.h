// Files: the door to the file system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace rynd {

struct FileInfo {
  std::filesystem::path path;  // below the listed folder, '/'-separated, sorted
  uint64_t size = 0;
  int64_t modified_us = 0;  // microseconds since 1970
  int64_t changed_us = 0;   // when anything of it was changed last, its times too: nobody can set that back
};

// Takes a text piece by piece.
using TextSink = std::function<void(std::string_view)>;

class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::string> read(const std::filesystem::path& path) = 0;
  // Whole or not at all, whatever becomes of this process: written beside and renamed into place. Makes the folders
  // above. A power cut may lose it: for what can be made again.
  virtual Result<void> write(const std::filesystem::path& path, std::string_view text) = 0;
  // The same, and on disk once it returns, which takes two syncs (milliseconds each): for what cannot be made again.
  virtual Result<void> write_durably(const std::filesystem::path& path, std::string_view text) = 0;
  // As write(), of a large text: `fill` hands it over piece by piece.
  virtual Result<void> write_pieces(const std::filesystem::path& path,
                                    const std::function<void(const TextSink&)>& fill) = 0;
  // As write(), for this user's eyes only (mode 0600).
  virtual Result<void> write_private(const std::filesystem::path& path, std::string_view text) = 0;
  virtual Result<void> append(const std::filesystem::path& path, std::string_view text) = 0;
  virtual bool exists(const std::filesystem::path& path) = 0;
  virtual bool is_folder(const std::filesystem::path& path) = 0;
  // One file, `path` as given; nothing where there is no file.
  virtual std::optional<FileInfo> info(const std::filesystem::path& path) = 0;
  // All files below a folder, recursively, links followed, hidden ones too; a folder that is not there has none.
  virtual std::vector<FileInfo> list(const std::filesystem::path& folder) = 0;
  virtual Result<void> remove(const std::filesystem::path& path) = 0;  // a file, or a folder with all in it
  virtual Result<void> make_folder(const std::filesystem::path& path) = 0;
};

class RealFiles final : public Files {
 public:
  Result<std::string> read(const std::filesystem::path& path) override;
  Result<void> write(const std::filesystem::path& path, std::string_view text) override;
  Result<void> write_durably(const std::filesystem::path& path, std::string_view text) override;
  Result<void> write_pieces(const std::filesystem::path& path,
                            const std::function<void(const TextSink&)>& fill) override;
  Result<void> write_private(const std::filesystem::path& path, std::string_view text) override;
  Result<void> append(const std::filesystem::path& path, std::string_view text) override;
  bool exists(const std::filesystem::path& path) override;
  bool is_folder(const std::filesystem::path& path) override;
  std::optional<FileInfo> info(const std::filesystem::path& path) override;
  std::vector<FileInfo> list(const std::filesystem::path& folder) override;
  Result<void> remove(const std::filesystem::path& path) override;
  Result<void> make_folder(const std::filesystem::path& path) override;
};

// A disk in memory. Folders are there once a file is below them, or when made.
class SimFiles final : public Files {
 public:
  explicit SimFiles(std::map<std::filesystem::path, std::string> files = {}) : files_(std::move(files)) {}
  // The next write or append to this path fails with RYND0103, as on a full disk.
  void fail_next_write(const std::filesystem::path& path);

  Result<std::string> read(const std::filesystem::path& path) override;
  Result<void> write(const std::filesystem::path& path, std::string_view text) override;
  Result<void> write_durably(const std::filesystem::path& path, std::string_view text) override;
  Result<void> write_pieces(const std::filesystem::path& path,
                            const std::function<void(const TextSink&)>& fill) override;
  Result<void> write_private(const std::filesystem::path& path, std::string_view text) override;
  Result<void> append(const std::filesystem::path& path, std::string_view text) override;
  bool exists(const std::filesystem::path& path) override;
  bool is_folder(const std::filesystem::path& path) override;
  std::optional<FileInfo> info(const std::filesystem::path& path) override;
  std::vector<FileInfo> list(const std::filesystem::path& folder) override;
  Result<void> remove(const std::filesystem::path& path) override;
  Result<void> make_folder(const std::filesystem::path& path) override;

 private:
  Result<void> may_write(const std::filesystem::path& path);

  std::mutex mutex_;
  std::map<std::filesystem::path, std::string> files_;
  std::vector<std::filesystem::path> folders_;
  std::vector<std::filesystem::path> failing_;
};

}  // namespace rynd
