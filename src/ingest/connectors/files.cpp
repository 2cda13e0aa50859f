// Files connector: local and downloaded files, zip members, each handed to the reader of its format.
#include <fmt/format.h>

#include <fstream>

#include "base/text.h"
#include "connector.h"
#include "connectors/formats.h"
#include "partition.h"
#include "placeholders.h"
#include "request.h"
#include "unpack.h"

namespace rynd::ingest {
namespace {

constexpr size_t told_bytes = 40;

// A folder of our own for downloads and members; goes with all in it.
class Workspace {
 public:
  explicit Workspace(World& world) : world_(world) {
    std::error_code error;
    folder_ = std::filesystem::temp_directory_path(error) / ("rynd-" + world.random.uuid());
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() {
    if (made_) (void)world_.files.remove(folder_);
  }
  Result<std::filesystem::path> folder() {
    if (!made_) {
      if (auto made = world_.files.make_folder(folder_); !made) return fail(made.error());
      made_ = true;
    }
    return folder_;
  }

 private:
  World& world_;
  std::filesystem::path folder_;
  bool made_ = false;
};

std::string last_of_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  std::string name(url.substr(url.rfind('/') + 1));
  return name.empty() ? "download" : name;
}

// What a file begins with, so that a page of HTML in the place of data is seen at once.
std::string beginning(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(told_bytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (bytes.empty()) return "it is empty";
  bool binary = bytes.find_first_of(std::string_view("\0\x01\x02\x03\x04\x05\x06\x07", 8)) != std::string::npos ||
                static_cast<unsigned char>(bytes[0]) >= 0x80 || bytes[0] == '\x1f';
  if (binary) return "it begins with bytes that are no text";
  for (char& c : bytes) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return "it begins with: " + bytes;
}

class Reading {
 public:
  Reading(const Job& job, Stage& stage)
      : job_(job), stage_(stage), requester_(job.source.client, job.world, job.stop), workspace_(job.world) {}

  Result<Outcome> operator()() {
    if (job_.part.is_missing()) {
      outcome_.missing = missing_words();
      return std::move(outcome_);
    }
    for (const auto& file : job_.part.files) {
      if (auto done = read(file.path, file.name); !done) return fail(done.error());
    }
    for (const auto& url : job_.part.urls) {
      if (auto done = download(url); !done) return fail(done.error());
      if (!outcome_.missing.empty()) break;
    }
    outcome_.requests = requester_.count();
    return std::move(outcome_);
  }

 private:
  std::string missing_words() const {
    std::vector<std::string> paths;
    for (const auto& path : job_.resource.files.paths) {
      paths.push_back(fill(path, [&](std::string_view name) {
        return job_.resource.partition ? partition_value(name, job_.resource.partition->by, job_.part.name)
                                       : std::nullopt;
      }));
    }
    std::string where = "'" + join(paths, "', '") + "'";
    if (!job_.resource.partition) return where + (paths.size() == 1 ? " is not there" : " are not there");
    return fmt::format("'{}' of '{}' is not there: no {}", job_.part.name, job_.resource.name, where);
  }

  Result<void> download(const std::string& url) {
    auto folder = workspace_.folder();
    if (!folder) return fail(folder.error());
    std::filesystem::path path = *folder / last_of_url(url);
    auto response = requester_.download({.url = url}, path);
    if (!response) return fail(response.error());
    if (response->status == 404 || response->status == 410) {
      outcome_.missing = "'" + printable_url(url) + "' is not there";
      return {};
    }
    if (response->status >= 400) return fail(status_failure(*response));
    return read(path, printable_url(url));
  }

  Result<void> read(const std::filesystem::path& path, const std::string& shown) {
    if (lower(path.extension().string()) == ".zip") return read_archive(path, shown);
    return read_one(path, shown);
  }

  Result<void> read_archive(const std::filesystem::path& path, const std::string& shown) {
    auto folder = workspace_.folder();
    if (!folder) return fail(folder.error());
    const std::string& pattern = job_.resource.files.member;
    auto members = extract_members(path, *folder, [&](std::string_view name) {
      if (!pattern.empty()) return path_matches(pattern, name) || path_matches("**/" + pattern, name);
      bool hidden = name.starts_with("__MACOSX/") || name.find("/.") != std::string_view::npos || name.starts_with(".");
      return !hidden && !format_of(job_.resource.files, name).empty();
    });
    if (!members) {
      Diagnostic problem = members.error();
      problem.message = replace_all(problem.message, "'" + path.filename().string() + "'", "'" + shown + "'");
      return fail(std::move(problem));
    }
    if (members->empty()) {
      return fail({.code = Code::ingest_format,
                   .message = "'" + shown + "' has no member " +
                              (pattern.empty() ? "of a known format" : "'" + pattern + "'")});
    }
    for (const auto& member : *members) {
      if (auto done = read_one(member.path, shown + "/" + member.name); !done) return done;
    }
    return {};
  }

  Result<void> read_one(const std::filesystem::path& path, const std::string& shown) {
    std::string format = format_of(job_.resource.files, path.filename().string());
    if (format.empty()) {
      return fail({.code = Code::ingest_format,
                   .message = "the format of '" + shown + "' is not known by its name",
                   .help = "say it: 'format: csv', json, ndjson or parquet"});
    }
    FileToRead file{.path = path, .shown = shown, .rows_before = rows_};
    Result<int64_t> added = format == "csv"       ? read_csv(job_, stage_, file)
                            : format == "parquet" ? read_parquet(job_, stage_, file)
                            : format == "json"    ? read_json(job_, stage_, file)
                                                  : read_ndjson(job_, stage_, file);
    if (!added) {
      Diagnostic problem = added.error();
      if (problem.code == Code::ingest_format) problem.notes.push_back(beginning(path));
      return fail(std::move(problem));
    }
    rows_ += *added;
    if (job_.progress) job_.progress(rows_, requester_.count());
    return {};
  }

  const Job& job_;
  Stage& stage_;
  Requester requester_;
  Workspace workspace_;
  Outcome outcome_;
  int64_t rows_ = 0;
};

}  // namespace

std::string format_of(const FileOptions& options, std::string_view name) {
  if (!options.format.empty()) return options.format;
  std::string text = lower(name);
  for (const char* compressed : {".gz", ".zst", ".bz2", ".xz"}) {
    if (text.ends_with(compressed)) text.resize(text.size() - std::string_view(compressed).size());
  }
  if (text.ends_with(".csv") || text.ends_with(".tsv") || text.ends_with(".txt")) return "csv";
  if (text.ends_with(".parquet")) return "parquet";
  if (text.ends_with(".ndjson") || text.ends_with(".jsonl")) return "ndjson";
  return text.ends_with(".json") ? "json" : "";
}

Result<Outcome> read_files(const Job& job, Stage& stage) { return Reading(job, stage)(); }

}  // namespace rynd::ingest
