// Compiler: see the header.
#include "compiler.h"

#include <fmt/format.h>

#include <algorithm>

namespace rynd::transform {

namespace {

using project::Resource;
using project::ResourceId;

Checked<Rendered> render(const std::shared_ptr<RunContext>& context, const jinja::Template& text) {
  Rendered result;
  jinja::RenderOptions options;
  options.map = &result.map;
  options.stop = context->session().stop();
  auto rendered = jinja::render(text, context, options);
  if (!rendered) return fail_all({std::move(rendered.error())});
  result.sql = std::move(*rendered);
  return result;
}

// A generic test has no text of its own in a file, so nothing was compiled while parsing.
Checked<jinja::Template> template_of(const Resource& resource) {
  if (resource.compiled) return resource.compiled;
  return jinja::Environment().compile(make_source(resource.original_file_path, resource.raw_code));
}

std::string cte_name(const Resource& resource) {
  return "__dbt__cte__" + (resource.alias.empty() ? resource.name : resource.alias);
}

class Gatherer {
 public:
  explicit Gatherer(const std::shared_ptr<RunContext>& context) : context_(context), parts_(context->parts()) {}

  // Parents of parents first, each once.
  Checked<void> gather(const std::vector<ResourceId>& parents) {
    for (ResourceId id : parents) {
      if (std::ranges::find(seen_, id) != seen_.end()) continue;
      seen_.push_back(id);
      auto body = ephemeral(id);
      if (!body) {
        context_->failed_ephemeral = id;
        return std::unexpected(body.error());
      }
      if (auto above = gather((*body)->parents); !above) return above;
      const Resource& resource = parts_.project.at(id);
      ctes.push_back({resource.unique_id, cte_name(resource), (*body)->body});
    }
    return {};
  }

  std::vector<NamedCte> ctes;

 private:
  Checked<std::shared_ptr<const Ephemeral>> ephemeral(ResourceId id) {
    if (const auto* overrides = context_->overrides) {
      const auto found = std::ranges::find(overrides->inputs, id, &std::pair<ResourceId, std::string>::first);
      if (found != overrides->inputs.end())
        return std::make_shared<const Ephemeral>(Ephemeral{{found->second, {}}, {}});
    }
    {
      const std::lock_guard lock(parts_.ephemeral_mutex);
      const auto found = parts_.ephemeral.find(id);
      if (found != parts_.ephemeral.end()) return found->second;
    }
    const Resource& resource = parts_.project.at(id);
    if (resource.language != "sql") {
      return fail_all({{.code = Code::python_model,
                        .message = fmt::format("'{}' is ephemeral and written in Python, so that no SQL can hold it",
                                               resource.name),
                        .span = resource.name_span,
                        .help = "build it as a table: dbt.config(materialized='table')"}});
    }
    auto context = std::make_shared<RunContext>(parts_, context_->session(), &resource, resource.package);
    auto text = template_of(resource);
    if (!text) return std::unexpected(text.error());
    auto rendered = render(context, *text);
    if (!rendered) return std::unexpected(rendered.error());
    auto made = std::make_shared<const Ephemeral>(Ephemeral{std::move(*rendered), context->ephemerals});
    const std::lock_guard lock(parts_.ephemeral_mutex);
    return parts_.ephemeral.emplace(id, std::move(made)).first->second;
  }

  const std::shared_ptr<RunContext>& context_;
  Runtime::Parts& parts_;
  std::vector<ResourceId> seen_;
};

}  // namespace

Checked<Compiled> compile_template(const std::shared_ptr<RunContext>& context, const jinja::Template& text) {
  auto body = render(context, text);
  if (!body) return std::unexpected(body.error());
  Gatherer gatherer(context);
  if (context->this_was_read()) {
    gatherer.ctes.push_back({context->node()->unique_id,
                             "__dbt__cte__this__" + context->node()->name,
                             {*context->overrides->this_sql, {}}});
  }
  if (auto gathered = gatherer.gather(context->ephemerals); !gathered) return std::unexpected(gathered.error());
  return inject(*body, gatherer.ctes);
}

namespace {

// The model's text as it is, and behind it the object that it knows as `dbt`.
Checked<Compiled> compile_python(const std::shared_ptr<RunContext>& context, const Resource& resource) {
  static const SourcePtr source = make_source("<python>", "{{ py_script_postfix(model) }}");
  auto text = jinja::Environment().compile(source);
  if (!text) return std::unexpected(text.error());
  auto postfix = render(context, *text);
  if (!postfix) return std::unexpected(postfix.error());
  return Compiled{.sql = resource.raw_code + "\n\n" + postfix->sql};
}

}  // namespace

Checked<Compiled> compile_resource(const std::shared_ptr<RunContext>& context, const Resource& resource) {
  auto compiled = [&]() -> Checked<Compiled> {
    if (resource.type == project::ResourceType::model && resource.language == "python")
      return compile_python(context, resource);
    auto text = template_of(resource);
    if (!text) return std::unexpected(text.error());
    auto result = compile_template(context, *text);
    if (result && resource.function) {
      for (const auto& overload : resource.function->overloads) {
        auto body = render(context, overload.compiled);
        if (!body) return std::unexpected(body.error());
        result->overloads.push_back(std::move(body->sql));
      }
    }
    return result;
  }();
  if (!compiled || !context->parts().options.write_files) return compiled;
  const auto file = target_file(context->project(), resource, "compiled");
  if (auto written = context->parts().world.files.write(file, compiled->sql); !written)
    return fail_all({std::move(written.error())});
  return compiled;
}

}  // namespace rynd::transform
