// SimFiles: a disk in memory, for tests.
#include <algorithm>

#include "base/files.h"

namespace rynd {
namespace fs = std::filesystem;
namespace {

fs::path normal(const fs::path& path) {
  std::string text = path.lexically_normal().generic_string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  if (folder == ".") return !path.is_absolute();
  std::string prefix = folder == "/" ? "/" : folder.native() + "/";
  return path.native().starts_with(prefix);
}

}  // namespace

void SimFiles::fail_next_write(const fs::path& path) {
  std::scoped_lock lock(mutex_);
  failing_.push_back(normal(path));
}

Result<std::string> SimFiles::read(const fs::path& path) {
  std::scoped_lock lock(mutex_);
  auto found = files_.find(normal(path));
  if (found != files_.end()) return found->second;
  return fail({.code = Code::file_not_found, .message = "'" + path.string() + "' is not there"});
}

Result<void> SimFiles::may_write(const fs::path& path) {
  auto failing = std::find(failing_.begin(), failing_.end(), normal(path));
  if (failing == failing_.end()) return {};
  failing_.erase(failing);
  return fail(
      {.code = Code::file_unwritable, .message = "cannot write '" + path.string() + "': No space left on device"});
}

Result<void> SimFiles::write(const fs::path& path, std::string_view text) {
  std::scoped_lock lock(mutex_);
  if (auto allowed = may_write(path); !allowed) return allowed;
  files_[normal(path)] = text;
  return {};
}

Result<void> SimFiles::write_durably(const fs::path& path, std::string_view text) { return write(path, text); }

Result<void> SimFiles::write_pieces(const fs::path& path, const std::function<void(const TextSink&)>& fill) {
  std::string text;
  fill([&](std::string_view piece) { text += piece; });
  return write(path, text);
}

Result<void> SimFiles::write_private(const fs::path& path, std::string_view text) { return write(path, text); }

Result<void> SimFiles::append(const fs::path& path, std::string_view text) {
  std::scoped_lock lock(mutex_);
  if (auto allowed = may_write(path); !allowed) return allowed;
  files_[normal(path)] += text;
  return {};
}

bool SimFiles::exists(const fs::path& path) {
  {
    std::scoped_lock lock(mutex_);
    if (files_.contains(normal(path))) return true;
  }
  return is_folder(path);
}

bool SimFiles::is_folder(const fs::path& path) {
  std::scoped_lock lock(mutex_);
  fs::path folder = normal(path);
  if (std::find(folders_.begin(), folders_.end(), folder) != folders_.end()) return true;
  return std::any_of(files_.begin(), files_.end(), [&](const auto& file) { return is_below(file.first, folder); });
}

std::optional<FileInfo> SimFiles::info(const fs::path& path) {
  std::scoped_lock lock(mutex_);
  const auto found = files_.find(normal(path));
  if (found == files_.end()) return std::nullopt;
  return FileInfo{path, found->second.size(), 0};
}

std::vector<FileInfo> SimFiles::list(const fs::path& folder) {
  std::scoped_lock lock(mutex_);
  std::vector<FileInfo> found;
  fs::path root = normal(folder);
  for (const auto& [path, text] : files_) {
    if (is_below(path, root)) found.push_back({path.lexically_relative(root), text.size(), 0});
  }
  std::sort(found.begin(), found.end(),
            [](const FileInfo& a, const FileInfo& b) { return a.path.native() < b.path.native(); });
  return found;
}

Result<void> SimFiles::remove(const fs::path& path) {
  std::scoped_lock lock(mutex_);
  fs::path gone = normal(path);
  std::erase_if(files_, [&](const auto& file) { return file.first == gone || is_below(file.first, gone); });
  std::erase_if(folders_, [&](const fs::path& folder) { return folder == gone || is_below(folder, gone); });
  return {};
}

Result<void> SimFiles::make_folder(const fs::path& path) {
  std::scoped_lock lock(mutex_);
  folders_.push_back(normal(path));
  return {};
}

}  // namespace rynd
