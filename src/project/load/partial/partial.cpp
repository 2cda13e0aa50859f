// Partial: which files' contributions are kept, and how they are taken.
#include "load/partial/partial.h"

#include <algorithm>

#include "base/hash.h"
#include "load/opening.h"

namespace rynd::project {

namespace {

bool is_known_by_path(FileKind kind, const FoundFile& file) {
  return kind == FileKind::seed && file.stamp.size > hashed_seed_bytes;
}

bool is_node_kind(FileKind kind) {
  return kind != FileKind::hooks && kind >= FileKind::model && kind < FileKind::properties;
}

}  // namespace

Turn::Turn(Build& build, Contribution* whose, bool reading)
    : build_(build), whose_(whose), problems_before_(build.problems.size()) {
  std::vector<QuestionId>* list = nullptr;
  if (whose && whose->fresh) list = reading ? &whose->reading : &whose->asked;
  outer_ = build.partial->questions.note_in(list);
}

Turn::~Turn() {
  build_.partial->questions.note_in(outer_);
  if (!whose_) return;
  for (auto& problem : build_.problems.take_from(problems_before_)) {
    if (problem.severity == Severity::error) {
      build_.problems.add(std::move(problem));
    } else if (whose_->fresh) {
      whose_->warnings.push_back(std::move(problem));
    }
  }
}

Partial::Partial(Build& build)
    : answers(build),
      build_(build),
      clock_(build.world.clock, questions),
      watched_{clock_, build.world.files, build.world.process, build.world.random, build.world.http} {}

void Partial::open() {
  const auto& options = build_.options;
  const Project& project = build_.project;
  world_.package = [&project](std::string_view name) { return project.package(name); };
  world_.macro = [this](std::string_view id) -> std::optional<MacroId> {
    auto found = macros_.find(id);
    if (found == macros_.end()) return {};
    return found->second;
  };
  world_.file = [this](std::string_view name) { return file(name); };
  auto wanted = parses_partially(build_);
  if (!wanted.keeps) return;
  path_ = options.partial_parse_file.empty() ? project.dir / project.root().settings.target_path / "partial_parse.rynd"
                                             : options.partial_parse_file;
  key_ = opening_hash(build_);
  began_us_ = build_.project.started_at.time_since_epoch().count();
  build_.globals->watch(&questions);
  if (!wanted.takes) return;
  store = Store::open(build_.world.files, path_, key_);
  world_.owner = store.bytes();
}

Contribution& Partial::add(FileKind kind, FoundFile file) {
  Contribution& one = contributions.emplace_back();
  one.kind = kind;
  one.name = file.printed();
  one.file = std::move(file);
  by_name_.emplace(one.name, &one);
  const StoredFile* stored = store.find(kind, one.name);
  bool same = stored && stored->stamp == one.file.stamp && store.is_certain(one.file.stamp);
  if (same) {
    one.hash = stored->hash;
  } else if (is_known_by_path(kind, one.file)) {
    one.source = make_source(one.name, "");
    one.hash = hashed_seed_bytes;
    same = stored && stored->hash == one.hash;
  } else {
    one.source = build_.read(one.file);
    if (!one.source) return one;
    one.hash = fast_hash(one.source->text());
    same = stored && stored->hash == one.hash;
    restamped_ = restamped_ || same;
  }
  if (!same) return one;
  one.kept = stored;
  one.source = nullptr;
  for (const auto& entry : stored->names) one.names.emplace_back(entry.begin(), entry.end());
  return one;
}

Contribution& Partial::add(FileKind kind, std::string name, SourcePtr source) {
  Contribution& one = contributions.emplace_back();
  one.kind = kind;
  one.name = std::move(name);
  one.source = std::move(source);
  one.hash = fast_hash(one.source->text());
  const StoredFile* stored = store.find(kind, one.name);
  if (stored && stored->hash == one.hash) one.kept = stored;
  return one;
}

std::vector<Contribution*> Partial::add(FileKind kind, const Package& package, const std::vector<std::string>& folders,
                                        std::initializer_list<std::string_view> endings) {
  std::vector<Contribution*> added;
  for (auto& file : build_.find(package, folders, endings)) added.push_back(&add(kind, std::move(file)));
  return added;
}

const SourcePtr& Partial::source(Contribution& one) {
  if (!one.source && one.kept) one.source = std::make_shared<const Source>(one.name, one.kept->text, store.bytes());
  return one.source;
}

void Partial::renew(Contribution& one) {
  one.fresh = true;
  // What is not stored is read again.
  if (one.kind == FileKind::seed && !one.source && !is_known_by_path(one.kind, one.file))
    one.source = build_.read(one.file);
  source(one);
  one.kept = nullptr;
  one.records.reset();
}

RecordReader& Partial::records(Contribution& one) {
  if (one.records) return *one.records;
  one.records = std::make_unique<RecordReader>(one.kept->payload, world_, source(one));
  size_t warnings = one.records->count();
  for (size_t i = 0; i < warnings; ++i) one.warnings.push_back(one.records->problem());
  if (one.kind != FileKind::properties) return *one.records;
  for (size_t i = one.records->count(); i > 0; --i) one.macro_patches.push_back(one.records->macro_patch());
  for (size_t i = one.records->count(); i > 0; --i) one.unused.push_back(one.records->unused());
  return *one.records;
}

void Partial::take_drafts(Contribution& one) {
  if (macros_.empty()) {
    for (MacroId id = 0; id < build_.project.macros.size(); ++id) macros_[build_.project.macros[id].unique_id] = id;
  }
  RecordReader& reader = records(one);
  for (size_t i = reader.count(); i > 0; --i) {
    Draft& draft = build_.drafts.emplace_back();
    draft.contribution = &one;
    reader.draft(draft);
    if (is_node_kind(one.kind) || draft.resource.type == ResourceType::snapshot) build_.remember(draft);
  }
}

bool Partial::is_answered_as_before(QuestionId stored) const {
  const StoredQuestion& question = store.questions()[stored];
  return question.kind != Question::moment && answers.of(question.kind, question.name) == question.answer;
}

bool Partial::is_read_as_before(const Contribution& one) const {
  return std::all_of(one.kept->reading.begin(), one.kept->reading.end(),
                     [this](QuestionId id) { return is_answered_as_before(id); });
}

bool Partial::is_as_before(const Contribution& one) {
  answered_.resize(store.questions().size());
  return std::all_of(one.kept->asked.begin(), one.kept->asked.end(), [this](QuestionId id) {
    if (!answered_[id]) answered_[id] = is_answered_as_before(id);
    return *answered_[id];
  });
}

void Partial::report() {
  for (auto& one : contributions) build_.problems.add(std::move(one.warnings));
}

SourcePtr Partial::file(std::string_view name) {
  if (auto found = by_name_.find(name); found != by_name_.end()) return source(*found->second);
  for (const auto& package : build_.project.packages) {
    const SourcePtr& own = package.settings.source;
    if (own && own->name() == name) return own;
  }
  return nullptr;
}

bool Partial::is_file(const Source& source) const {
  if (auto found = by_name_.find(source.name()); found != by_name_.end()) return found->second->source.get() == &source;
  return std::any_of(build_.project.packages.begin(), build_.project.packages.end(),
                     [&](const Package& package) { return package.settings.source.get() == &source; });
}

}  // namespace rynd::project
