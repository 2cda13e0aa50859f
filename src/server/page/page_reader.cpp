// PageReader: a page's file to a Page: front matter, fences, tags, and the Markdown between them.
#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "base/text.h"
#include "base/yaml.h"
#include "page/components.h"
#include "page/markdown.h"
#include "page/page.h"
#include "page/page_check.h"
#include "page/sql_template.h"
#include "page/tag.h"

namespace rynd::server {

namespace {

// Stand in the Markdown for a component: private-use characters, which no renderer touches.
constexpr std::string_view slot_open = "\xEE\x80\x80";
constexpr std::string_view slot_close = "\xEE\x80\x81";

std::string replace_slots(std::string html) {
  const auto swap = [&](std::string_view before, std::string_view after, std::string_view open,
                        std::string_view close) {
    const std::string from = std::string(before) + std::string(slot_open);
    for (size_t at = html.find(from); at != std::string::npos; at = html.find(from, at + 1)) {
      const size_t number = at + from.size();
      const size_t end = html.find(slot_close, number);
      if (end == std::string::npos) return;
      const std::string to = std::string(slot_close) + std::string(after);
      if (html.compare(end, to.size(), to) != 0) continue;
      html.replace(at, end + to.size() - at, fmt::format("{}{}{}", open, html.substr(number, end - number), close));
    }
  };
  swap("<p>", "</p>", "<rynd-slot n=\"", "\"></rynd-slot>");
  swap("", "", "<rynd-slot n=\"", "\"></rynd-slot>");
  return html;
}

std::string title_of_name(std::string_view name) {
  const size_t slash = name.rfind('/');
  std::string title(slash == std::string_view::npos ? name : name.substr(slash + 1));
  std::ranges::replace_if(
      title, [](char c) { return c == '-' || c == '_'; }, ' ');
  if (!title.empty()) title[0] = upper(title.substr(0, 1))[0];
  return title;
}

class PageReader {
 public:
  PageReader(std::string name, SourcePtr source) : source_(std::move(source)), text_(source_->text()) {
    page_.name = std::move(name);
    page_.source = source_;
  }

  Page read() {
    front_matter();
    while (at_ < text_.size()) line();
    while (!open_.empty()) close_container(open_.back().id, "has no closing tag");
    page_.html = replace_slots(markdown_to_html(markdown_));
    if (page_.title.empty()) page_.title = first_heading_.empty() ? title_of_name(page_.name) : first_heading_;
    check_page(page_);
    sort_by_place(page_.diagnostics);
    return std::move(page_);
  }

 private:
  // A container whose closing tag has not come yet, with the text that stood before it.
  struct Open {
    uint32_t id;
    std::string markdown_before;
  };

  Span span(size_t begin, size_t end) const {
    return {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }
  void complain(Diagnostic diagnostic) { page_.diagnostics.push_back(std::move(diagnostic)); }

  size_t line_end(size_t at) const {
    const size_t end = text_.find('\n', at);
    return end == std::string_view::npos ? text_.size() : end + 1;
  }

  void front_matter() {
    const size_t first = line_end(0);
    if (trim(text_.substr(0, first)) != "---") return;
    for (size_t at = first; at < text_.size(); at = line_end(at)) {
      if (trim(text_.substr(at, line_end(at) - at)) != "---") continue;
      read_front_matter(first, at);
      at_ = line_end(at);
      return;
    }
    complain({.code = Code::page_front_matter,
              .message = "the front matter has no end",
              .span = span(0, 3),
              .label = "opened here",
              .help = "close it with a line of '---'"});
    at_ = text_.size();
  }

  // Blank lines stand for what precedes it, so that places are those of the file.
  void read_front_matter(size_t begin, size_t end) {
    std::string yaml(text_.substr(0, end));
    std::ranges::replace_if(
        yaml.begin(), yaml.begin() + static_cast<long>(begin), [](char c) { return c != '\n'; }, ' ');
    const Checked<Document> document = yaml::read(make_source(source_->name(), std::move(yaml)));
    if (!document) {
      for (Diagnostic diagnostic : document.error()) {
        diagnostic.span.source = source_;
        complain(std::move(diagnostic));
      }
      return;
    }
    static const std::vector<std::string> known{"title", "description", "sidebar_position", "hide_title"};
    for (const Entry& entry : document->root.entries) {
      if (entry.key == "title")
        page_.title = entry.value.text;
      else if (entry.key == "description")
        page_.description = entry.value.text;
      else if (entry.key == "sidebar_position" && entry.value.kind == Node::Kind::integer)
        page_.position = entry.value.integer;
      else if (entry.key == "hide_title" && entry.value.kind == Node::Kind::boolean)
        page_.hide_title = entry.value.boolean;
      else
        complain({.severity = Severity::warning,
                  .code = Code::page_front_matter,
                  .message = std::ranges::find(known, entry.key) != known.end()
                                 ? fmt::format("'{}' has a value of the wrong kind", entry.key)
                                 : fmt::format("'{}' means nothing in a page's front matter", entry.key),
                  .span = span(entry.key_begin, entry.key_end),
                  .label = did_you_mean(entry.key, known),
                  .notes = {"known: " + join(known, ", ")}});
    }
  }

  void line() {
    const size_t end = line_end(at_);
    const std::string_view line = text_.substr(at_, end - at_);
    const size_t indent = line.find_first_not_of(' ');
    if (indent != std::string_view::npos && indent < 4) {
      const std::string_view rest = line.substr(indent);
      if (rest.starts_with("```") || rest.starts_with("~~~")) return fence(at_ + indent);
      if (first_heading_.empty() && rest.starts_with("# ") && open_.empty()) {
        first_heading_ = trim(rest.substr(2));
        while (first_heading_.ends_with('#')) first_heading_.pop_back();
        first_heading_ = trim(first_heading_);
      }
    }
    text_line(end);
  }

  void fence(size_t begin) {
    const char mark = text_[begin];
    size_t info_begin = begin;
    while (info_begin < text_.size() && text_[info_begin] == mark) ++info_begin;
    const std::string_view fence_mark = text_.substr(begin, info_begin - begin);
    const size_t body = line_end(begin);
    size_t close = body;
    for (; close < text_.size(); close = line_end(close)) {
      const std::string_view line = trim(text_.substr(close, line_end(close) - close));
      if (line.starts_with(fence_mark) && line.find_first_not_of(mark) == std::string_view::npos) break;
    }
    const std::string_view info = trim(text_.substr(info_begin, body - info_begin));
    const bool sql = info.starts_with("sql ") || info.starts_with("sql\t");
    if (sql) {
      const std::string_view name = trim(info.substr(4));
      query(name, static_cast<size_t>(name.data() - text_.data()), body, close);
      if (close >= text_.size()) {
        complain({.code = Code::page_tag_syntax,
                  .message = fmt::format("the query '{}' has no end", name),
                  .span = span(begin, trim_right(begin, body)),
                  .label = "opened here",
                  .help = fmt::format("close it with a line of '{}'", fence_mark)});
      }
      markdown_ += '\n';
    } else {
      markdown_ += text_.substr(at_, line_end(close) - at_);
    }
    at_ = close >= text_.size() ? text_.size() : line_end(close);
  }

  size_t trim_right(size_t begin, size_t end) const {
    while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r' || text_[end - 1] == ' ')) --end;
    return end;
  }

  void query(std::string_view name, size_t name_begin, size_t begin, size_t end) {
    Query query{.name = std::string(name),
                .span = span(begin, trim_right(begin, end)),
                .name_span = span(name_begin, name_begin + name.size())};
    const size_t errors = page_.diagnostics.size();
    query.parts = split_sql(source_, query.span.begin, query.span.end, page_.diagnostics);
    query.usable = page_.diagnostics.size() == errors;
    page_.queries.push_back(std::move(query));
  }

  // Markdown up to `end`, with tags taken out of it. A tag may go on over later lines.
  void text_line(size_t end) {
    bool only_tags = true;  // so far on this line
    while (at_ < end) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < end) {
        markdown_ += text_.substr(at_, 2);
        at_ += 2;
        only_tags = false;
      } else if (c == '`') {
        code_span();
        only_tags = false;
      } else if (text_.substr(at_).starts_with("<!--")) {
        const size_t close = text_.find("-->", at_);
        at_ = close == std::string_view::npos ? text_.size() : close + 3;
        end = line_end(at_);
      } else if (c == '<') {
        if (tag(only_tags)) {
          end = std::max(end, line_end(at_ > 0 ? at_ - 1 : 0));
          end = std::max(end, at_);
        } else {
          markdown_ += c;
          ++at_;
          only_tags = false;
        }
      } else if (c == '{' && expression(end)) {
        only_tags = false;
      } else {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') only_tags = false;
        markdown_ += c;
        ++at_;
      }
    }
  }

  // `code`, also over line ends: as it is.
  void code_span() {
    size_t open = at_;
    while (open < text_.size() && text_[open] == '`') ++open;
    const std::string mark(open - at_, '`');
    size_t close = text_.find(mark, open);
    while (close != std::string_view::npos && close + mark.size() < text_.size() && text_[close + mark.size()] == '`') {
      close = text_.find(mark, text_.find_first_not_of('`', close));
    }
    const size_t paragraph = text_.find("\n\n", open);
    const bool closed = close != std::string_view::npos && close < paragraph;
    const size_t end = closed ? close + mark.size() : open;
    markdown_ += text_.substr(at_, end - at_);
    at_ = end;
  }

  // Evidence's {#if} and {query[0].column}: said to be unknown rather than shown as text without a word.
  bool expression(size_t end) {
    const size_t close = text_.substr(0, end).find('}', at_);
    if (close == std::string_view::npos || close == at_ + 1) return false;
    const std::string_view inside = text_.substr(at_ + 1, close - at_ - 1);
    const bool block = inside[0] == '#' || inside[0] == '/' || inside[0] == ':';
    if (!block && inside.find("[0].") == std::string_view::npos && !inside.starts_with("inputs.")) return false;
    complain({.severity = Severity::warning,
              .code = Code::page_expression,
              .message = fmt::format("'{{{}}}' is shown as it is: a page runs no program", inside),
              .span = span(at_, close + 1),
              .label = block ? "no blocks in pages" : "not evaluated",
              .help = block ? "choose rows in SQL instead" : "show a number with <Value data={query} column=name/>"});
    return false;
  }

  bool tag(bool block) {
    std::optional<Tag> tag = read_tag(source_, static_cast<uint32_t>(at_), static_cast<uint32_t>(text_.size()));
    if (!tag) return false;
    at_ = tag->span.end;
    std::ranges::move(tag->errors, std::back_inserter(page_.diagnostics));
    // A tag that has its lines for itself is a block; Markdown must not take it into the paragraph beside it.
    const size_t rest = text_.find_first_not_of(" \t\r", at_);
    block = block && (rest == std::string_view::npos || text_[rest] == '\n' || text_[rest] == '<');
    if (tag->closing) return close_tag(*tag), true;
    const uint32_t id = add(*tag);
    const Component& component = page_.components[id];
    const bool part = component.spec != nullptr && component.spec->kind == ComponentKind::part;
    if (!part) markdown_ += fmt::format("{0}{1}{2}{3}{0}", block ? "\n\n" : "", slot_open, id, slot_close);
    const bool opens = component.spec != nullptr && !tag->self_closing && !part;
    if (opens) open_.push_back({id, std::exchange(markdown_, {})});
    return true;
  }

  uint32_t add(Tag& tag) {
    const auto id = static_cast<uint32_t>(page_.components.size());
    Component component{.spec = find_component(tag.name),
                        .name = std::move(tag.name),
                        .attributes = std::move(tag.attributes),
                        .span = tag.span,
                        .name_span = tag.name_span};
    if (!open_.empty()) {
      component.parent = open_.back().id;
      page_.components[open_.back().id].children.push_back(id);
    }
    page_.components.push_back(std::move(component));
    return id;
  }

  void close_tag(const Tag& tag) {
    const auto opened =
        std::ranges::find_if(open_, [&](const Open& open) { return page_.components[open.id].name == tag.name; });
    const ComponentSpec* spec = find_component(tag.name);
    if (opened == open_.end()) {
      // The end of a part or of an unknown tag, which hold nothing, is no mistake of its own.
      if (spec == nullptr || spec->kind == ComponentKind::part) return;
      complain({.code = Code::page_tag_syntax,
                .message = fmt::format("'</{}>' closes nothing", tag.name),
                .span = tag.span,
                .label = "no such tag is open here"});
      return;
    }
    const uint32_t id = opened->id;
    while (open_.back().id != id) close_container(open_.back().id, "is not closed before its surroundings are");
    close_container(id, {});
  }

  void close_container(uint32_t id, std::string_view complaint) {
    Component& component = page_.components[id];
    if (component.spec->kind == ComponentKind::container) component.html = replace_slots(markdown_to_html(markdown_));
    markdown_ = std::move(open_.back().markdown_before);
    markdown_ += '\n';
    open_.pop_back();
    if (complaint.empty()) return;
    complain({.code = Code::page_tag_syntax,
              .message = fmt::format("'<{}>' {}", component.name, complaint),
              .span = component.name_span,
              .label = "opened here",
              .help = fmt::format("close it with '</{0}>', or write '<{0} ... />' where nothing stands inside",
                                  component.name)});
  }

  SourcePtr source_;
  std::string_view text_;
  size_t at_ = 0;
  Page page_;
  std::string markdown_;  // of the innermost open container
  std::string first_heading_;
  std::vector<Open> open_;
};

}  // namespace

Page read_page(std::string name, SourcePtr source) { return PageReader(std::move(name), std::move(source)).read(); }

const Attribute* Component::find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::string_view Component::text(std::string_view attribute) const {
  const Attribute* found = find(attribute);
  return found == nullptr ? std::string_view() : found->value.text;
}

const Query* Page::query(std::string_view query_name) const {
  const auto found = std::ranges::find(queries, query_name, &Query::name);
  return found == queries.end() ? nullptr : &*found;
}

const Component* Page::input(std::string_view input_name) const {
  const auto found = std::ranges::find_if(components, [&](const Component& component) {
    return component.spec != nullptr && component.spec->kind == ComponentKind::input &&
           component.text("name") == input_name;
  });
  return found == components.end() ? nullptr : &*found;
}

}  // namespace rynd::server
