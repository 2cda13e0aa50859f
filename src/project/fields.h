// Fields: reads the keys of one YAML mapping, checks the kinds of their values, and at the end names the keys nobody
// asked for.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::project {

// What a reader of files collects: all errors and warnings, in any order.
class Problems {
 public:
  void add(Diagnostic problem) { all_.push_back(std::move(problem)); }
  void add(Diagnostics problems) {
    for (auto& problem : problems) all_.push_back(std::move(problem));
  }
  Diagnostic& error(Code code, std::string message, Span span = {}) {
    all_.push_back({.severity = Severity::error, .code = code, .message = std::move(message), .span = std::move(span)});
    return all_.back();
  }
  Diagnostic& warning(Code code, std::string message, Span span = {}) {
    all_.push_back(
        {.severity = Severity::warning, .code = code, .message = std::move(message), .span = std::move(span)});
    return all_.back();
  }
  size_t size() const { return all_.size(); }
  // Those that were added after there were `size`.
  Diagnostics take_from(size_t size) {
    Diagnostics taken(std::make_move_iterator(all_.begin() + static_cast<std::ptrdiff_t>(size)),
                      std::make_move_iterator(all_.end()));
    all_.resize(size);
    return taken;
  }
  bool has_errors() const { return rynd::has_errors(all_); }
  size_t errors() const {
    return static_cast<size_t>(std::count_if(
        all_.begin(), all_.end(), [](const Diagnostic& problem) { return problem.severity == Severity::error; }));
  }
  Diagnostics take() { return std::move(all_); }
  const Diagnostics& all() const { return all_; }

 private:
  Diagnostics all_;
};

struct FieldCodes {
  Code unknown = Code::properties_key_unknown;
  Code wrong = Code::properties_wrong;
};

class Fields {
 public:
  // `what` names the mapping in messages: "model 'orders'", "dbt_project.yml".
  Fields(const SourcePtr& source, const Node& mapping, std::string what, Problems& problems, FieldCodes codes = {});

  // The value, or nullptr where the key is absent or null.
  const Node* any(std::string_view key);
  // As any(), and an error where it is of another kind.
  const Node* mapping(std::string_view key);
  const Node* sequence(std::string_view key);
  std::optional<std::string> text(std::string_view key);  // any scalar's text
  std::optional<bool> flag(std::string_view key);
  std::optional<int64_t> integer(std::string_view key);
  // A string or a list of strings.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  // Keys that are known and read elsewhere.
  void ignore(std::initializer_list<std::string_view> keys);
  // An error where it is absent.
  std::string required_text(std::string_view key);

  // Warns of keys that nobody asked for, with the nearest that are known.
  void finish();

  const Node& node() const { return mapping_; }
  Span span() const { return {source_, mapping_.begin, mapping_.end}; }
  Span span(const Node& node) const { return {source_, node.begin, node.end}; }
  Span key_span(std::string_view key) const;

 private:
  void wrong(std::string_view key, const Node& value, std::string_view wanted);

  const SourcePtr& source_;
  const Node& mapping_;
  std::string what_;
  Problems& problems_;
  FieldCodes codes_;
  std::vector<std::string> known_;
};

// "a text", "a list", "a mapping", "a number", ...: for messages.
std::string_view kind_name(const Node& node);

}  // namespace rynd::project
