// modules.re: Python's functions, patterns and matches.
#include <fmt/format.h>

#include <functional>

#include "errors.h"
#include "modules.h"
#include "modules/pattern.h"
#include "object.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

using Given = std::span<const Value>;

struct Match {
  PatternPtr pattern;
  std::string subject;
  std::vector<Group> groups;
};
using MatchPtr = std::shared_ptr<const Match>;

size_t points(const Match& match, size_t byte) { return text::length(std::string_view(match.subject).substr(0, byte)); }

size_t group_number(const Match& match, const Value& key) {
  std::optional<size_t> number;
  if (key.is_string())
    number = match.pattern->number(key.as_string());
  else if (key.is_int() && key.as_int() >= 0)
    number = static_cast<size_t>(key.as_int());
  if (!number || *number >= match.groups.size()) throw_error("IndexError", "no such group");
  return *number;
}

Value group_text(const Match& match, size_t number, const Value& fallback) {
  const Group& group = match.groups[number];
  return group ? Value(std::string_view(match.subject).substr(group->first, group->second - group->first)) : fallback;
}

// What Python's templates for sub and expand may say: \1, \g<name>, and the usual escapes.
std::string expand(const Match& match, std::string_view replacement) {
  std::string out;
  for (size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '\\' || i + 1 == replacement.size()) {
      out += replacement[i];
      continue;
    }
    const char c = replacement[++i];
    if (c == 'g' && i + 1 < replacement.size() && replacement[i + 1] == '<') {
      const size_t end = replacement.find('>', i);
      if (end == std::string_view::npos) throw_error("error", "missing >, unterminated name");
      const std::string name(replacement.substr(i + 2, end - i - 2));
      const bool digits = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
      out += group_text(match,
                        group_number(match, digits ? Value(static_cast<int64_t>(std::stoll(name))) : Value(name)), "")
                 .str();
      i = end;
    } else if (c >= '1' && c <= '9') {
      int64_t number = c - '0';
      if (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9')
        number = number * 10 + (replacement[++i] - '0');
      if (static_cast<size_t>(number) >= match.groups.size())
        throw_error("error", fmt::format("invalid group reference {}", number));
      out += group_text(match, static_cast<size_t>(number), "").str();
    } else {
      constexpr std::string_view letters = "nrtfva0\\";
      constexpr std::string_view meanings("\n\r\t\f\v\a\0\\", 8);
      const size_t escape = letters.find(c);
      if (escape != std::string_view::npos) {
        out += meanings[escape];
      } else {
        out += '\\';
        out += c;
      }
    }
  }
  return out;
}

class MatchObject final : public Object {
 public:
  explicit MatchObject(MatchPtr match) : match_(std::move(match)) {}
  std::string_view type_name() const override { return "re.Match"; }
  Outcome<std::optional<Value>> item(const Value& key) override {
    return guard([&]() -> std::optional<Value> { return group_text(*match_, group_number(*match_, key), Value()); });
  }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override {
    return fmt::format("<re.Match object; span=({}, {}), match={}>", points(*match_, match_->groups[0]->first),
                       points(*match_, match_->groups[0]->second), group_text(*match_, 0, Value()).repr());
  }

 private:
  std::optional<Value> method(std::string_view name);
  MatchPtr match_;
};

class PatternObject final : public Object {
 public:
  explicit PatternObject(PatternPtr pattern) : pattern(std::move(pattern)) {}
  const PatternPtr pattern;
  std::string_view type_name() const override { return "re.Pattern"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override { return "re.compile(" + text::repr(pattern->text()) + ")"; }
};

std::string subject_of(const Value& value) {
  if (!value.is_string()) throw_type(fmt::format("expected string or bytes-like object, got '{}'", value.type_name()));
  return value.str();
}

Value match_value(const PatternPtr& pattern, std::string subject, std::vector<Group> groups) {
  if (groups.empty()) return {};
  return make<MatchObject>(std::make_shared<const Match>(Match{pattern, std::move(subject), std::move(groups)}));
}

Value match_from_start(const PatternPtr& pattern, const Value& text, Anchor anchor) {
  std::string subject = subject_of(text);
  std::vector<Group> groups = pattern->find(subject, 0, anchor);
  return match_value(pattern, std::move(subject), std::move(groups));
}

std::vector<Value> all_matches(const PatternPtr& pattern, const Value& text) {
  const std::string subject = subject_of(text);
  std::vector<Value> found;
  Matches matches(*pattern, subject);
  for (std::vector<Group> groups = matches.next(); !groups.empty(); groups = matches.next()) {
    found.push_back(match_value(pattern, subject, std::move(groups)));
  }
  return found;
}

// One group: its texts; several: tuples; none: the whole matches.
Value find_all(const PatternPtr& pattern, const Value& text) {
  const Match match{pattern, subject_of(text), {}};
  std::vector<Value> found;
  Matches matches(*pattern, match.subject);
  for (std::vector<Group> groups = matches.next(); !groups.empty(); groups = matches.next()) {
    const Match here{pattern, match.subject, std::move(groups)};
    if (pattern->groups() <= 1) {
      found.push_back(group_text(here, pattern->groups(), ""));
      continue;
    }
    std::vector<Value> row;
    for (size_t i = 1; i <= pattern->groups(); ++i) row.push_back(group_text(here, i, ""));
    found.push_back(Value::tuple(std::move(row)));
  }
  return Value::list(std::move(found));
}

struct Replaced {
  std::string text;
  int64_t count = 0;
};

Replaced substitute(const PatternPtr& pattern, const Value& replacement, const Value& text, const Value& count) {
  const std::string subject = subject_of(text);
  const int64_t most = count.is_int() ? count.as_int() : 0;
  Replaced result;
  size_t copied = 0;
  Matches matches(*pattern, subject);
  for (std::vector<Group> groups = matches.next(); !groups.empty() && (most <= 0 || result.count < most);
       groups = matches.next()) {
    const auto [begin, end] = *groups[0];
    result.text += subject.substr(copied, begin - copied);
    if (replacement.is_string())
      result.text += expand(Match{pattern, subject, std::move(groups)}, replacement.as_string());
    else
      result.text += take(call(replacement, {match_value(pattern, subject, std::move(groups))})).str();
    copied = end;
    ++result.count;
  }
  result.text += subject.substr(copied);
  return result;
}

Value split(const PatternPtr& pattern, const Value& text, const Value& most_value) {
  const Match match{pattern, subject_of(text), {}};
  const int64_t most = most_value.is_int() ? most_value.as_int() : 0;
  std::vector<Value> parts;
  size_t copied = 0;
  int64_t count = 0;
  Matches matches(*pattern, match.subject);
  for (std::vector<Group> groups = matches.next(); !groups.empty() && (most <= 0 || count < most);
       groups = matches.next(), ++count) {
    const Match here{pattern, match.subject, std::move(groups)};
    parts.emplace_back(match.subject.substr(copied, here.groups[0]->first - copied));
    for (size_t i = 1; i < here.groups.size(); ++i) parts.push_back(group_text(here, i, Value()));
    copied = here.groups[0]->second;
  }
  parts.emplace_back(match.subject.substr(copied));
  return Value::list(std::move(parts));
}

PatternPtr pattern_of(const Value& value, const Value& flags) {
  if (const PatternObject* object = value.as<PatternObject>()) return object->pattern;
  if (!value.is_string()) throw_type("first argument must be string or compiled pattern");
  return std::make_shared<const Pattern>(value.str(), flags.is_int() ? flags.as_int() : 0);
}

template <class Body>
Value with_signature(std::string name, std::vector<Parameter> parameters, Body body) {
  return function(std::move(name), std::move(parameters), [body = std::move(body)](Given given) -> Outcome<Value> {
    return guard([&]() -> Value { return body(given); });
  });
}

// Does the work of re.NAME(pattern, ...) and pattern.NAME(...): the arguments after the pattern.
struct Verb {
  std::string_view name;
  std::vector<Parameter> parameters;
  std::function<Value(const PatternPtr&, Given)> work;
};

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = {
      {"search",
       {{"string"}},
       [](const PatternPtr& p, Given given) { return match_from_start(p, given[0], Anchor::search); }},
      {"match",
       {{"string"}},
       [](const PatternPtr& p, Given given) { return match_from_start(p, given[0], Anchor::match); }},
      {"fullmatch",
       {{"string"}},
       [](const PatternPtr& p, Given given) { return match_from_start(p, given[0], Anchor::full); }},
      {"findall", {{"string"}}, [](const PatternPtr& p, Given given) { return find_all(p, given[0]); }},
      {"finditer",
       {{"string"}},
       [](const PatternPtr& p, Given given) { return Value::list(all_matches(p, given[0])); }},
      {"split",
       {{"string"}, {"maxsplit", 0}},
       [](const PatternPtr& p, Given given) { return split(p, given[0], given[1]); }},
      {"sub",
       {{"repl"}, {"string"}, {"count", 0}},
       [](const PatternPtr& p, Given given) -> Value { return substitute(p, given[0], given[1], given[2]).text; }},
      {"subn",
       {{"repl"}, {"string"}, {"count", 0}},
       [](const PatternPtr& p, Given given) {
         Replaced result = substitute(p, given[0], given[1], given[2]);
         return Value::tuple({std::move(result.text), result.count});
       }},
  };
  return all;
}

Value escape(Given given) {
  std::string out;
  for (const char c : given[0].str()) {
    if (std::string_view("()[]{}?*+-|^$\\.&~# \t\n\r\v\f").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

Value all_groups(const Match& match, const Value& fallback) {
  std::vector<Value> groups;
  for (size_t i = 1; i < match.groups.size(); ++i) groups.push_back(group_text(match, i, fallback));
  return Value::tuple(std::move(groups));
}

Value named_groups(const Match& match, const Value& fallback) {
  Value names = Value::dict();
  for (const auto& [name, number] : match.pattern->names())
    names.as_dict().set(std::string_view(name), group_text(match, number, fallback));
  return names;
}

Value bound(const Match& match, const Value& key, bool end) {
  const Group& group = match.groups[group_number(match, key)];
  if (!group) return -1;
  return static_cast<int64_t>(points(match, end ? group->second : group->first));
}

}  // namespace

std::optional<Value> MatchObject::method(std::string_view name) {
  const MatchPtr match = match_;
  if (name == "group") {
    return function("group", [match](const Arguments& arguments) -> Outcome<Value> {
      return guard([&]() -> Value {
        if (arguments.size() == 0) return group_text(*match, 0, Value());
        std::vector<Value> groups;
        for (const Value& key : arguments.positional())
          groups.push_back(group_text(*match, group_number(*match, key), Value()));
        return groups.size() == 1 ? groups[0] : Value::tuple(std::move(groups));
      });
    });
  }
  if (name == "groups")
    return with_signature("groups", {{"default", Value()}},
                          [match](Given given) { return all_groups(*match, given[0]); });
  if (name == "groupdict")
    return with_signature("groupdict", {{"default", Value()}},
                          [match](Given given) { return named_groups(*match, given[0]); });
  if (name == "start")
    return with_signature("start", {{"group", 0}}, [match](Given given) { return bound(*match, given[0], false); });
  if (name == "end")
    return with_signature("end", {{"group", 0}}, [match](Given given) { return bound(*match, given[0], true); });
  if (name == "span") {
    return with_signature("span", {{"group", 0}}, [match](Given given) {
      return Value::tuple({bound(*match, given[0], false), bound(*match, given[0], true)});
    });
  }
  if (name == "expand")
    return with_signature("expand", {{"template"}},
                          [match](Given given) { return expand(*match, given[0].as_string()); });
  return std::nullopt;
}

Outcome<std::optional<Value>> MatchObject::attr(std::string_view name) {
  if (name == "string") return Value(match_->subject);
  if (name == "re") return Value(make<PatternObject>(match_->pattern));
  if (name == "pos") return Value(0);
  if (name == "endpos") return Value(static_cast<int64_t>(points(*match_, match_->subject.size())));
  return method(name);
}

Outcome<std::optional<Value>> PatternObject::attr(std::string_view name) {
  if (name == "pattern") return Value(pattern->text());
  if (name == "flags") return Value(pattern->flags() | unicode);
  if (name == "groups") return Value(static_cast<int64_t>(pattern->groups()));
  if (name == "groupindex") {
    Value names = Value::dict();
    for (const auto& [group, number] : pattern->names())
      names.as_dict().set(std::string_view(group), Value(static_cast<int64_t>(number)));
    return names;
  }
  for (const Verb& verb : verbs()) {
    if (verb.name == name)
      return with_signature(std::string(name), verb.parameters,
                            [own = pattern, &verb](Given given) { return verb.work(own, given); });
  }
  return std::nullopt;
}

Value re_module() {
  std::vector<std::pair<std::string, Value>> members;
  for (const Verb& verb : verbs()) {
    std::vector<Parameter> parameters = verb.parameters;
    parameters.insert(parameters.begin(), Parameter{"pattern"});
    parameters.push_back({"flags", 0});
    members.emplace_back(verb.name, with_signature(std::string(verb.name), std::move(parameters), [&verb](Given given) {
                           return verb.work(pattern_of(given.front(), given.back()),
                                            given.subspan(1, given.size() - 2));
                         }));
  }
  members.emplace_back("compile", with_signature("compile", {{"pattern"}, {"flags", 0}}, [](Given given) {
                         return make<PatternObject>(pattern_of(given[0], given[1]));
                       }));
  members.emplace_back("escape", with_signature("escape", {{"pattern"}}, escape));
  members.emplace_back("purge", with_signature("purge", {}, [](Given) { return Value(); }));
  const std::pair<std::string_view, int64_t> flags[] = {{"IGNORECASE", ignore_case},
                                                        {"I", ignore_case},
                                                        {"MULTILINE", multiline},
                                                        {"M", multiline},
                                                        {"DOTALL", dot_all},
                                                        {"S", dot_all},
                                                        {"VERBOSE", verbose},
                                                        {"X", verbose},
                                                        {"ASCII", ascii},
                                                        {"A", ascii},
                                                        {"UNICODE", unicode},
                                                        {"U", unicode},
                                                        {"LOCALE", locale},
                                                        {"L", locale},
                                                        {"NOFLAG", 0}};
  for (const auto& [name, number] : flags) members.emplace_back(name, Value(number));
  return record("module", std::move(members));
}

}  // namespace rynd::jinja
