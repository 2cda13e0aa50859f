// Records: what files contribute, as bytes and back: nodes, places, drafts, macros, documentation blocks, problems.
// docs/formats/partial-parse.md says what stands in the file.
#pragma once

#include <functional>
#include <unordered_map>

#include "load/build.h"
#include "load/partial/binary.h"

namespace rynd::project {

class RecordWriter : public BinaryWriter {
 public:
  // `own` is the source of the file that the records are about; `is_file`: whether another one is a file of the
  // project, which is known by its name.
  RecordWriter(const Project& project, const SourcePtr& own, std::function<bool(const Source&)> is_file)
      : project_(project), is_file_(std::move(is_file)) {
    known_sources_.emplace(own.get(), 1);
  }

  void node(const Node& node);
  void texts(const std::vector<std::string>& values);
  void span(const Span& span);
  void draft(const Draft& draft);
  void macro(const MacroDraft& draft);
  void macro_patch(const MacroPatch& patch);
  void doc(const Doc& doc);
  void problem(const Diagnostic& problem);
  void unused(const UnusedEntry& entry);

 private:
  void source(const SourcePtr& source);
  void resource(const Resource& resource);
  void details(const Resource& resource);
  void column(const Column& column);
  void refs(const std::vector<Ref>& refs);
  void sources(const std::vector<SourceRef>& sources);

  const Project& project_;
  std::function<bool(const Source&)> is_file_;
  std::unordered_map<const Source*, size_t> known_sources_;
};

// What a RecordReader needs to know of the project as it is now.
struct RecordWorld {
  std::function<const Package*(std::string_view)> package;
  std::function<std::optional<MacroId>(std::string_view unique_id)> macro;
  std::function<SourcePtr(std::string_view name)> file;  // a file of the project by its name; null: there is none
  std::shared_ptr<const void> owner;                     // of the bytes
};

class RecordReader : public BinaryReader {
 public:
  RecordReader(std::string_view bytes, const RecordWorld& world, SourcePtr own)
      : BinaryReader(bytes), world_(world), known_sources_{std::move(own)} {}

  Node node() {
    Node result;
    node(result);
    return result;
  }
  std::vector<std::string> texts();
  Span span();
  void draft(Draft& draft);
  MacroDraft macro();
  MacroPatch macro_patch();
  Doc doc();
  Diagnostic problem();
  UnusedEntry unused();
  std::string string() { return std::string(text()); }

 private:
  void node(Node& into);
  bool source(SourcePtr& into);
  void resource(Resource& resource);
  void code(Resource& resource);
  void details(Resource& resource);
  void model(ModelDetails& model);
  void source_table(SourceDetails& source);
  Column column();
  std::vector<Ref> refs();
  std::vector<SourceRef> source_refs();
  std::vector<MacroId> macros();

  const RecordWorld& world_;
  std::vector<SourcePtr> known_sources_;
};

}  // namespace rynd::project
