// Secrets: the values of DBT_ENV_SECRET* variables, kept out of what is printed and written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/process.h"

namespace rynd {

class Secrets {
 public:
  Secrets() = default;
  // Of every variable whose name begins with DBT_ENV_SECRET: dbt's convention.
  explicit Secrets(Process& process);

  bool empty() const { return values_.empty(); }
  // Each of them as "*****", also where JSON escapes it; bytes that are no text stay as they are.
  std::string hidden(std::string_view text) const;
  // Whether one of them stands there, in bytes of any kind.
  bool occur_in(std::string_view bytes) const;

 private:
  std::vector<std::string> values_;  // the longest first: one may be part of another
};

// Files that secrets are not written to.
class DiscreetFiles final : public Files {
 public:
  DiscreetFiles(Files& files, const Secrets& secrets) : files_(files), secrets_(secrets) {}
  Result<std::string> read(const std::filesystem::path& path) override { return files_.read(path); }
  Result<void> write(const std::filesystem::path& path, std::string_view text) override;
  Result<void> write_durably(const std::filesystem::path& path, std::string_view text) override;
  Result<void> write_pieces(const std::filesystem::path& path,
                            const std::function<void(const TextSink&)>& fill) override;
  Result<void> write_private(const std::filesystem::path& path, std::string_view text) override;
  Result<void> append(const std::filesystem::path& path, std::string_view text) override;
  bool exists(const std::filesystem::path& path) override { return files_.exists(path); }
  bool is_folder(const std::filesystem::path& path) override { return files_.is_folder(path); }
  std::optional<FileInfo> info(const std::filesystem::path& path) override { return files_.info(path); }
  std::vector<FileInfo> list(const std::filesystem::path& folder) override { return files_.list(folder); }
  Result<void> remove(const std::filesystem::path& path) override { return files_.remove(path); }
  Result<void> make_folder(const std::filesystem::path& path) override { return files_.make_folder(path); }

 private:
  Files& files_;
  const Secrets& secrets_;
};

}  // namespace rynd
