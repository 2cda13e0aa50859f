// Blocks: finds dbt's blocks in a file by their tags alone.
#include <algorithm>
#include <array>
#include <optional>

#include "jinja.h"
#include "text.h"

namespace rynd::jinja {
namespace {

struct Keyword {
  std::string_view name;
  BlockKind kind;
};
constexpr std::array<Keyword, 6> keywords = {{{"macro", BlockKind::macro},
                                              {"test", BlockKind::test},
                                              {"data_test", BlockKind::test},
                                              {"materialization", BlockKind::materialization},
                                              {"docs", BlockKind::docs},
                                              {"snapshot", BlockKind::snapshot}}};

struct Tag {
  std::string_view name;
  size_t begin = 0;
  size_t rest = 0;   // after the name
  size_t close = 0;  // of "%}" and its sign
  size_t end = 0;
};

class Scanner {
 public:
  explicit Scanner(const SourcePtr& source) : source_(source), all_(source->text()) {}

  Checked<std::vector<Block>> run() {
    while (true) {
      at_ = all_.find('{', at_);
      if (at_ == std::string_view::npos || at_ + 1 >= all_.size()) break;
      const char next = all_[at_ + 1];
      if (next == '#') {
        skip_past("#}");
      } else if (next == '{') {
        at_ = expression_end(at_ + 2, "}}").value_or(at_ + 2);
      } else if (next == '%') {
        read_tag();
      } else {
        ++at_;
      }
    }
    if (open_) not_closed();
    if (!errors_.empty()) return fail_all(std::move(errors_));
    return std::move(blocks_);
  }

 private:
  Span span(size_t begin, size_t end) const {
    return {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }

  void error(std::string message, Span span, std::string help = {}) {
    Diagnostic diagnostic;
    diagnostic.code = Code::template_syntax;
    diagnostic.message = std::move(message);
    diagnostic.span = std::move(span);
    diagnostic.help = std::move(help);
    errors_.push_back(std::move(diagnostic));
  }

  void not_closed() {
    error("'" + std::string(open_->name) + "' is not closed: 'end" + std::string(open_->name) + "' is missing",
          span(open_->begin, open_->end));
    open_.reset();
  }

  void skip_past(std::string_view end) {
    const size_t found = all_.find(end, at_ + 2);
    at_ = found == std::string_view::npos ? all_.size() : found + end.size();
  }

  // After the closing braces, strings in between stepped over; nothing where they are not there.
  std::optional<size_t> expression_end(size_t at, std::string_view close) const {
    while (at < all_.size()) {
      if (all_.substr(at).starts_with(close)) return at + close.size();
      const char c = all_[at];
      if (c == '"' || c == '\'') {
        size_t end = at + 1;
        while (end < all_.size() && all_[end] != c) end += all_[end] == '\\' ? 2 : 1;
        if (end >= all_.size()) return std::nullopt;
        at = end;
      }
      ++at;
    }
    return std::nullopt;
  }

  std::optional<Tag> tag_at(size_t begin) const {
    Tag tag;
    tag.begin = begin;
    size_t at = begin + 2;
    if (at < all_.size() && (all_[at] == '-' || all_[at] == '+')) ++at;
    at = all_.size() - text::strip_left(all_.substr(at)).size();
    const size_t name = at;
    at = word_end(at);
    tag.name = all_.substr(name, at - name);
    tag.rest = at;
    const std::optional<size_t> end = expression_end(at, "%}");
    if (!end) return std::nullopt;
    tag.end = *end;
    tag.close = *end - 2;
    if (tag.close > at && (all_[tag.close - 1] == '-' || all_[tag.close - 1] == '+')) --tag.close;
    return tag;
  }

  size_t word_end(size_t at) const {
    while (at < all_.size()) {
      const text::Point here = text::point(all_, at);
      if (!text::is_word(here.code)) break;
      at += here.size;
    }
    return at;
  }

  void read_tag() {
    const std::optional<Tag> tag = tag_at(at_);
    if (!tag) {
      at_ += 2;
      return;
    }
    at_ = tag->end;
    if (tag->name == "raw") return skip_raw("endraw");
    if (open_ && tag->name.starts_with("end") && tag->name.substr(3) == open_->name) return close(*tag);
    const auto keyword = std::ranges::find(keywords, tag->name, &Keyword::name);
    if (keyword == keywords.end()) return;
    if (open_) {
      error("'" + std::string(tag->name) + "' begins inside of '" + std::string(open_->name) + "'",
            span(tag->begin, tag->end),
            "close '" + std::string(open_->name) + "' with 'end" + std::string(open_->name) + "' first");
      open_.reset();
    }
    begin(*tag, keyword->kind);
  }

  // To the tag of that name, whatever stands before it.
  void skip_raw(std::string_view name) {
    for (size_t at = all_.find("{%", at_); at != std::string_view::npos; at = all_.find("{%", at + 2)) {
      size_t word = at + 2;
      if (word < all_.size() && (all_[word] == '-' || all_[word] == '+')) ++word;
      const std::string_view rest = text::strip_left(all_.substr(word));
      if (rest.starts_with(name) && word_end(all_.size() - rest.size()) == all_.size() - rest.size() + name.size()) {
        at_ = at;
        if (name == "endraw") at_ = tag_at(at) ? tag_at(at)->end : all_.size();
        return;
      }
    }
    at_ = all_.size();
  }

  void begin(const Tag& tag, BlockKind kind) {
    Block block;
    block.kind = kind;
    const size_t name = all_.size() - text::strip_left(all_.substr(tag.rest)).size();
    size_t end = name;
    while (end < tag.close && !text::is_space(text::point(all_, end).code) && all_[end] != '(' && all_[end] != ',') {
      end += text::point(all_, end).size;
    }
    block.name = all_.substr(name, end - name);
    if (end == name) error("'" + std::string(tag.name) + "' has no name", span(tag.begin, tag.end));
    block.name_span = span(name, end);
    block.arguments = span(end, tag.close);
    block.body = span(tag.end, tag.end);
    block.whole = span(tag.begin, tag.end);
    open_ = tag;
    blocks_.push_back(std::move(block));
    if (kind == BlockKind::docs) skip_raw("enddocs");
  }

  void close(const Tag& tag) {
    Block& block = blocks_.back();
    block.body.end = static_cast<uint32_t>(tag.begin);
    block.whole.end = static_cast<uint32_t>(tag.end);
    open_.reset();
  }

  const SourcePtr source_;
  const std::string_view all_;
  size_t at_ = 0;
  std::optional<Tag> open_;
  std::vector<Block> blocks_;
  Diagnostics errors_;
};

}  // namespace

Checked<std::vector<Block>> scan_blocks(const SourcePtr& source) { return Scanner(source).run(); }

}  // namespace rynd::jinja
