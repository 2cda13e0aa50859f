// YAML reader: libfyaml's events become nodes with places; scalars mean what PyYAML says they mean.
#include <libfyaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>

#include "base/text.h"
#include "base/yaml.h"
#include "unicode.h"
#include "yaml_scalar.h"

namespace rynd::yaml {
namespace {

// Deeper files are refused, for nodes are destroyed recursively; libfyaml itself allows some hundreds.
constexpr int max_depth = 500;
// Aliases copy what they name: a small file may not become a huge one ("billion laughs").
constexpr size_t max_copied_nodes = 2'000'000;

using Diag = std::unique_ptr<fy_diag, decltype([](fy_diag* d) { fy_diag_destroy(d); })>;
using Parser = std::unique_ptr<fy_parser, decltype([](fy_parser* p) { fy_parser_destroy(p); })>;

size_t count_nodes(const Node& node) {
  size_t count = 1;
  for (const auto& item : node.items) count += count_nodes(item);
  for (const auto& entry : node.entries) count += count_nodes(entry.value);
  return count;
}

std::string_view token_text(fy_token* token) {
  if (token == nullptr) return {};
  size_t size = 0;
  const char* text = fy_token_get_text(token, &size);
  return text ? std::string_view(text, size) : std::string_view();
}

// Parses the part of a source that starts at `from`, and collects what is wrong with it.
class Reader {
 public:
  Reader(const SourcePtr& source, size_t from, Diagnostics& problems)
      : source_(source), from_(from), problems_(problems) {
    fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = nullptr;
    quiet.level = FYET_ERROR;
    quiet.output_fn = [](fy_diag*, void*, const char*, size_t) {};
    diag_.reset(fy_diag_create(&quiet));
    fy_diag_set_collect_errors(diag_.get(), true);
    fy_parse_cfg config{};
    config.flags = static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_1 |
                                                   FYPCF_SLOPPY_FLOW_INDENTATION);
    config.diag = diag_.get();
    parser_.reset(fy_parser_create(&config));
    std::string_view text = source->text().substr(from);
    fy_parser_set_string(parser_.get(), text.data(), text.size());
  }

  Node document() {
    Node root;
    bool seen = false;
    while (next()) {
      if (event_->type == FYET_DOCUMENT_START) {
        if (seen) {
          problem(place(fy_event_start_mark(event_.get()), 3), "expected one document, found a second one",
                  "split the file, or remove the '---'");
          return root;
        }
        seen = true;
        if (next() && event_->type != FYET_DOCUMENT_END) root = value(0);
      }
    }
    syntax_errors();
    return root;
  }

  // Where the parser gave up; npos where it read to the end, or the text behind the error makes no sense by itself.
  size_t gave_up_at() const { return gave_up_at_; }

 private:
  struct FreeEvent {
    fy_parser* parser;
    void operator()(fy_event* event) const { fy_parser_event_free(parser, event); }
  };
  struct Anchor {
    Node node;
    size_t size;
  };

  bool next() {
    event_ = {fy_parser_parse(parser_.get()), FreeEvent{parser_.get()}};
    if (!event_) stopped_ = true;
    return event_ != nullptr;
  }

  uint32_t offset(const fy_mark* mark) const { return static_cast<uint32_t>(from_ + mark->input_pos); }

  Span place(const fy_mark* mark, uint32_t length) const {
    uint32_t begin = mark ? offset(mark) : last_end_;
    return {source_, begin, begin + length};
  }

  void problem(Span span, std::string message, std::string help = "") {
    problems_.push_back({.code = Code::yaml_syntax,
                         .message = "this is not valid YAML: " + message,
                         .span = std::move(span),
                         .help = std::move(help)});
  }

  std::string help_for(std::string_view message, size_t at) const {
    Position position = source_->position(static_cast<uint32_t>(at));
    std::string_view line = source_->line(position.line);
    if (line.find("{{") != std::string_view::npos || line.find("{%") != std::string_view::npos) {
      return "put a value that contains {{ ... }} in quotes";
    }
    if (message.starts_with("tab character")) return "indent with spaces";
    if (message == "invalid nested block mapping on the same line") return "put a text that contains ': ' in quotes";
    if (message == "invalid multiline plain key") return "is there a ': ' missing, or an indentation wrong?";
    if (message.starts_with("plain scalar cannot start")) return "put this value in quotes";
    return "";
  }

  void syntax_errors() {
    void* previous = nullptr;
    while (const fy_diag_error* error = fy_diag_errors_iterate(diag_.get(), &previous)) {
      const fy_mark* mark = error->fyt ? fy_token_start_mark(error->fyt) : nullptr;
      const fy_mark* end = error->fyt ? fy_token_end_mark(error->fyt) : nullptr;
      uint32_t begin = mark ? offset(mark) : source_->offset(error->line, error->column);
      // The library misspells a word.
      std::string message = error->msg ? replace_all(trim(error->msg), "indendation", "indentation") : "";
      problem({source_, begin, std::max(begin, end ? offset(end) : begin)}, message, help_for(message, begin));
      bool open_ended = message.find("without") != std::string::npos;
      gave_up_at_ = open_ended ? std::string::npos : begin;
    }
  }

  // The node of the current event; leaves its last event current.
  Node value(int depth) {
    Node node;
    if (depth > max_depth) {
      problem(place(fy_event_start_mark(event_.get()), 1),
              "nested deeper than " + std::to_string(max_depth) + " levels");
      while (next()) {
      }
      return node;
    }
    if (event_->type == FYET_ALIAS) return alias();
    std::string anchor(token_text(fy_event_get_anchor_token(event_.get())));
    switch (event_->type) {
      case FYET_SCALAR:
        node = scalar();
        break;
      case FYET_SEQUENCE_START:
        node = sequence(depth);
        break;
      case FYET_MAPPING_START:
        node = mapping(depth);
        break;
      default:
        break;
    }
    if (!anchor.empty() && !stopped_) {
      size_t size = count_nodes(node);
      if (copies_fit(size, place(nullptr, 0))) anchors_[anchor] = Anchor{node, size};
    }
    return node;
  }

  // Counts what an anchor keeps and an alias copies; reports the first that is too much, and gives up the rest.
  bool copies_fit(size_t size, Span span) {
    copied_ += size;
    if (copied_ <= max_copied_nodes) return true;
    problem(span, "its aliases make it larger than " + std::to_string(max_copied_nodes) + " values");
    while (next()) {
    }
    return false;
  }

  Node alias() {
    std::string name(token_text(event_->alias.anchor));
    const fy_mark* mark = fy_event_start_mark(event_.get());
    Span span = place(mark, static_cast<uint32_t>(name.size()));
    if (span.begin > 0 && source_->text()[span.begin - 1] == '*') --span.begin;
    last_end_ = span.end;
    auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      // A fragment read after an error has lost the anchors that stand before it.
      if (from_ == 0) problem(span, "no anchor '&" + name + "' stands before this alias");
      return {};
    }
    if (!copies_fit(found->second.size, span)) return {};
    return found->second.node;
  }

  Node scalar() {
    Node node;
    fy_token* token = event_->scalar.value;
    std::string_view text = token_text(token);
    fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    node.quoted = token != nullptr && style != FYSS_PLAIN;
    if (const fy_mark* begin = token ? fy_token_start_mark(token) : nullptr) {
      node.begin = offset(begin);
      node.end = offset(fy_token_end_mark(token));
      if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) {
        --node.begin;
        ++node.end;
      }
    } else {
      node.begin = node.end = last_end_;
    }
    last_end_ = node.end;
    // libfyaml gives an empty block one zero byte, which no text of ours can have.
    if (style == FYSS_LITERAL || style == FYSS_FOLDED) {
      text = text.substr(0, text.find('\0'));
      // It also ends a last line that the file leaves open.
      const bool open = !source_->text().empty() && source_->text().back() != '\n';
      if (open && node.end >= source_->text().size() && text.ends_with('\n')) text.remove_suffix(1);
    }
    std::string_view tag = token ? token_text(event_->scalar.tag) : std::string_view();
    if (!tag.empty()) {
      tagged(node, tag, text);
    } else if (node.quoted) {
      node.kind = Node::Kind::string;
      node.text = text;
    } else {
      resolve_plain(node, text);
    }
    return node;
  }

  void tagged(Node& node, std::string_view tag, std::string_view text) {
    constexpr std::string_view standard_prefix = "tag:yaml.org,2002:";
    std::string_view type = tag.starts_with(standard_prefix) ? tag.substr(standard_prefix.size()) : std::string_view();
    node.kind = Node::Kind::string;
    node.text = text;
    if (type == "int" || type == "float" || type == "bool") {
      if (!resolve_as(node, type, text)) {
        problem({source_, node.begin, node.end}, "'" + std::string(text) + "' is no !!" + std::string(type));
      }
    } else if (type == "null") {
      node.kind = Node::Kind::null;
    } else if (type == "str" || tag == "!") {
      node.quoted = true;
    } else if (type != "timestamp" && type != "binary") {
      problem({source_, node.begin, node.end}, "the tag '" + std::string(tag) + "' has no meaning here");
    }
  }

  Node sequence(int depth) {
    Node node = Node::list();
    node.begin = start_of(fy_event_start_mark(event_.get()));
    while (next() && event_->type != FYET_SEQUENCE_END) node.items.push_back(value(depth + 1));
    close(node);
    return node;
  }

  uint32_t start_of(const fy_mark* mark) { return mark ? offset(mark) : last_end_; }

  // A block ends with its last value; a flow collection with its bracket.
  void close(Node& node) {
    const fy_mark* end = event_ ? fy_event_end_mark(event_.get()) : nullptr;
    const fy_mark* begin = event_ ? fy_event_start_mark(event_.get()) : nullptr;
    if (end && begin && end->input_pos > begin->input_pos && is_flow_end(offset(begin))) last_end_ = offset(end);
    node.end = std::max(node.begin, last_end_);
  }

  bool is_flow_end(uint32_t at) const {
    std::string_view text = source_->text();
    return at < text.size() && (text[at] == ']' || text[at] == '}');
  }

  Node mapping(int depth) {
    Node node = Node::map();
    node.begin = start_of(fy_event_start_mark(event_.get()));
    bool has_merge = false;
    while (next() && event_->type != FYET_MAPPING_END) {
      Entry entry;
      bool plain_merge = false;
      if (!key(entry, plain_merge, depth)) continue;
      last_end_ = entry.key_end;
      if (!next()) break;
      entry.value = value(depth + 1);
      // Marked by its key's place: a quoted "<<" is an ordinary key.
      has_merge = has_merge || plain_merge;
      if (plain_merge) merges_.push_back(entry.key_begin);
      node.entries.push_back(std::move(entry));
    }
    close(node);
    report_duplicates(node);
    if (has_merge) merge(node);
    return node;
  }

  // Reads the key of the current event. A key that is no scalar is reported and skipped with its value.
  bool key(Entry& entry, bool& plain_merge, int depth) {
    Node node = value(depth + 1);
    entry.key_begin = node.begin;
    entry.key_end = node.end;
    if (stopped_) return false;
    if (!node.is_scalar()) {
      uint32_t end = std::max(node.end, node.begin + 1);
      problem({source_, node.begin, end}, "a key must be a plain value", help_for("", node.begin));
      if (next()) value(depth + 1);
      return false;
    }
    entry.key = std::move(node.text);
    plain_merge = entry.key == "<<" && !node.quoted;
    return true;
  }

  bool is_merge(const Entry& entry) const {
    return entry.key == "<<" && std::find(merges_.begin(), merges_.end(), entry.key_begin) != merges_.end();
  }

  void report_duplicates(const Node& node) {
    auto report = [this](const Entry& first, const Entry& second) {
      problems_.push_back({.code = Code::yaml_duplicate_key,
                           .message = "the key '" + second.key + "' stands twice in one mapping",
                           .span = {source_, second.key_begin, second.key_end},
                           .related = {{{source_, first.key_begin, first.key_end}, "first here"}}});
    };
    const auto& entries = node.entries;
    if (entries.size() <= 12) {
      for (size_t i = 1; i < entries.size(); ++i) {
        for (size_t j = 0; j < i; ++j) {
          if (entries[i].key == entries[j].key) {
            report(entries[j], entries[i]);
            break;
          }
        }
      }
      return;
    }
    std::unordered_map<std::string_view, const Entry*> seen;
    for (const auto& entry : entries) {
      auto [first, is_new] = seen.emplace(entry.key, &entry);
      if (!is_new) report(*first->second, entry);
    }
  }

  // PyYAML's order: what is merged stands first, an earlier mapping of a list wins, the mapping's own keys win over
  // all.
  void merge(Node& node) {
    Node merged = Node::map();
    List<Entry> own;
    for (auto& entry : node.entries) {
      if (!is_merge(entry)) {
        own.push_back(std::move(entry));
        continue;
      }
      List<Node> parts;
      if (entry.value.is_sequence())
        parts = std::move(entry.value.items);
      else
        parts.push_back(std::move(entry.value));
      for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        if (!part->is_mapping()) {
          problem({source_, entry.key_begin, entry.key_end}, "'<<' merges a mapping or a list of mappings");
          break;
        }
        for (auto& inherited : part->entries) put(merged, std::move(inherited));
      }
    }
    for (auto& entry : own) put(merged, std::move(entry));
    node.entries = std::move(merged.entries);
  }

  static void put(Node& mapping, Entry entry) {
    for (auto& known : mapping.entries) {
      if (known.key == entry.key) {
        known = std::move(entry);
        return;
      }
    }
    mapping.entries.push_back(std::move(entry));
  }

  const SourcePtr& source_;
  size_t from_;
  Diagnostics& problems_;
  Diag diag_;
  Parser parser_;
  std::unique_ptr<fy_event, FreeEvent> event_{nullptr, FreeEvent{nullptr}};
  std::map<std::string, Anchor, std::less<>> anchors_;
  std::vector<uint32_t> merges_;
  size_t copied_ = 0;
  uint32_t last_end_ = 0;
  bool stopped_ = false;
  size_t gave_up_at_ = std::string::npos;
};

// libfyaml takes what is not UTF-8, and a zero byte, for the end of the text.
bool check_bytes(const SourcePtr& source, Diagnostics& problems) {
  std::string_view text = source->text();
  for (size_t at = 0; at < text.size();) {
    auto byte = static_cast<unsigned char>(text[at]);
    size_t size = byte != 0 && byte < 0x80 ? 1 : unicode::valid_sequence(text.substr(at));
    if (size == 0 || byte == 0) {
      auto begin = static_cast<uint32_t>(at);
      problems.push_back({.code = Code::yaml_syntax,
                          .message = byte == 0 ? "this is not valid YAML: it has a zero byte"
                                               : "this is not valid YAML: it is not UTF-8",
                          .span = {source, begin, begin + 1}});
      return false;
    }
    at += size;
  }
  return true;
}

// The next line behind `at` that starts a key at the left margin: there reading can go on after an error.
size_t next_top_level_key(std::string_view text, size_t at) {
  while ((at = text.find('\n', at)) != std::string_view::npos) {
    ++at;
    std::string_view line = text.substr(at, text.find('\n', at) - at);
    size_t name = line.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+");
    bool is_key = name != 0 && name != std::string_view::npos && line[name] == ':' && line[0] != '-' &&
                  (name + 1 == line.size() || line[name + 1] == ' ' || line[name + 1] == '\r');
    if (is_key) return at;
  }
  return std::string_view::npos;
}

}  // namespace

Checked<Document> read(SourcePtr source) {
  Diagnostics problems;
  if (!check_bytes(source, problems)) return fail_all(std::move(problems));
  Document document{source, {}};
  Reader reader(source, 0, problems);
  document.root = reader.document();
  size_t gave_up = reader.gave_up_at();
  while (gave_up != std::string::npos) {
    size_t resume = next_top_level_key(source->text(), gave_up);
    if (resume == std::string_view::npos) break;
    Reader rest(source, resume, problems);
    rest.document();
    gave_up = rest.gave_up_at();
  }
  if (!problems.empty()) {
    sort_by_place(problems);
    return fail_all(std::move(problems));
  }
  return document;
}

}  // namespace rynd::yaml
