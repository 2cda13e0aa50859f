// Parse: a command line into an Invocation, all its mistakes at once.
#include <algorithm>
#include <charconv>

#include "base/suggest.h"
#include "base/text.h"
#include "command.h"

namespace rynd::cli {
namespace {

bool is_option(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

bool answers_to(const Flag& flag, std::string_view name) {
  if (flag.name == name) return true;
  const std::vector<std::string> aliases = split(flag.aliases, ' ');
  return !flag.aliases.empty() && std::ranges::find(aliases, name) != aliases.end();
}

const Flag* find_flag(std::span<const Flag* const> flags, std::string_view name) {
  const auto found = std::ranges::find_if(flags, [&](const Flag* flag) { return answers_to(*flag, name); });
  return found == flags.end() ? nullptr : *found;
}

const Flag* find_letter(std::span<const Flag* const> flags, char letter) {
  const auto found = std::ranges::find_if(
      flags, [&](const Flag* flag) { return flag->letters.find(letter) != std::string_view::npos; });
  return found == flags.end() ? nullptr : *found;
}

std::optional<bool> truth(std::string_view text) {
  const std::string value = lower(text);
  for (std::string_view yes : {"1", "true", "t", "yes", "y", "on"})
    if (value == yes) return true;
  for (std::string_view no : {"0", "false", "f", "no", "n", "off", ""})
    if (value == no) return false;
  return std::nullopt;
}

// A moment written as one of click's three formats, in a form that sorts; "" where it is none.
std::string moment(std::string_view text) {
  constexpr std::string_view whole = "0000-00-00 00:00:00";
  std::string padded(text);
  if (padded.size() == 10) padded += " 00:00:00";
  if (padded.size() != whole.size()) return {};
  if (padded[10] == 'T') padded[10] = ' ';
  for (size_t i = 0; i < whole.size(); ++i) {
    const bool digit = padded[i] >= '0' && padded[i] <= '9';
    if (whole[i] == '0' ? !digit : padded[i] != whole[i]) return {};
  }
  return padded;
}

// The command line as a source, so that its mistakes can be underlined.
class Line {
 public:
  explicit Line(const std::vector<std::string>& words) {
    std::string text = "rynd";
    for (const std::string& word : words) {
      text += ' ';
      starts_.push_back(static_cast<uint32_t>(text.size()));
      const bool quoted = word.empty() || word.find_first_of(" \n\t\"{}") != std::string::npos;
      text += quoted ? "'" + replace_all(word, "\n", " ") + "'" : word;
      ends_.push_back(static_cast<uint32_t>(text.size()));
    }
    source_ = make_source("<command line>", std::move(text));
  }
  Span word(size_t index) const { return {source_, starts_[index], ends_[index]}; }

 private:
  SourcePtr source_;
  std::vector<uint32_t> starts_;
  std::vector<uint32_t> ends_;
};

class Parser {
 public:
  Parser(const std::vector<std::string>& words, Process& environment)
      : words_(words), line_(words), environment_(environment) {
    invocation_.words = words;
  }

  Checked<Invocation> parse() {
    if (!find_command()) return fail_all(std::move(mistakes_));
    flags_ = flags_of(*invocation_.command);
    for (at_ = 0; at_ < words_.size();) {
      if (at_ >= command_begin_ && at_ < command_end_) {
        at_ = command_end_;
      } else if (only_arguments_ || !is_option(words_[at_])) {
        invocation_.arguments.push_back(words_[at_++]);
        last_argument_ = at_ - 1;
      } else {
        read_option();
      }
    }
    if (!invocation_.toggle("help") && !invocation_.toggle("version")) check_arguments();
    read_environment();
    check_exclusions();
    if (!mistakes_.empty()) return fail_all(std::move(mistakes_));
    return std::move(invocation_);
  }

 private:
  Diagnostic& mistake(std::string message, std::optional<size_t> word = {}) {
    Diagnostic diagnostic{.code = Code::usage, .message = std::move(message)};
    if (word) diagnostic.span = line_.word(*word);
    if (invocation_.command) diagnostic.notes.push_back("Usage: " + usage_of(*invocation_.command));
    mistakes_.push_back(std::move(diagnostic));
    return mistakes_.back();
  }

  // Options may stand before the command, as dbt allows; those with a value hide the word after them.
  bool find_command() {
    std::vector<const Flag*> all;
    for (const Command& command : commands())
      for (const Flag* flag : flags_of(command)) all.push_back(flag);
    size_t at = 0;
    while (at < words_.size() && is_option(words_[at])) {
      const std::string_view word = words_[at++];
      const bool inlined = word.find('=') != std::string_view::npos;
      const Flag* flag = word.starts_with("--") ? find_flag(all, word.substr(2))
                         : word.size() == 2     ? find_letter(all, word[1])
                                                : nullptr;
      if (flag && flag->kind != FlagKind::toggle && !inlined) ++at;
    }
    if (at >= words_.size()) {
      mistake("the command line has no command").help = "'rynd help' lists the commands";
      return false;
    }
    command_begin_ = at;
    // The longest name wins: "ingest quarantine list" before "ingest".
    for (size_t count = std::min<size_t>(3, words_.size() - at); count > 0 && !invocation_.command; --count) {
      command_end_ = at + count;
      invocation_.command = cli::find_command(join({words_.data() + at, count}, " "));
    }
    if (!invocation_.command) unknown_command(at);
    return invocation_.command != nullptr;
  }

  void unknown_command(size_t at) {
    std::vector<std::string> second;
    std::vector<std::string> first;
    for (const Command& command : commands()) {
      const std::vector<std::string> parts = split(command.name, ' ');
      first.push_back(parts[0]);
      if (!command.alias.empty()) first.emplace_back(command.alias);
      if (parts.size() > 1 && parts[0] == words_[at]) second.push_back(parts[1]);
    }
    if (second.empty()) {
      Diagnostic& diagnostic = mistake("No such command '" + words_[at] + "'", at);
      diagnostic.label = did_you_mean(words_[at], first);
      diagnostic.help = "'rynd help' lists the commands";
      return;
    }
    const bool last = at + 1 >= words_.size() || is_option(words_[at + 1]);
    Diagnostic& diagnostic = last ? mistake("'" + words_[at] + "' needs a second word", at)
                                  : mistake("No such command '" + words_[at] + " " + words_[at + 1] + "'", at + 1);
    if (!last) diagnostic.label = did_you_mean(words_[at + 1], second);
    for (std::string& word : second) word = "'rynd " + words_[at] + " " + word + "'";
    diagnostic.help = "one of: " + join(second, ", ");
  }

  void read_option() {
    const std::string& word = words_[at_];
    if (word == "--") {
      only_arguments_ = true;
      ++at_;
    } else if (word.starts_with("--")) {
      read_long(std::string_view(word).substr(2));
    } else {
      read_letters(std::string_view(word).substr(1));
    }
  }

  void read_long(std::string_view name) {
    const size_t option = at_++;
    std::optional<std::string> value;
    if (const size_t equals = name.find('='); equals != std::string_view::npos) {
      value = std::string(name.substr(equals + 1));
      name = name.substr(0, equals);
    }
    if (const Flag* flag = find_flag(flags_, name)) return take(*flag, option, std::move(value));
    if (name.starts_with("no-")) {
      const Flag* flag = find_flag(flags_, name.substr(3));
      if (flag && flag->kind == FlagKind::toggle) {
        if (value) mistake("'--" + std::string(name) + "' takes no value", option);
        return invocation_.set(flag->name, {"false"});
      }
    }
    unknown_option(option, "--" + std::string(name));
  }

  void read_letters(std::string_view letters) {
    const size_t option = at_++;
    for (size_t i = 0; i < letters.size(); ++i) {
      const Flag* flag = find_letter(flags_, letters[i]);
      if (!flag) return unknown_option(option, std::string("-") + letters[i]);
      if (flag->kind == FlagKind::toggle) {
        invocation_.set(flag->name, {"true"});
        continue;
      }
      std::string_view rest = letters.substr(i + 1);
      if (rest.starts_with('=')) rest.remove_prefix(1);
      return take(*flag, option, rest.empty() ? std::nullopt : std::optional<std::string>(rest));
    }
  }

  void take(const Flag& flag, size_t option, std::optional<std::string> value) {
    if (flag.kind == FlagKind::toggle) {
      const std::optional<bool> meaning = value ? truth(*value) : true;
      if (!meaning) mistake("'--" + std::string(flag.name) + "' takes no value", option);
      return invocation_.set(flag.name, {meaning.value_or(true) ? "true" : "false"});
    }
    std::vector<std::string> values;
    size_t place = option;
    if (value) {
      values.push_back(*value);
    } else {
      // A negative number or a lone "-" is a value; anything else with a dash is the next option.
      const auto next_is_value = [&] {
        return at_ < words_.size() && !(at_ >= command_begin_ && at_ < command_end_) &&
               (!is_option(words_[at_]) || (words_[at_].size() > 1 && words_[at_][1] >= '0' && words_[at_][1] <= '9'));
      };
      while (next_is_value() && (values.empty() || (flag.kind == FlagKind::list && at_ > command_end_))) {
        place = at_;
        values.push_back(words_[at_++]);
      }
    }
    if (values.empty()) {
      mistake("Option '--" + std::string(flag.name) + "' requires an argument: " + std::string(flag.value), option);
      return;
    }
    for (const std::string& text : values)
      if (const std::string problem = objection(flag, text); !problem.empty())
        mistake("Invalid value for '--" + std::string(flag.name) + "': '" + text + "' " + problem, place);
    flag.kind == FlagKind::list ? invocation_.add(flag.name, std::move(values))
                                : invocation_.set(flag.name, std::move(values));
  }

  void unknown_option(size_t option, const std::string& name) {
    std::vector<std::string> names;
    for (const Flag* flag : flags_) {
      names.push_back("--" + std::string(flag->name));
      if (flag->kind == FlagKind::toggle) names.push_back("--no-" + std::string(flag->name));
    }
    mistake("No such option '" + name + "'", option).label = name.starts_with("--") ? did_you_mean(name, names) : "";
    // Its value would only be taken for an argument, and be reported as a second mistake.
    after_unknown_ = true;
  }

  void check_arguments() {
    const Command& command = *invocation_.command;
    const int count = static_cast<int>(invocation_.arguments.size());
    if (count < command.least_arguments) {
      mistake("'rynd " + std::string(command.name) + "' needs " + std::string(command.arguments));
    } else if (command.most_arguments >= 0 && count > command.most_arguments && !after_unknown_) {
      Diagnostic& diagnostic =
          mistake("'rynd " + std::string(command.name) + "' does not take '" + invocation_.arguments.back() + "'",
                  last_argument_);
      if (command.flag_groups & selects) diagnostic.help = "select nodes with --select " + invocation_.arguments.back();
    }
  }

  // Flags of dbt that exclude each other, and two that need each other.
  void check_exclusions() {
    for (const auto& [first, second] : {std::pair{"warn-error", "warn-error-options"}, std::pair{"select", "inline"},
                                        std::pair{"selector", "inline"}}) {
      if (invocation_.given(first) && invocation_.given(second))
        mistake(std::string(second) + ": not allowed with argument " + first);
    }
    for (const auto& [given, lacking] :
         {std::pair{"event-time-start", "event-time-end"}, std::pair{"event-time-end", "event-time-start"}}) {
      if (invocation_.given(given) && !invocation_.given(lacking))
        mistake("The flag `--" + std::string(given) + "` was specified, but `--" + lacking + "` was not");
    }
    if (invocation_.given("event-time-start") && invocation_.given("event-time-end") &&
        moment(invocation_.text("event-time-start")) >= moment(invocation_.text("event-time-end")))
      mistake("Value for `--event-time-start` must be less than `--event-time-end`");
  }

  void read_environment() {
    for (const Flag* flag : flags_) {
      if (invocation_.given(flag->name)) continue;
      std::vector<std::string> names;
      if (!flag->former.empty()) names.emplace_back(flag->former);
      if (flag->environment) {
        const std::string upper_name = upper(replace_all(flag->name, "-", "_"));
        names.push_back("DBT_ENGINE_" + upper_name);
        names.push_back("DBT_" + upper_name);
      }
      for (const std::string& name : names) {
        const std::optional<std::string> value = environment_.environment(name);
        if (!value || value->empty()) continue;
        read_variable(*flag, name, *value);
        break;
      }
    }
  }

  void read_variable(const Flag& flag, const std::string& name, const std::string& value) {
    const std::string problem = objection(flag, value);
    const std::optional<bool> meaning = truth(value);
    if (!problem.empty()) {
      mistake("Invalid value for the environment variable " + name + ": '" + value + "' " + problem);
    } else if (flag.kind == FlagKind::toggle) {
      const bool opposite = name == flag.former && name.find("_NO_") != std::string::npos;
      invocation_.set(flag.name, {*meaning != opposite ? "true" : "false"}, Origin::environment);
    } else {
      invocation_.set(flag.name, flag.kind == FlagKind::list ? split(value, ' ') : std::vector<std::string>{value},
                      Origin::environment);
    }
  }

  const std::vector<std::string>& words_;
  Line line_;
  Process& environment_;
  Invocation invocation_;
  std::vector<const Flag*> flags_;
  Diagnostics mistakes_;
  size_t at_ = 0;
  size_t command_begin_ = 0;
  size_t command_end_ = 0;
  size_t last_argument_ = 0;
  bool only_arguments_ = false;
  bool after_unknown_ = false;
};

}  // namespace

std::string objection(const Flag& flag, std::string_view value) {
  if (flag.kind == FlagKind::toggle && !truth(value)) return "is neither true nor false";
  if (flag.kind == FlagKind::number) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return "is not a valid integer";
  }
  if (flag.kind == FlagKind::time && moment(value).empty())
    return "does not match the formats '%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S'";
  if (!flag.choices.empty()) {
    const std::vector<std::string> choices = split(flag.choices, ' ');
    if (std::ranges::find(choices, lower(value)) == choices.end())
      return "is not one of '" + join(choices, "', '") + "'";
  }
  return {};
}

Checked<Invocation> parse(const std::vector<std::string>& words, Process& environment) {
  return Parser(words, environment).parse();
}

}  // namespace rynd::cli
