// Answers: what the answer to a question is now, as a hash.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "load/build.h"

namespace rynd::project {

class Answers {
 public:
  explicit Answers(Build& build) : build_(build) {}

  // Once they are known; a question about them must not be answered before.
  void set_macros();
  void set_docs();
  void set_nodes();
  void set_patches();

  uint64_t of(Question question, std::string_view name) const;
  // Of a properties file: its text, and the answers to what was asked to read it.
  uint64_t fingerprint(const Contribution& file) const;

 private:
  using Hashes = std::unordered_map<std::string, uint64_t>;
  static uint64_t find(const Hashes& hashes, std::string_view name);

  Build& build_;
  Hashes macros_, docs_, nodes_, patches_;
};

// For hashes of several things, in their order.
uint64_t combine(uint64_t a, uint64_t b);

}  // namespace rynd::project
