// Dotenv, read: a line or a quoted text over several lines at a time.
#include "base/dotenv.h"

#include <algorithm>

#include "base/text.h"

namespace rynd {
namespace {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

class Reader {
 public:
  Reader(const SourcePtr& source, const Environment& environment)
      : source_(source), text_(source->text()), environment_(environment) {}

  Dotenv read() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    while (at_ < text_.size()) {
      if (is_space(text_[at_]) || text_[at_] == '\n') {
        ++at_;
      } else if (text_[at_] == '#') {
        to_line_end();
      } else if (const size_t begin = at_; !binding()) {
        at_ = begin;
        to_line_end();
        result_.warnings.push_back({.severity = Severity::warning,
                                    .code = Code::dotenv_wrong,
                                    .message = "this line sets nothing",
                                    .span = {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)},
                                    .help = "NAME=value"});
      }
    }
    return std::move(result_);
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  void to_line_end() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  bool binding() {
    if (text_.substr(at_).starts_with("export") && is_space(at_ + 6 < text_.size() ? text_[at_ + 6] : '\n')) {
      at_ += 6;
      skip_spaces();
    }
    std::string name;
    if (peek() == '\'') {
      const std::optional<std::string> quoted = quoted_text('\'');
      if (!quoted) return false;
      name = *quoted;
    } else {
      while (!is_space(peek()) && peek() != '\n' && peek() != '=' && peek() != '#') name += text_[at_++];
    }
    skip_spaces();
    if (name.empty() || peek() != '=') return false;
    ++at_;
    const size_t after_equals = at_;
    skip_spaces();
    std::optional<std::string> value = peek() == '#' && at_ > after_equals ? std::string() : value_text();
    if (!value) return false;
    skip_spaces();
    if (peek() == '#') to_line_end();
    if (peek() != '\n') return false;
    set(name, expanded(*value));
    return true;
  }

  std::optional<std::string> value_text() {
    if (peek() == '\'' || peek() == '"') return quoted_text(peek());
    const size_t begin = at_;
    to_line_end();
    std::string_view value = text_.substr(begin, at_ - begin);
    for (size_t i = 1; i < value.size(); ++i) {
      if (value[i] != '#' || !is_space(value[i - 1])) continue;
      value = value.substr(0, i);
      break;
    }
    return std::string(trim(value));
  }

  // Between quotes, line ends included. In single quotes a backslash escapes only itself and the quote.
  std::optional<std::string> quoted_text(char quote) {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        return value;
      }
      if (c != '\\' || at_ + 1 >= text_.size()) {
        value += c;
        continue;
      }
      const char next = text_[++at_];
      const size_t known = std::string_view("abfnrtv").find(next);
      if (next == '\\' || next == '\'' || (next == '"' && quote == '"'))
        value += next;
      else if (quote == '"' && known != std::string_view::npos)
        value += "\a\b\f\n\r\t\v"[known];
      else
        (value += c) += next;
    }
    return std::nullopt;
  }

  std::string expanded(const std::string& value) const {
    std::string result;
    size_t at = 0;
    for (size_t open = value.find("${"); open != std::string::npos; open = value.find("${", at)) {
      const size_t close = value.find('}', open);
      if (close == std::string::npos) break;
      const std::string inside = value.substr(open + 2, close - open - 2);
      const size_t colon = inside.find(':');
      const bool with_fallback = colon != std::string::npos && inside.compare(colon, 2, ":-") == 0;
      result += value.substr(at, open - at);
      if (colon != std::string::npos && !with_fallback)
        result += value.substr(open, close + 1 - open);
      else
        result += known(inside.substr(0, colon)).value_or(with_fallback ? inside.substr(colon + 2) : "");
      at = close + 1;
    }
    return result + value.substr(at);
  }

  std::optional<std::string> known(const std::string& name) const {
    if (environment_)
      if (std::optional<std::string> value = environment_(name)) return value;
    const auto found = std::ranges::find(result_.values, name, &std::pair<std::string, std::string>::first);
    return found == result_.values.end() ? std::nullopt : std::optional(found->second);
  }

  void set(const std::string& name, std::string value) {
    const auto found = std::ranges::find(result_.values, name, &std::pair<std::string, std::string>::first);
    if (found == result_.values.end())
      result_.values.emplace_back(name, std::move(value));
    else
      found->second = std::move(value);
  }

  const SourcePtr& source_;
  std::string_view text_;
  const Environment& environment_;
  size_t at_ = 0;
  Dotenv result_;
};

}  // namespace

Dotenv read_dotenv(const SourcePtr& source, const Environment& environment) {
  return Reader(source, environment).read();
}

Result<Finished> DotenvProcess::run(const Command& command, std::stop_token stop) {
  Command with = command;
  for (const auto& [name, value] : values_)
    if (!process_.environment(name)) with.environment.emplace(name, value);
  return process_.run(with, std::move(stop));
}

std::optional<std::string> DotenvProcess::environment(const std::string& name) {
  if (std::optional<std::string> value = process_.environment(name)) return value;
  const auto found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::map<std::string, std::string> DotenvProcess::environment_of(const std::string& prefix) {
  std::map<std::string, std::string> found = process_.environment_of(prefix);
  for (const auto& [name, value] : values_)
    if (name.starts_with(prefix)) found.emplace(name, value);
  return found;
}

}  // namespace rynd
