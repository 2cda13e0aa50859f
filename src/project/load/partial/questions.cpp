// Questions: each has a number in this reading of the project.
#include "load/partial/questions.h"

#include <utility>

namespace rynd::project {

std::vector<QuestionId>* Questions::note_in(std::vector<QuestionId>* list) {
  ++turn_;
  return std::exchange(list_, list);
}

QuestionId Questions::id_of(Question question, std::string_view name) {
  auto& ids = ids_[static_cast<size_t>(question)];
  if (auto found = ids.find(name); found != ids.end()) return found->second;
  auto id = static_cast<QuestionId>(all_.size());
  ids.emplace(name, id);
  all_.push_back({question, std::string(name)});
  turns_.push_back(0);
  return id;
}

void Questions::asked(Question question, std::string_view name) {
  if (!list_) return;
  QuestionId id = id_of(question, name);
  if (turns_[id] == turn_) return;
  turns_[id] = turn_;
  list_->push_back(id);
}

}  // namespace rynd::project
