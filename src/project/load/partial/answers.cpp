// Answers: of each kind of question.
#include "load/partial/answers.h"

#include "base/hash.h"
#include "base/json.h"
#include "load/partial/partial.h"

namespace rynd::project {

namespace {

// What is not there has an answer too: that it is not.
constexpr uint64_t absent = 0;

// Of a value, wherever it stands.
uint64_t hash_of(const Node* value) { return value ? fast_hash(json::write(*value)) : absent; }

}  // namespace

uint64_t combine(uint64_t a, uint64_t b) {
  const uint64_t both[] = {a, b};
  return fast_hash({reinterpret_cast<const char*>(both), sizeof both});
}

uint64_t Answers::find(const Hashes& hashes, std::string_view name) {
  auto found = hashes.find(std::string(name));
  return found == hashes.end() ? absent : found->second;
}

void Answers::set_macros() {
  for (const auto& macro : build_.project.macros) {
    uint64_t& hash = macros_[macro.name];
    hash = combine(hash, combine(fast_hash(macro.package), fast_hash(macro.macro_sql)));
  }
}

void Answers::set_docs() {
  for (const auto& doc : build_.project.docs) {
    uint64_t& hash = docs_[doc.name];
    hash = combine(hash, combine(fast_hash(doc.package), fast_hash(doc.contents)));
  }
}

void Answers::set_nodes() {
  auto add = [&](const Contribution& one, const std::string& name) {
    uint64_t& hash = nodes_[name];
    hash = combine(hash, combine(static_cast<uint64_t>(one.kind), fast_hash(one.name)));
  };
  for (const auto* one : build_.partial->node_files) {
    for (const auto& entry : one->names) {
      for (const auto& name : entry) add(*one, name);
    }
  }
  for (const auto* one : build_.partial->properties_files) {
    for (const auto& entry : one->names) {
      if (defines(entry)) add(*one, entry[1]);
    }
  }
}

void Answers::set_patches() {
  for (const auto* one : build_.partial->properties_files) {
    const uint64_t file = combine(fast_hash(one->name), fingerprint(*one));
    for (const auto& entry : one->names) {
      // Which version of a model a file is depends on the files of the other versions.
      uint64_t hash = file;
      for (const auto& name : entry) hash = combine(hash, find(nodes_, name));
      for (const auto& name : entry) {
        uint64_t& known = patches_[name];
        known = combine(known, hash);
      }
    }
  }
}

uint64_t Answers::fingerprint(const Contribution& file) const {
  uint64_t hash = file.hash;
  auto add = [&](Question kind, std::string_view name) {
    hash = combine(hash, combine(combine(static_cast<uint64_t>(kind), fast_hash(name)), of(kind, name)));
  };
  if (file.kept) {
    const auto& questions = build_.partial->store.questions();
    for (QuestionId id : file.kept->reading) add(questions[id].kind, questions[id].name);
  } else {
    const auto& questions = build_.partial->questions.all();
    for (QuestionId id : file.reading) add(questions[id].kind, questions[id].name);
  }
  return hash;
}

uint64_t Answers::of(Question question, std::string_view name) const {
  const Project& project = build_.project;
  switch (question) {
    case Question::environment: {
      auto value = build_.world.process.environment(std::string(name));
      return value ? combine(1, fast_hash(*value)) : absent;
    }
    case Question::variable: {
      auto line_feed = name.find('\n');
      return hash_of(build_.globals->find_var(name.substr(0, line_feed), name.substr(line_feed + 1)));
    }
    case Question::flag:
      return hash_of(project.flags.find(name));
    case Question::target:
      return hash_of(&project.profile.target);
    case Question::macro:
      return find(macros_, name);
    case Question::doc:
      return find(docs_, name);
    case Question::fixture: {
      auto found = build_.fixtures.find(std::string(name));
      if (found == build_.fixtures.end()) return absent;
      auto text = build_.world.files.read(found->second.on_disk());
      return combine(fast_hash(found->second.printed()), text ? fast_hash(*text) : absent);
    }
    case Question::file: {
      auto text = build_.world.files.read(project.dir / name);
      return text ? combine(1, fast_hash(*text)) : absent;
    }
    case Question::node:
      return find(nodes_, name);
    case Question::patch:
      return find(patches_, name);
    case Question::moment:
      return absent;
  }
  return absent;
}

}  // namespace rynd::project
