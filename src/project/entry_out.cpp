// EntryOut: JSON text.
#include "entry_out.h"

#include "base/json.h"

namespace rynd::project {

void JsonOut::separate(std::string_view key) {
  if (!first_) out_ += ", ";
  first_ = false;
  if (lists_.back()) return;
  json::quote_to(out_, key);
  out_ += ": ";
}

void JsonOut::begin(std::string_view key, char bracket, bool list) {
  separate(key);
  out_ += bracket;
  lists_.push_back(list);
  first_ = true;
}

void JsonOut::close() {
  out_ += lists_.back() ? ']' : '}';
  lists_.pop_back();
  first_ = false;
}

void JsonOut::add(std::string_view key, const Node& value) {
  separate(key);
  json::write_to(out_, value);
}

void JsonOut::text(std::string_view key, std::string_view value) {
  separate(key);
  json::quote_to(out_, value);
}

void JsonOut::flag(std::string_view key, bool value) {
  separate(key);
  out_ += value ? "true" : "false";
}

void JsonOut::number(std::string_view key, int64_t value) {
  separate(key);
  out_ += std::to_string(value);
}

void JsonOut::null(std::string_view key) {
  separate(key);
  out_ += "null";
}

}  // namespace rynd::project
