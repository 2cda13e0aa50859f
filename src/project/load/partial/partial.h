// Partial: reading a project as far as possible from what is kept of the last reading.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>

#include "load/partial/answers.h"
#include "load/partial/contribution.h"

namespace rynd::project {

// A clock that tells that it was asked: what depends on the time is different each time.
class WatchedClock final : public Clock {
 public:
  WatchedClock(Clock& clock, Witness& witness) : clock_(clock), witness_(witness) {}
  Instant now() override {
    witness_.asked(Question::moment, "");
    return clock_.now();
  }
  std::chrono::steady_clock::time_point steady() override { return clock_.steady(); }
  bool sleep(std::chrono::milliseconds duration, std::stop_token stop) override { return clock_.sleep(duration, stop); }

 private:
  Clock& clock_;
  Witness& witness_;
};

class Partial {
 public:
  explicit Partial(Build& build);

  // The world, whose clock tells that it was asked.
  World& world() { return watched_; }
  // Opens the store, unless the options or dbt_project.yml say otherwise. Once the packages are known.
  void open();
  bool is_on() const { return !path_.empty(); }

  // A file of the project: kept where its text is that of the last time, else its text is read. A file that cannot be
  // read has neither, and the problem is noted.
  Contribution& add(FileKind kind, FoundFile file);
  // A text that is here without being read: a built-in macro file, the hooks of dbt_project.yml.
  Contribution& add(FileKind kind, std::string name, SourcePtr source);
  // All files below the given folders of a package with one of these endings.
  std::vector<Contribution*> add(FileKind kind, const Package& package, const std::vector<std::string>& folders,
                                 std::initializer_list<std::string_view> endings);

  // Whether what was asked to read a kept properties file has the same answers.
  bool is_read_as_before(const Contribution& one) const;
  // Whether all that was asked for it has.
  bool is_as_before(const Contribution& one);
  // Makes it anew, whatever is kept of it.
  void renew(Contribution& one);
  // Its text, where there is one.
  const SourcePtr& source(Contribution& one);
  // What is kept of it, its warnings read.
  RecordReader& records(Contribution& one);
  // Adds its kept drafts; those of a properties file are taken in two goes, the snapshots first.
  void take_drafts(Contribution& one);
  // Writes everything for the next time, where that would differ from what is there, and sets the project's
  // fingerprint. Before drafts become resources.
  void keep();
  // All warnings of all contributions.
  void report();

  std::deque<Contribution> contributions;  // in the order of reading
  std::vector<Contribution*> node_files;
  std::vector<Contribution*> properties_files;
  Questions questions;
  Answers answers;
  Store store;

 private:
  bool is_answered_as_before(QuestionId stored) const;
  bool has_news() const;
  // The hash of each payload.
  std::vector<uint64_t> write();
  void set_fingerprint(const std::vector<uint64_t>& payloads);
  std::string payload(Contribution& one) const;
  bool is_file(const Source& source) const;
  SourcePtr file(std::string_view name);

  Build& build_;
  WatchedClock clock_;
  World watched_;
  std::filesystem::path path_;  // "" : nothing is kept
  uint64_t key_ = 0;
  int64_t began_us_ = 0;
  std::vector<std::optional<bool>> answered_;  // of each stored question, whether its answer is the same
  bool restamped_ = false;                     // a file looks different, but its text is the same
  RecordWorld world_;
  std::unordered_map<std::string_view, Contribution*> by_name_;
  std::unordered_map<std::string_view, MacroId> macros_;
};

}  // namespace rynd::project
