// Keep: all contributions to the store, for the next time.
#include <algorithm>

#include "base/hash.h"
#include "base/json.h"
#include "load/partial/partial.h"

namespace rynd::project {

namespace {

// What can be had elsewhere is not stored: built-in macros and dbt_project.yml are always here, seeds are only hashed.
bool stores_text(FileKind kind) {
  return kind != FileKind::builtin_macros && kind != FileKind::hooks && kind != FileKind::seed;
}

std::vector<QuestionId> each_once(std::vector<QuestionId> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void write_all(RecordWriter& writer, const auto& list, auto&& write_one) {
  writer.number(list.size());
  for (const auto& one : list) write_one(one);
}

}  // namespace

bool Partial::has_news() const {
  if (restamped_) return true;
  size_t kept = 0;
  for (const auto& one : contributions) {
    if (!is_stored(one.kind)) continue;
    if (one.fresh) return true;
    ++kept;
  }
  return kept != store.files().size();
}

std::string Partial::payload(Contribution& one) const {
  RecordWriter writer(build_.project, one.source, [this](const Source& source) { return is_file(source); });
  write_all(writer, one.warnings, [&](const Diagnostic& problem) { writer.problem(problem); });
  switch (one.kind) {
    case FileKind::builtin_macros:
    case FileKind::macros:
    case FileKind::test_macros:
      write_all(writer, one.macros, [&](const MacroDraft* macro) { writer.macro(*macro); });
      break;
    case FileKind::docs:
      write_all(writer, one.docs, [&](const Doc& doc) { writer.doc(doc); });
      break;
    case FileKind::properties: {
      write_all(writer, one.macro_patches, [&](const MacroPatch& patch) { writer.macro_patch(patch); });
      write_all(writer, one.unused, [&](const UnusedEntry& entry) { writer.unused(entry); });
      auto rest = std::find_if(one.drafts.begin(), one.drafts.end(),
                               [](const Draft* draft) { return draft->resource.type != ResourceType::snapshot; });
      for (auto part : {std::span(one.drafts.begin(), rest), std::span(rest, one.drafts.end())})
        write_all(writer, part, [&](const Draft* draft) { writer.draft(*draft); });
      break;
    }
    default:
      write_all(writer, one.drafts, [&](const Draft* draft) { writer.draft(*draft); });
  }
  return writer.bytes();
}

void Partial::keep() {
  if (!is_on() || build_.problems.has_errors() || build_.options.stop.stop_requested()) return;
  std::vector<uint64_t> payloads;
  if (has_news()) {
    payloads = write();
  } else {
    for (const auto& one : contributions)
      if (one.kept) payloads.push_back(one.kept->payload_hash);
  }
  set_fingerprint(payloads);
}

void Partial::set_fingerprint(const std::vector<uint64_t>& payloads) {
  Project& project = build_.project;
  uint64_t hash = combine(key_, fast_hash(json::write(project.selectors)));
  for (const auto& one : contributions) hash = combine(hash, fast_hash(one.name));
  for (uint64_t payload : payloads) hash = combine(hash, payload);
  for (const auto& package : project.packages) hash = combine(hash, fast_hash(package.root.string()));
  for (const auto& draft : build_.drafts) {
    const bool stored = draft.contribution && is_stored(draft.contribution->kind);
    if (!stored) hash = combine(hash, fast_hash(json::write(manifest_entry(project, draft.resource))));
  }
  project.fingerprint = hash;
}

std::vector<uint64_t> Partial::write() {
  std::vector<FileToStore> contents;
  contents.reserve(contributions.size());
  for (auto& one : contributions) {
    if (!is_stored(one.kind)) continue;
    FileToStore& file = contents.emplace_back();
    StoredFile& about = file.about;
    about.kind = one.kind;
    about.name = one.name;
    about.stamp = one.file.stamp;
    about.hash = one.hash;
    for (const auto& entry : one.names) about.names.emplace_back(entry.begin(), entry.end());
    if (one.kept) {
      about.text = one.kept->text;
      about.payload = one.kept->payload;
      auto now = [&](QuestionId then) {
        const StoredQuestion& question = store.questions()[then];
        return questions.id_of(question.kind, question.name);
      };
      std::transform(one.kept->reading.begin(), one.kept->reading.end(), std::back_inserter(about.reading), now);
      std::transform(one.kept->asked.begin(), one.kept->asked.end(), std::back_inserter(about.asked), now);
    } else {
      if (stores_text(one.kind)) about.text = one.source->text();
      about.reading = one.reading;  // in its order, which the fingerprint follows
      about.asked = each_once(one.asked);
      file.payload = [this, &one] { return payload(one); };
    }
  }
  std::vector<StoredQuestion> answered;
  for (const auto& question : questions.all())
    answered.push_back({question.kind, question.name, answers.of(question.kind, question.name)});
  write_store(build_.world.files, path_, key_, began_us_, answered, contents);
  std::vector<uint64_t> payloads;
  for (const auto& file : contents) payloads.push_back(file.about.payload_hash);
  return payloads;
}

}  // namespace rynd::project
