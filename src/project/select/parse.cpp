// Parsing selections: the command line's grammar and selectors.yml.
#include <algorithm>
#include <charconv>

#include "base/suggest.h"
#include "base/text.h"
#include "select/spec.h"

namespace rynd::project {

namespace {

bool is_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

std::optional<uint32_t> depth(std::string_view text) {
  uint32_t value = 0;
  if (text.empty()) return {};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_method_text(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; });
}

std::string default_method(std::string_view value) {
  if (value.find('/') != std::string_view::npos) return "path";
  std::string text = lower(value);
  if (text.ends_with(".sql") || text.ends_with(".py") || text.ends_with(".csv")) return "file";
  return "fqn";
}

std::optional<Diagnostic> set_method(Criterion& criterion, std::string_view text, const Span& span) {
  auto parts = split(text, '.');
  criterion.method = parts.front();
  criterion.arguments.assign(parts.begin() + 1, parts.end());
  const auto& known = selection_methods();
  if (std::find(known.begin(), known.end(), criterion.method) != known.end()) return {};
  Diagnostic problem{.code = Code::selection_method_unknown,
                     .message = "'" + criterion.method + "' is no selection method",
                     .span = span};
  problem.label = did_you_mean(criterion.method, known);
  problem.notes.push_back("methods: " + join(known, ", "));
  return problem;
}

}  // namespace

const std::vector<std::string>& selection_methods() {
  static const std::vector<std::string> methods = {
      "access", "config",        "exposure",  "file",        "fqn",       "group",          "metric", "package",
      "path",   "resource_type", "result",    "saved_query", "selector",  "semantic_model", "source", "source_status",
      "state",  "tag",           "test_name", "test_type",   "unit_test", "version"};
  return methods;
}

std::optional<IndirectSelection> indirect_selection_of(std::string_view name) {
  if (name == "eager") return IndirectSelection::eager;
  if (name == "cautious") return IndirectSelection::cautious;
  if (name == "buildable") return IndirectSelection::buildable;
  if (name == "empty") return IndirectSelection::empty;
  return {};
}

Result<Spec> parse_criterion(const SourcePtr& source, uint32_t begin, uint32_t end, IndirectSelection indirect) {
  std::string_view text = source->text().substr(begin, end - begin);
  Spec spec;
  spec.raw = text;
  spec.span = {source, begin, end};
  spec.indirect = indirect;
  Criterion& criterion = spec.criterion;
  if (text.starts_with('@')) {
    criterion.childrens_parents = true;
    text.remove_prefix(1);
  }
  if (auto plus = text.find('+'); plus != std::string_view::npos && is_digits(text.substr(0, plus))) {
    criterion.parents = true;
    criterion.parents_depth = depth(text.substr(0, plus));
    text.remove_prefix(plus + 1);
  }
  if (auto plus = text.rfind('+'); plus != std::string_view::npos && is_digits(text.substr(plus + 1))) {
    criterion.children = true;
    criterion.children_depth = depth(text.substr(plus + 1));
    text = text.substr(0, plus);
  }
  auto wrong = [&](std::string message, std::string help) {
    return fail(Diagnostic{
        .code = Code::selection_wrong, .message = std::move(message), .span = spec.span, .help = std::move(help)});
  };
  auto colon = text.find(':');
  if (colon != std::string_view::npos && is_method_text(text.substr(0, colon))) {
    auto at = static_cast<uint32_t>(text.data() - source->text().data());
    auto problem = set_method(criterion, text.substr(0, colon), {source, at, at + static_cast<uint32_t>(colon)});
    if (problem) return fail(std::move(*problem));
    text.remove_prefix(colon + 1);
  } else {
    criterion.method = default_method(text);
  }
  criterion.value = text;
  if (text.empty())
    return wrong("'" + spec.raw + "' selects nothing: there is no name in it", "for example 'orders+' or 'tag:daily'");
  if (criterion.children && criterion.childrens_parents) {
    return wrong("'" + spec.raw + "' has both '@' and a '+' at its end",
                 "'@' takes the children already; leave out the '+'");
  }
  return spec;
}

Spec parse_arguments(const std::vector<std::string>& arguments, std::string_view option, IndirectSelection indirect,
                     bool must_match, Problems& problems) {
  Spec all;
  all.kind = Spec::Kind::any_of;
  all.indirect = indirect;
  for (const auto& argument : arguments) {
    auto source = make_source(std::string(option), argument);
    uint32_t at = 0;
    for (const auto& word : split(argument, ' ')) {
      uint32_t begin = at;
      at += static_cast<uint32_t>(word.size()) + 1;
      if (word.empty()) continue;
      Spec both;
      both.kind = Spec::Kind::all_of;
      both.indirect = indirect;
      both.raw = word;
      both.must_match = must_match;
      both.span = {source, begin, begin + static_cast<uint32_t>(word.size())};
      for (const auto& part : split(word, ',')) {
        auto criterion = parse_criterion(source, begin, begin + static_cast<uint32_t>(part.size()), indirect);
        begin += static_cast<uint32_t>(part.size()) + 1;
        if (criterion) {
          both.parts.push_back(std::move(*criterion));
        } else {
          problems.add(std::move(criterion.error()));
        }
      }
      all.parts.push_back(std::move(both));
    }
  }
  return all;
}

namespace {

class DefinitionParser {
 public:
  DefinitionParser(const SourcePtr& source, IndirectSelection indirect, Problems& problems)
      : source_(source), indirect_(indirect), problems_(problems) {}

  Spec parse(const Node& definition) {
    if (definition.is_string()) return text(definition);
    if (!definition.is_mapping() || definition.entries.empty()) {
      wrong(definition, "a selector's definition is a text or a mapping, not " + std::string(kind_name(definition)));
      return {};
    }
    if (const Node* parts = definition.find("union")) return group(*parts, Spec::Kind::any_of);
    if (const Node* parts = definition.find("intersection")) return group(*parts, Spec::Kind::all_of);
    if (definition.find("method") && definition.find("value")) return method(definition);
    if (definition.entries.size() == 1) return short_form(definition.entries.front());
    wrong(definition,
          "a selector's definition needs 'method' and 'value', or one 'method: value', or 'union' or 'intersection'");
    return {};
  }

 private:
  void wrong(const Node& place, std::string message) {
    problems_.error(Code::selection_wrong, std::move(message), {source_, place.begin, place.end});
  }

  Spec text(const Node& definition) {
    auto source = make_source(source_->name(), definition.text);
    auto spec = parse_criterion(source, 0, static_cast<uint32_t>(definition.text.size()), indirect_);
    if (!spec) {
      spec.error().span = {source_, definition.begin, definition.end};
      problems_.add(std::move(spec.error()));
      return {};
    }
    spec->span = {source_, definition.begin, definition.end};
    return std::move(*spec);
  }

  void set_method_of(Spec& spec, const Node& method, const Span& span) {
    if (auto problem = set_method(spec.criterion, method.text, span)) problems_.add(std::move(*problem));
  }

  Spec short_form(const Entry& entry) {
    Spec spec;
    spec.indirect = indirect_;
    spec.raw = entry.key + ":" + entry.value.text;
    spec.span = {source_, entry.key_begin, entry.value.end};
    if (auto problem = set_method(spec.criterion, entry.key, {source_, entry.key_begin, entry.key_end}))
      problems_.add(std::move(*problem));
    spec.criterion.value = entry.value.text;
    return spec;
  }

  Spec method(const Node& definition) {
    Fields fields(source_, definition, "a selector's definition", problems_);
    Spec spec;
    spec.indirect = indirect_;
    spec.span = fields.span();
    if (auto given = fields.text("indirect_selection")) {
      if (auto mode = indirect_selection_of(*given)) {
        spec.indirect = *mode;
      } else {
        wrong(*definition.find("indirect_selection"), "'indirect_selection' is eager, cautious, buildable or empty");
      }
    }
    set_method_of(spec, *fields.any("method"), fields.span(*definition.find("method")));
    spec.criterion.value = fields.text("value").value_or("");
    spec.raw = spec.criterion.method + ":" + spec.criterion.value;
    spec.criterion.childrens_parents = fields.flag("childrens_parents").value_or(false);
    spec.criterion.parents = fields.flag("parents").value_or(false);
    spec.criterion.children = fields.flag("children").value_or(false);
    auto steps = [&](const char* key) -> std::optional<uint32_t> {
      auto given = fields.integer(key);
      if (!given || *given <= 0) return {};
      return static_cast<uint32_t>(*given);
    };
    spec.criterion.parents_depth = steps("parents_depth");
    spec.criterion.children_depth = steps("children_depth");
    const Node* exclude = fields.sequence("exclude");
    fields.finish();
    return exclude ? less(std::move(spec), *exclude) : spec;
  }

  Spec less(Spec from, const Node& exclude) {
    Spec spec;
    spec.kind = Spec::Kind::without;
    spec.indirect = from.indirect;
    spec.span = from.span;
    spec.parts.push_back(std::move(from));
    for (const auto& item : exclude.items) spec.parts.push_back(parse(item));
    return spec;
  }

  Spec group(const Node& parts, Spec::Kind kind) {
    Spec spec;
    spec.kind = kind;
    spec.indirect = indirect_;
    spec.span = {source_, parts.begin, parts.end};
    const Node* exclude = nullptr;
    for (const auto& part : parts.items) {
      bool only_exclude = part.is_mapping() && part.entries.size() == 1 && part.find("exclude");
      if (only_exclude) {
        exclude = part.find("exclude");
      } else {
        spec.parts.push_back(parse(part));
      }
    }
    return exclude ? less(std::move(spec), *exclude) : spec;
  }

  const SourcePtr& source_;
  IndirectSelection indirect_;
  Problems& problems_;
};

}  // namespace

Spec parse_definition(const SourcePtr& source, const Node& definition, IndirectSelection indirect, Problems& problems) {
  return DefinitionParser(source, indirect, problems).parse(definition);
}

}  // namespace rynd::project
