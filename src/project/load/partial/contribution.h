// Contribution: what one file gives to a project, made now or kept from the last time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "load/build.h"
#include "load/partial/records.h"
#include "load/partial/store.h"

namespace rynd::project {

struct Contribution {
  FileKind kind = FileKind::model;
  FoundFile file;
  std::string name;                  // as printed, "models/orders.sql": of a built-in macro file with its package
  uint64_t hash = 0;                 // of the text
  bool fresh = true;                 // to be made now; else `kept` holds what it gives
  SourcePtr source;                  // the text where it was read
  const StoredFile* kept = nullptr;  // of the last time, where the text is the same
  std::unique_ptr<RecordReader> records;

  // Names that nodes are defined under (node files), or that entries describe (properties files: a list an entry; see
  // defines()).
  std::vector<std::vector<std::string>> names;
  std::vector<QuestionId> reading;  // asked to read a properties file, whose names may be templates
  std::vector<QuestionId> asked;    // asked for all else
  Diagnostics warnings;

  PropertiesFile* properties = nullptr;  // where the file was read now
  std::vector<UnusedEntry> unused;
  std::vector<MacroPatch> macro_patches;
  std::vector<Draft*> drafts;  // the fresh ones
  std::vector<MacroDraft*> macros;
  std::vector<Doc> docs;
};

// Whether an entry of a properties file's names is not about a node but makes one, the second of the list.
inline bool defines(const std::vector<std::string>& entry) { return entry.size() == 2 && entry[0].empty(); }

// While it lives, what is asked for and warned of belongs to a contribution; what a kept one warned of is known, and
// is not told twice. Null: to nobody. Turns may stand within turns.
class Turn {
 public:
  Turn(Build& build, Contribution* whose, bool reading = false);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();

 private:
  Build& build_;
  Contribution* whose_;
  std::vector<QuestionId>* outer_;
  size_t problems_before_;
};

}  // namespace rynd::project
