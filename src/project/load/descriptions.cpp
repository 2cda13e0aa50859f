// Descriptions: doc('name') in descriptions becomes the documentation block's text.
#include <algorithm>

#include "base/suggest.h"
#include "load/build.h"

namespace rynd::project {

namespace {

const Doc* find_doc(const Project& project, const std::string& name, std::string_view wanted,
                    const std::string& package) {
  std::vector<std::string_view> order = {project.root().name, package, ""};
  if (!wanted.empty()) order = {wanted};
  for (std::string_view one : order) {
    for (const auto& doc : project.docs) {
      if (doc.name == name && (one.empty() || doc.package == one)) return &doc;
    }
  }
  return nullptr;
}

// The YAML context, and doc().
class DocsContext final : public BaseContext {
 public:
  using BaseContext::BaseContext;
  std::optional<jinja::Value> lookup(std::string_view name) override {
    if (name == "doc") return jinja::function("doc", call_doc);
    return BaseContext::lookup(name);
  }
  std::vector<std::string> blocks;

 private:
  static jinja::Outcome<jinja::Value> call_doc(const jinja::Arguments& arguments) {
    auto* context = dynamic_cast<DocsContext*>(arguments.context());
    if (!context || arguments.size() == 0 || arguments.size() > 2) {
      return jinja::raise(
          Diagnostic{.code = Code::doc_missing, .message = "doc() takes a block's name, or a package and a name"});
    }
    std::string name = arguments[arguments.size() - 1].str();
    std::string package = arguments.size() == 2 ? arguments[0].str() : "";
    context->globals().asked(Question::doc, name);
    if (const Doc* doc = find_doc(context->project(), name, package, context->package())) {
      context->blocks.push_back(doc->unique_id);
      return jinja::Value(doc->contents);
    }
    std::vector<std::string> names;
    for (const auto& doc : context->project().docs) names.push_back(doc.name);
    Diagnostic problem{.code = Code::doc_missing, .message = "there is no documentation block '" + name + "'"};
    problem.label = did_you_mean(name, names);
    problem.help = "write it in a .md file of models/: {% docs " + name + " %} ... {% enddocs %}";
    return jinja::raise(std::move(problem));
  }
};

class Describer {
 public:
  explicit Describer(Build& build) : build_(build) {}

  // The blocks that were used are added to `blocks`.
  void render(std::string& text, const std::string& package, const Span& place, std::vector<std::string>* blocks) {
    if (text.find("{{") == std::string::npos && text.find("{%") == std::string::npos) return;
    auto compiled = jinja::Environment().compile(make_source("<description>", text));
    if (!compiled) {
      report(compiled.error().front(), place);
      return;
    }
    auto context = std::make_shared<DocsContext>(*build_.globals, package);
    auto rendered = jinja::render(*compiled, context);
    if (!rendered) {
      report(rendered.error(), place);
      return;
    }
    text = std::move(*rendered);
    if (blocks) {
      for (auto& block : context->blocks) {
        if (std::find(blocks->begin(), blocks->end(), block) == blocks->end()) blocks->push_back(std::move(block));
      }
    }
  }

 private:
  // The description's own text has no place in a file; its owner has, and what is wrong stands somewhere below it.
  void report(Diagnostic problem, const Span& place) {
    Span found = place;
    if (problem.span && place) {
      const std::string_view wrong =
          problem.span.source->text().substr(problem.span.begin, problem.span.end - problem.span.begin);
      const size_t begin = place.source->text().find(wrong, place.begin);
      if (!wrong.empty() && begin != std::string_view::npos)
        found = {place.source, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + wrong.size())};
    }
    problem.span = found;
    problem.related.clear();
    build_.add_rendering_problem(std::move(problem));
  }

  Build& build_;
};

}  // namespace

void describe(Build& build, Draft& draft) {
  Describer describer(build);
  Resource& resource = draft.resource;
  const Span& place = resource.patch_span ? resource.patch_span : resource.name_span;
  describer.render(resource.description, resource.package, place, &resource.doc_blocks);
  for (auto& column : resource.columns)
    describer.render(column.description, resource.package, column.span, &column.doc_blocks);
  if (resource.source) describer.render(resource.source->source_description, resource.package, place, nullptr);
}

void describe(Build& build, MacroPatch& patch, const Span& place) {
  Describer describer(build);
  describer.render(patch.description, patch.package, place, nullptr);
  for (auto& argument : patch.arguments) describer.render(argument.description, patch.package, place, nullptr);
}

}  // namespace rynd::project
