// Failure: see the header.
#include "python/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/text.h"

namespace rynd::transform {

namespace {

constexpr size_t most_notes = 8;

std::string text_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value && value->is_string() ? value->text : std::string();
}

int64_t number_of(const Node& node, std::string_view key, int64_t fallback) {
  const Node* value = node.find(key);
  return value && value->kind == Node::Kind::integer ? value->integer : fallback;
}

// Of "/usr/lib/python3.11/site-packages/pandas/core/frame.py" the part that says something.
std::string short_path(const std::string& file) {
  for (std::string_view folder : {"site-packages/", "dist-packages/"}) {
    if (const size_t at = file.find(folder); at != std::string::npos) return file.substr(at + folder.size());
  }
  return file;
}

// What a frame marks, cut to its line; columns are bytes.
Span span_of(const Node& frame, const SourcePtr& source) {
  const auto line = static_cast<int>(number_of(frame, "line", 1));
  const std::string_view text = source->line(line);
  const uint32_t begin = source->offset(line, 1);
  const auto indent = static_cast<int64_t>(std::min(text.find_first_not_of(" \t"), text.size()));
  const auto size = static_cast<int64_t>(text.size());
  const int64_t from = std::clamp(number_of(frame, "column", indent), indent, size);
  const bool one_line = number_of(frame, "end_line", line) == line;
  const int64_t to = one_line ? std::clamp(number_of(frame, "end_column", size), from, size) : size;
  return {source, begin + static_cast<uint32_t>(from), begin + static_cast<uint32_t>(to)};
}

class Reader {
 public:
  Reader(const Node& failed, const project::Resource& resource, const std::string& path)
      : failed_(failed), resource_(resource), path_(path) {
    // What stands behind the model's own text is dbt's part of the compiled code.
    const Span& span = resource.span;
    last_line_ = span.source->position(span.end).line;
    if (const Node* frames = failed.find("frames")) frames_ = frames->items;
  }

  Diagnostic read() {
    Diagnostic result{.code = Code::python_failed};
    const std::string message = text_of(failed_, "message");
    const auto lines = split(trim(message), '\n');
    result.message = fmt::format("model '{}' failed: {}{}", resource_.name, text_of(failed_, "type"),
                                 trim(message).empty() ? "" : ": " + lines.front());
    place(result);
    for (size_t i = 1; i < lines.size() && i <= most_notes; ++i) result.notes.push_back(lines[i]);
    if (const std::string cause = text_of(failed_, "cause"); !cause.empty()) result.notes.push_back("after " + cause);
    add_frames(result);
    explain(result);
    return result;
  }

 private:
  bool in_model(const Node& frame) const {
    return text_of(frame, "file") == path_ && number_of(frame, "line", 0) <= last_line_;
  }

  // The deepest place in the model's own file.
  void place(Diagnostic& result) {
    result.span = resource_.name_span;
    for (size_t i = 0; i < frames_.size(); ++i) {
      if (!in_model(frames_[i])) continue;
      marked_ = i;
      result.span = span_of(frames_[i], resource_.span.source);
    }
  }

  // How it came there, and what it called, the innermost last.
  void add_frames(Diagnostic& result) const {
    std::vector<std::string> inner;
    for (size_t i = 0; i < frames_.size(); ++i) {
      if (i == marked_ || (text_of(frames_[i], "file") == path_ && !in_model(frames_[i]))) continue;
      if (i < marked_ && in_model(frames_[i])) {
        result.related.push_back({span_of(frames_[i], resource_.span.source), "called from here"});
      } else if (marked_ == SIZE_MAX || i > marked_) {
        inner.push_back(fmt::format("in {}, line {}: {}", short_path(text_of(frames_[i], "file")),
                                    number_of(frames_[i], "line", 0), text_of(frames_[i], "function")));
      }
    }
    const size_t from = inner.size() > most_notes ? inner.size() - most_notes : 0;
    result.notes.insert(result.notes.end(), inner.begin() + static_cast<int64_t>(from), inner.end());
  }

  void explain(Diagnostic& result) const {
    const std::string missing = text_of(failed_, "missing");
    const std::string type = text_of(failed_, "type");
    if (!missing.empty()) {
      std::string packages = missing;
      if (const Node* listed = failed_.find("packages"); listed && !listed->items.empty()) {
        std::vector<std::string> names;
        for (const Node& name : listed->items) names.push_back(name.text);
        packages = join(names, " ");
      }
      const std::string python = text_of(failed_, "python");
      result.code = Code::python_missing;
      result.message =
          missing == "duckdb"
              ? fmt::format(
                    "model '{}' is written in Python, and its session is one of the module "
                    "'duckdb', which {} does not have",
                    resource_.name, python)
              : fmt::format("model '{}' imports '{}', which {} does not have", resource_.name, missing, python);
      result.help = fmt::format("{} -m pip install {}; another Python is named by RYND_PYTHON", python, packages);
      result.notes.clear();
    } else if (type.ends_with("CatalogException") && type.find("duckdb") != std::string::npos) {
      result.help =
          "the session of a model in Python knows the tables that its dbt.ref() and dbt.source() calls have "
          "given it";
    }
  }

  const Node& failed_;
  const project::Resource& resource_;
  const std::string& path_;
  int last_line_ = 0;
  List<Node> frames_;
  size_t marked_ = SIZE_MAX;
};

}  // namespace

Diagnostic python_failure(const Node& failed, const project::Resource& resource, const std::string& path) {
  return Reader(failed, resource, path).read();
}

}  // namespace rynd::transform
