// Help: the overview and the manual pages, from the commands' and flags' own specs.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "base/text.h"
#include "command.h"

namespace rynd::cli {
namespace {

constexpr std::array<std::string_view, 6> group_titles{
    "Start", "Transform (dbt's commands)", "Ingest", "Quality", "Run", "Look"};

// Words of `text` in lines of at most `width`, each after `indent` spaces; its own line ends are kept.
std::string wrap(std::string_view text, size_t indent, size_t width) {
  std::string lines;
  for (const std::string& paragraph : split(text, '\n')) {
    std::string line(indent, ' ');
    for (const std::string& word : split(paragraph, ' ')) {
      if (line.size() + word.size() > width && line.size() > indent) {
        lines += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line.assign(indent, ' ');
      }
      line += word + " ";
    }
    lines += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return lines;
}

std::string flag_left(const Flag& flag) {
  std::string left;
  for (char letter : flag.letters) left += fmt::format("-{}, ", letter);
  left += "--" + std::string(flag.name);
  if (flag.kind != FlagKind::toggle) left += " " + std::string(flag.value);
  if (flag.kind == FlagKind::list) left += "...";
  return left;
}

std::string flag_lines(std::span<const Flag* const> flags) {
  std::string lines;
  for (const Flag* flag : flags) {
    if (flag->help.empty()) continue;
    std::string help(flag->help);
    if (!flag->choices.empty()) help += " (" + replace_all(flag->choices, " ", ", ") + ")";
    const std::string left = flag_left(*flag);
    const std::string right = wrap(help, 32, 100);
    lines += left.size() < 29 ? fmt::format("  {:<30}{}", left, right.substr(32)) : "  " + left + "\n" + right;
  }
  return lines;
}

bool shared(const Flag* flag) {
  const auto everywhere = everywhere_flags();
  return flag >= everywhere.data() && flag < everywhere.data() + everywhere.size();
}

Result<std::string> help_code(const std::string& topic) {
  uint16_t number = 0;
  for (char c : topic.substr(4)) number = static_cast<uint16_t>(number * 10 + (c - '0'));
  const std::string title = code_title(static_cast<Code>(number));
  if (title.empty())
    return fail(
        {.code = Code::usage, .message = "there is no diagnostic " + topic, .help = "codes are RYND and four digits"});
  return topic + ": " + title + "\n";
}

}  // namespace

std::string usage_of(const Command& command) {
  return fmt::format("rynd {}{}{} [OPTIONS]", command.name, command.arguments.empty() ? "" : " ", command.arguments);
}

std::string help_overview() {
  std::string text =
      "rynd: ingest, transform, check, run and serve data, in one program.\n\n"
      "  rynd init my_project     a new project that builds\n"
      "  rynd build               load, build and test everything\n"
      "  rynd up                  its pages and catalog in the browser\n";
  for (size_t group = 0; group < group_titles.size(); ++group) {
    text += fmt::format("\n{}\n", group_titles[group]);
    for (const Command& command : commands())
      if (static_cast<size_t>(command.group) == group)
        text += fmt::format("  {:<25} {}\n", command.name, command.summary);
  }
  return text +
         "\n'rynd help COMMAND' shows its options and examples, 'rynd help RYND0110' what a diagnostic is about.\n"
         "With RYND_NOW=2024-05-01T10:00:00 in the environment (UTC) a command runs as if it were that time: "
         "microbatches,\n"
         "partitions, freshness, run_started_at.\n"
         "Exit codes: 0 done; 1 the work failed; 2 the command could not be carried out; 3 waiting for a person;\n"
         "130 interrupted.\n";
}

std::string help_for(const Command& command) {
  std::string text = fmt::format("{}: {}\n\nUsage: {}\n", command.name, command.summary, usage_of(command));
  if (!command.alias.empty()) text += fmt::format("Also: rynd {}\n", command.alias);
  if (!command.details.empty()) text += "\n" + wrap(command.details, 0, 100);
  if (!command.examples.empty()) {
    text += "\nExamples\n";
    for (const std::string& line : split(command.examples, '\n')) text += "  " + line + "\n";
  }
  std::vector<const Flag*> own;
  std::vector<const Flag*> general;
  for (const Flag* flag : flags_of(command)) (shared(flag) ? general : own).push_back(flag);
  if (!own.empty()) text += "\nOptions\n" + flag_lines(own);
  return text + "\nOptions of every command\n" + flag_lines(general);
}

Result<std::string> help_topic(std::string_view topic) {
  if (const Command* command = find_command(topic)) return help_for(*command);
  const std::string code = upper(topic);
  if (code.starts_with("RYND") && code.size() == 8 && code.find_first_not_of("0123456789", 4) == std::string::npos)
    return help_code(code);
  std::string group;
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    names.emplace_back(command.name);
    if (command.name.starts_with(std::string(topic) + " "))
      group += fmt::format("  {:<25} {}\n", command.name, command.summary);
  }
  if (!group.empty()) return std::string(topic) + "\n" + group;
  const std::string guess = did_you_mean(topic, names);
  return fail({.code = Code::usage,
               .message = fmt::format("there is no help on '{}'", topic),
               .help = guess.empty() ? "'rynd help' lists the commands" : guess});
}

}  // namespace rynd::cli
