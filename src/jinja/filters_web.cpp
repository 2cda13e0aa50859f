// Filters for HTML and URLs, and the markup they give.
#include <array>
#include <set>

#include "filters.h"
#include "modules/pattern.h"
#include "number.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

Value escape(const Bound& bound) {
  if (bound.self.as<Markup>()) return bound.self;
  return make<Markup>(escape_html(bound.self.str()));
}

Value force_escape(const Bound& bound) { return make<Markup>(escape_html(soft_text(bound.self))); }
Value safe(const Bound& bound) { return make<Markup>(soft_text(bound.self)); }

void append_entity(std::string& out, std::string_view entity) {
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 9> names = {{{"amp", '&'},
                                                                                  {"lt", '<'},
                                                                                  {"gt", '>'},
                                                                                  {"quot", '"'},
                                                                                  {"apos", '\''},
                                                                                  {"nbsp", 0xA0},
                                                                                  {"copy", 0xA9},
                                                                                  {"hellip", 0x2026},
                                                                                  {"mdash", 0x2014}}};
  if (entity.starts_with('#')) {
    const bool hex = entity.size() > 1 && (entity[1] == 'x' || entity[1] == 'X');
    const std::optional<Value> code = parse_integer(entity.substr(hex ? 2 : 1), hex ? 16 : 10);
    if (code && code->is_int()) return text::append(out, static_cast<uint32_t>(code->as_int()));
  }
  for (const auto& [name, code] : names) {
    if (name == entity) return text::append(out, code);
  }
  out += "&" + std::string(entity) + ";";
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t end = text[at] == '&' ? text.find(';', at) : std::string_view::npos;
    if (end == std::string_view::npos || end - at > 10) {
      out += text[at];
    } else {
      append_entity(out, text.substr(at + 1, end - at - 1));
      at = end;
    }
  }
  return out;
}

std::string without(std::string text, std::string_view open, std::string_view close) {
  for (size_t begin = text.find(open); begin != std::string::npos; begin = text.find(open, begin)) {
    const size_t end = text.find(close, begin);
    if (end == std::string::npos) break;
    text.erase(begin, end + close.size() - begin);
  }
  return text;
}

Value strip_tags(const Bound& bound) {
  const Value plain = without(without(soft_text(bound.self), "<!--", "-->"), "<", ">");
  std::string out;
  for (const Value& word : items_of(call_native(*find_native(string_methods(), "split"), plain, {}))) {
    if (!out.empty()) out += ' ';
    out += word.as_string();
  }
  return unescaped(out);
}

std::string quoted_url(std::string_view text, bool query) {
  std::string out;
  for (const char c : text) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) ||
                      std::string_view("_.-~").find(c) != std::string_view::npos || (!query && c == '/');
    char hex[4];
    std::snprintf(hex, sizeof(hex), "%%%02X", static_cast<unsigned char>(c));
    if (query && c == ' ')
      out += '+';
    else if (kept)
      out += c;
    else
      out += hex;
  }
  return out;
}

Value url_encode(const Bound& bound) {
  const Value& value = bound.self;
  if (value.is_string() || value.as<Markup>() || !is_iterable(value)) return quoted_url(soft_text(value), false);
  const Value pairs = value.is_dict() ? call_native(*find_native(dict_methods(), "items"), value, {}) : value;
  std::string out;
  for (const Value& pair : items_of(pairs)) {
    const std::vector<Value> two = items_of(pair);
    if (two.size() != 2)
      throw_value("not enough values to unpack (expected 2, got " + std::to_string(two.size()) + ")");
    if (!out.empty()) out += '&';
    out += quoted_url(soft_text(two[0]), true) + "=" + quoted_url(soft_text(two[1]), true);
  }
  return out;
}

const Pattern& http_pattern() {
  static const Pattern pattern(
      R"(^((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))(?::[\d]{1,5})?(?:[/?#]\S*)?$)",
      ignore_case);
  return pattern;
}

const Pattern& email_pattern() {
  static const Pattern pattern(R"(^\S+@\w[\w.-]*\.\w+$)", 0);
  return pattern;
}

bool matches(const Pattern& pattern, std::string_view text) { return !pattern.find(text, 0, Anchor::match).empty(); }

int64_t occurrences(std::string_view text, std::string_view part) {
  int64_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

struct LinkStyle {
  int64_t limit;  // of the shown text; -1: none
  std::string attributes;
  std::vector<std::string> schemes;

  std::string shown(std::string_view url) const {
    if (limit < 0 || static_cast<int64_t>(text::length(url)) <= limit) return std::string(url);
    return std::string(text::part(url, 0, static_cast<size_t>(limit))) + "...";
  }
};

std::string linked(std::string_view word, const LinkStyle& style) {
  const auto anchor = [&](std::string_view target, const std::string& shown, const std::string& attributes) {
    return "<a href=\"" + std::string(target) + "\"" + attributes + ">" + shown + "</a>";
  };
  const std::string text(word);
  if (matches(http_pattern(), word)) {
    const bool full = word.starts_with("https://") || word.starts_with("http://");
    return anchor(full ? text : "https://" + text, style.shown(word), style.attributes);
  }
  if (word.starts_with("mailto:") && matches(email_pattern(), word.substr(7))) return anchor(word, text.substr(7), "");
  if (word.find('@') != std::string_view::npos && !word.starts_with("www.") &&
      word.find(':') == std::string_view::npos && matches(email_pattern(), word)) {
    return anchor("mailto:" + text, text, "");
  }
  for (const std::string& scheme : style.schemes) {
    if (word != scheme && word.starts_with(scheme)) return anchor(word, text, style.attributes);
  }
  return text;
}

// Punctuation around a link stays outside it; brackets that it opens itself stay inside.
std::string link_word(std::string_view word, const LinkStyle& style) {
  static const Pattern opening(R"(^([(<]|&lt;)+)", 0);
  static const Pattern closing(R"(([)>.,\n]|&gt;)+$)", 0);
  const std::vector<Group> head = opening.find(word, 0, Anchor::search);
  const size_t begin = head.empty() ? 0 : head[0]->second;
  std::string middle(word.substr(begin));
  std::string tail;
  if (const std::vector<Group> end = closing.find(middle, 0, Anchor::search); !end.empty()) {
    tail = middle.substr(end[0]->first);
    middle.resize(end[0]->first);
  }
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}}) {
    const int64_t opened = occurrences(middle, open);
    if (opened <= occurrences(middle, close)) continue;
    for (int64_t left = std::min(opened, occurrences(tail, close)); left > 0; --left) {
      const size_t end = tail.find(close) + close.size();
      middle += tail.substr(0, end);
      tail.erase(0, end);
    }
  }
  return std::string(word.substr(0, begin)) + linked(middle, style) + tail;
}

Value urlize(const Bound& bound) {
  LinkStyle style{bound.is_given(0) ? bound.integer(0, -1) : -1, "", {}};
  std::set<std::string> rel = {"noopener"};
  if (bound.is_given(3)) {
    const Value words = bound[3];
    for (const Value& word : items_of(call_native(*find_native(string_methods(), "split"), words, {})))
      rel.insert(word.str());
  }
  if (bound.flag(1)) rel.insert("nofollow");
  std::string joined;
  for (const std::string& word : rel) joined += (joined.empty() ? "" : " ") + word;
  style.attributes = " rel=\"" + escape_html(joined) + "\"";
  if (bound.is_given(2)) style.attributes += " target=\"" + escape_html(soft_text(bound[2])) + "\"";
  if (bound.is_given(4)) {
    for (const Value& scheme : items_of(bound[4])) style.schemes.push_back(scheme.str());
  }
  const std::string text = escape_html(soft_text(bound.self));
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    const bool space = text::is_space(text::point(text, at).code);
    while (end < text.size() && text::is_space(text::point(text, end).code) == space)
      end += text::point(text, end).size;
    const std::string_view word = std::string_view(text).substr(at, end - at);
    out += space ? std::string(word) : link_word(word, style);
    at = end;
  }
  return out;
}

Value xml_attributes(const Bound& bound) {
  if (!bound.self.is_dict())
    throw_error("AttributeError", "'" + std::string(bound.self.type_name()) + "' object has no attribute 'items'");
  std::string out;
  for (const Table::Entry& entry : bound.self.as_dict().entries()) {
    if (entry.key.is_missing() || entry.value.is_none() || entry.value.is_undefined()) continue;
    const std::string key = soft_text(entry.key);
    if (key.find_first_of(" \t\n\f\r/>=") != std::string::npos)
      throw_value("Invalid character in attribute name: " + text::repr(key));
    if (!out.empty()) out += ' ';
    out += escape_html(key) + "=\"" +
           (entry.value.as<Markup>() ? soft_text(entry.value) : escape_html(entry.value.str())) + "\"";
  }
  return bound.flag(0, true) && !out.empty() ? " " + out : out;
}

constexpr std::array<Native, 8> natives = {{
    {"e", "escape", "", escape},
    {"escape", "escape", "", escape},
    {"forceescape", "do_forceescape", "", force_escape},
    {"safe", "do_mark_safe", "", safe},
    {"striptags", "do_striptags", "", strip_tags},
    {"urlencode", "do_urlencode", "", url_encode},
    {"urlize", "do_urlize", "trim_url_limit= nofollow= target= rel= extra_schemes=", urlize},
    {"xmlattr", "do_xmlattr", "autospace=", xml_attributes},
}};

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
        break;
    }
  }
  return out;
}

Outcome<std::optional<Value>> Markup::attr(std::string_view name) {
  return guard([&] { return plain_attribute(Value(text_), name); });
}

Outcome<std::optional<Value>> Markup::item(const Value& key) {
  return guard([&]() -> std::optional<Value> {
    Value found = subscript(Value(text_), key, true);
    return found.is_undefined() ? std::nullopt : std::optional(std::move(found));
  });
}

Outcome<IteratorPtr> Markup::iterate() {
  return guard([&]() -> IteratorPtr { return iterator_of(Value(text_)); });
}

std::optional<size_t> Markup::length() { return text::length(text_); }

Outcome<std::optional<bool>> Markup::contains(const Value& item) {
  return guard([&] { return std::optional(in(Value(soft_text(item)), Value(text_))); });
}

std::string Markup::repr() { return "Markup(" + text::repr(text_) + ")"; }

bool Markup::equals(const Value& other) {
  return (other.is_string() || other.as<Markup>()) && soft_text(other) == text_;
}

std::optional<std::partial_ordering> Markup::compare(const Value& other) {
  if (!other.is_string() && !other.as<Markup>()) return std::nullopt;
  return text_ <=> soft_text(other);
}

// What is put to markup is escaped first.
Outcome<std::optional<Value>> Markup::operate(Operator op, const Value& other, bool reflected) {
  if (op == Operator::add && (other.is_string() || other.as<Markup>())) {
    const std::string added = other.as<Markup>() ? soft_text(other) : escape_html(other.str());
    return Value(make<Markup>(reflected ? added + text_ : text_ + added));
  }
  if (op == Operator::multiply && other.is_int()) {
    return guard([&] { return std::optional<Value>(make<Markup>(jinja::operate(op, Value(text_), other).str())); });
  }
  return std::nullopt;
}

std::span<const Native> web_filters() { return natives; }

}  // namespace rynd::jinja
