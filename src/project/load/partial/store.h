// Store: target/partial_parse.rynd, the contributions of files as bytes; docs/formats/partial-parse.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/files.h"
#include "load/partial/questions.h"

namespace rynd::project {

enum class FileKind : uint8_t {
  builtin_macros,
  macros,
  test_macros,
  docs,
  model,
  snapshot,
  analysis,
  test,
  function,
  seed,
  hooks,
  properties
};

// A function takes the bodies of its overloads out of other files, and there are few: they are made anew each time.
constexpr bool is_stored(FileKind kind) { return kind != FileKind::function; }

// A file as it stands in its folder.
struct FileStamp {
  uint64_t size = 0;
  int64_t modified_us = 0;
  int64_t changed_us = 0;
  bool operator==(const FileStamp&) const = default;
};

// What is known of a file of the last time; texts are views into the store.
struct StoredFile {
  FileKind kind = FileKind::model;
  std::string_view name;
  FileStamp stamp;
  uint64_t hash = 0;  // of the text
  std::vector<QuestionId> reading;
  std::vector<QuestionId> asked;
  std::vector<std::vector<std::string_view>> names;
  std::string_view text;
  std::string_view payload;
  uint64_t payload_hash = 0;
};

// A question of the last time, and its answer then.
struct StoredQuestion {
  Question kind = Question::moment;
  std::string_view name;
  uint64_t answer = 0;
};

class Store {
 public:
  // Empty where there is none, where it is damaged, of another version of rynd, or made under another key.
  static Store open(Files& files, const std::filesystem::path& path, uint64_t key);

  const StoredFile* find(FileKind kind, std::string_view name) const;
  const std::vector<StoredQuestion>& questions() const { return questions_; }
  const std::vector<StoredFile>& files() const { return files_; }
  // Whether a file that stands as it did then has the same text for certain.
  bool is_certain(const FileStamp& stamp) const;
  const std::shared_ptr<const std::string>& bytes() const { return bytes_; }

 private:
  bool read(std::string_view bytes, uint64_t key);

  std::shared_ptr<const std::string> bytes_;
  int64_t began_us_ = 0;  // when the files were looked at
  std::vector<StoredQuestion> questions_;
  std::vector<StoredFile> files_;
  std::unordered_map<std::string_view, size_t> places_[12];
};

// A file to be stored; `payload` is asked for when its turn comes.
struct FileToStore {
  StoredFile about;
  std::function<std::string()> payload;  // where about.payload is empty
};

// Payloads that are asked for get their hashes. Nothing is said where it cannot be written: the next command reads all
// files again.
void write_store(Files& files, const std::filesystem::path& path, uint64_t key, int64_t began_us,
                 const std::vector<StoredQuestion>& questions, std::vector<FileToStore>& contents);

}  // namespace rynd::project
