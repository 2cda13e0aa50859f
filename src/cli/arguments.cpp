// Arguments: flags to values.
#include "arguments.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.h"
#include "base/yaml.h"
#include "project/warnings.h"

namespace rynd::cli {
namespace {

constexpr std::array<std::string_view, 4> mappings{"vars", "args", "warn-error-options", "sqlparse"};
constexpr std::array<std::string_view, 3> folders{"project-dir", "profiles-dir", "log-path"};

Node value_of(const Invocation& invocation, const Flag& flag) {
  if (flag.kind == FlagKind::list) {
    Node list = Node::list();
    for (const std::string& words : invocation.list(flag.name))
      for (const std::string& word : split(words, ' '))
        if (!word.empty()) list.items.push_back(Node::of(word));
    return list;
  }
  if (flag.kind == FlagKind::toggle) return Node::of(invocation.toggle(flag.name));
  if (flag.kind == FlagKind::number) {
    const std::optional<int> number = invocation.number(flag.name);
    return number ? Node::of(*number) : Node();
  }
  const std::string text = invocation.text(flag.name);
  return text.empty() ? Node() : Node::of(text);
}

Node absolute(const Node& folder, std::string_view fallback) {
  const std::string path = folder.is_null() ? std::string(fallback) : folder.text;
  std::string whole = std::filesystem::absolute(path).lexically_normal().string();
  while (whole.size() > 1 && whole.ends_with('/')) whole.pop_back();
  return Node::of(whole);
}

// {error, warn, silence}, each a list but for "all" and "*"; `include` and `exclude` are their older names.
Node warn_error_options(const Node& given) {
  Node options = Node::map();
  for (const auto& [name, older] : {std::pair{"error", "include"}, {"warn", "exclude"}, {"silence", ""}}) {
    const Node* value = given.find(name);
    if (!value) value = given.find(older);
    options.set(name, value && !value->is_null() ? *value : Node::list());
  }
  return options;
}

}  // namespace

std::string which(const Command& command) {
  if (command.name == "ls") return "list";
  if (command.name == "docs generate") return "generate";
  if (command.name == "docs serve") return "serve";
  if (command.name == "source freshness") return "freshness";
  return std::string(command.name);
}

Checked<Node> mapping_flag(const Invocation& invocation, std::string_view flag) {
  const std::string text = invocation.text(flag);
  if (text.empty()) return Node::map();
  const std::string name = "--" + std::string(flag);
  Checked<Document> document = yaml::read(make_source(name, text));
  if (!document) return fail_all(std::move(document.error()));
  if (document->root.is_null()) return Node::map();
  if (document->root.is_mapping()) return std::move(document->root);
  return fail_all({{.code = Code::usage,
                    .message = name + " must be a YAML mapping",
                    .span = document->span(document->root),
                    .help = "for example: " + name +
                            (flag == "vars"   ? " 'start_date: 2024-01-01'"
                             : flag == "args" ? " '{schema: main}'"
                                              : " '{error: all}'")}});
}

Checked<Node> template_flags(const Invocation& invocation) {
  Node flags = Node::map();
  Diagnostics mistakes;
  for (const Flag* flag : flags_of(*invocation.command)) {
    if (flag->ours) continue;
    Node value;
    if (std::ranges::find(mappings, flag->name) != mappings.end()) {
      Checked<Node> mapping = mapping_flag(invocation, flag->name);
      if (!mapping) {
        std::ranges::move(mapping.error(), std::back_inserter(mistakes));
      } else if (flag->name != "warn-error-options") {
        value = std::move(*mapping);
      } else {
        if (std::optional<Diagnostic> wrong = project::check_warning_options(*mapping))
          mistakes.push_back(std::move(*wrong));
        value = warn_error_options(*mapping);
      }
    } else {
      value = value_of(invocation, *flag);
      if (std::ranges::find(folders, flag->name) != folders.end())
        value = absolute(value, flag->name == "log-path" ? "logs" : ".");
    }
    flags.set(upper(replace_all(flag->name, "-", "_")), std::move(value));
  }
  if (!mistakes.empty()) return fail_all(std::move(mistakes));
  // Who leads is followed where the follower is not given itself.
  for (const auto& [leader, follower] : {std::pair{"use-colors", "use-colors-file"},
                                         {"log-level", "log-level-file"},
                                         {"log-format", "log-format-file"}}) {
    if (invocation.given(leader) && !invocation.given(follower))
      flags.set(upper(replace_all(follower, "-", "_")), *flags.find(upper(replace_all(leader, "-", "_"))));
  }
  if (invocation.command->name == "run-operation" && !invocation.arguments.empty())
    flags.set("MACRO", Node::of(invocation.arguments.front()));
  flags.set("WHICH", Node::of(which(*invocation.command)));
  flags.set("INVOCATION_COMMAND", Node::of("dbt " + join(invocation.words, " ")));
  return flags;
}

}  // namespace rynd::cli
