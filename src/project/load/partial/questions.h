// Questions: notes what each file's readers ask for beside its text, and answers the same questions later.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "project/witness.h"

namespace rynd::project {

using QuestionId = uint32_t;

class Questions final : public Witness {
 public:
  struct Asked {
    Question kind;
    std::string name;
  };

  // Until the next call each question goes to `list`, once; null: nobody's. Returns the one before.
  std::vector<QuestionId>* note_in(std::vector<QuestionId>* list);
  void asked(Question question, std::string_view name) override;

  const std::vector<Asked>& all() const { return all_; }
  QuestionId id_of(Question question, std::string_view name);

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::vector<QuestionId>* list_ = nullptr;
  uint32_t turn_ = 0;
  std::vector<Asked> all_;
  std::vector<uint32_t> turns_;  // in which each was noted last
  std::unordered_map<std::string, QuestionId, Hash, std::equal_to<>> ids_[question_count];
};

}  // namespace rynd::project
