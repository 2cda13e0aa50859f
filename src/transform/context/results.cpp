// Results: see the header.
#include "context/results.h"

#include <fmt/format.h>

#include "context/run_context.h"
#include "python/job.h"

namespace rynd::transform {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

class ResponseObject final : public jinja::Object {
 public:
  explicit ResponseObject(Response response) : response_(std::move(response)) {}
  const Response& response() const { return response_; }
  std::string_view type_name() const override { return "AdapterResponse"; }
  std::string str() override { return response_.message; }
  std::string repr() override {
    return fmt::format("AdapterResponse(_message={}, code={}, rows_affected={}, query_id=None)",
                       Value(response_.message).repr(), code().repr(), rows().repr());
  }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "_message") return Value(response_.message);
    if (name == "code") return code();
    if (name == "rows_affected") return rows();
    if (name == "query_id") return Value();
    return std::optional<Value>();
  }

 private:
  Value code() const { return response_.code.empty() ? Value() : Value(response_.code); }
  Value rows() const { return response_.rows_affected ? Value(*response_.rows_affected) : Value(); }
  Response response_;
};

// {response, data, table}: `data` are the rows as tuples.
Value stored_value(const Stored& stored, RunContext& context) {
  std::vector<Value> rows;
  if (stored.table) {
    for (const auto& row : stored.table->rows) rows.push_back(Value::tuple(row));
  }
  Value result = Value::dict();
  result.as_dict().set(std::string_view("response"), response_value(stored.response));
  result.as_dict().set(std::string_view("data"), Value::list(std::move(rows)));
  result.as_dict().set(std::string_view("table"), stored.table ? make_agate(stored.table, printer(context)) : Value());
  return result;
}

std::unexpected<jinja::Exception> no_context(std::string_view name) {
  return jinja::raise("RuntimeError", fmt::format("{}() can be called from templates only", name));
}

Outcome<Value> store_result(const Arguments& arguments) {
  auto values = arguments.bind("store_result", {{"name"}, {"response"}, {"agate_table", Value()}});
  if (!values) return std::unexpected(values.error());
  RunContext* context = run_context(arguments);
  if (!context) return no_context("store_result");
  Stored stored;
  if (const auto* object = (*values)[1].as<ResponseObject>())
    stored.response = object->response();
  else
    stored.response.message = (*values)[1].str();
  stored.table = agate_data((*values)[2]);
  context->session().store((*values)[0].str(), std::move(stored));
  return Value("");
}

Outcome<Value> store_raw_result(const Arguments& arguments) {
  auto values = arguments.bind(
      "store_raw_result",
      {{"name"}, {"message", Value()}, {"code", Value()}, {"rows_affected", Value()}, {"agate_table", Value()}});
  if (!values) return std::unexpected(values.error());
  RunContext* context = run_context(arguments);
  if (!context) return no_context("store_raw_result");
  Stored stored;
  stored.response.message = (*values)[1].is_none() ? "" : (*values)[1].str();
  stored.response.code = (*values)[2].is_none() ? "" : (*values)[2].str();
  if ((*values)[3].is_int()) stored.response.rows_affected = (*values)[3].as_int();
  stored.table = agate_data((*values)[4]);
  context->session().store((*values)[0].str(), std::move(stored));
  return Value("");
}

// Each result is handed out once, but for "main", as in dbt: a table is not kept in memory for nothing.
Outcome<Value> load_result(const Arguments& arguments) {
  auto values = arguments.bind("load_result", {{"name"}});
  if (!values) return std::unexpected(values.error());
  RunContext* context = run_context(arguments);
  if (!context) return no_context("load_result");
  const std::string name = (*values)[0].str();
  Session::Kept* kept = context->session().find(name);
  if (!kept) return Value();
  if (kept->read) {
    return jinja::raise(Diagnostic{.code = Code::result_gone,
                                   .message = fmt::format("load_result('{}') is called a second time", name),
                                   .help = "keep what the first call gave: {% set result = load_result(...) %}"});
  }
  Value value = stored_value(kept->result, *context);
  if (name != "main") {
    kept->read = true;
    kept->result = {};
  }
  return value;
}

// write(payload): the statement as it is sent, into target/run.
Outcome<Value> write(const Arguments& arguments) {
  auto values = arguments.bind("write", {{"payload"}});
  if (!values) return std::unexpected(values.error());
  RunContext* context = run_context(arguments);
  if (!context) return no_context("write");
  if (context->node() && context->parts().options.write_files) {
    const auto file = target_file(context->project(), *context->node(), "run");
    if (auto done = context->parts().world.files.write(file, (*values)[0].str()); !done)
      return jinja::raise(done.error());
  }
  return Value("");
}

Outcome<Value> submit_python_job(const Arguments& arguments) {
  auto values = arguments.bind("submit_python_job", {{"parsed_model"}, {"compiled_code"}});
  if (!values) return std::unexpected(values.error());
  RunContext* context = run_context(arguments);
  if (!context) return no_context("submit_python_job");
  auto response = run_python_job(*context, (*values)[1].str());
  if (!response) return std::unexpected(response.error());
  return response_value(*response);
}

}  // namespace

std::function<void(std::string_view)> printer(RunContext& context) {
  return [output = context.globals().output()](std::string_view text) {
    if (output) output->print(text);
  };
}

std::optional<Value> result_function(std::string_view name) {
  if (name == "store_result") return jinja::function("store_result", store_result);
  if (name == "store_raw_result") return jinja::function("store_raw_result", store_raw_result);
  if (name == "load_result") return jinja::function("load_result", load_result);
  if (name == "write") return jinja::function("write", write);
  if (name == "submit_python_job") return jinja::function("submit_python_job", submit_python_job);
  return {};
}

Value response_value(const Response& response) { return Value(jinja::make<ResponseObject>(response)); }

Value graph_value(const project::Project& project) {
  Value graph = Value::dict();
  auto part = [&](std::string_view name) -> jinja::Dict& {
    graph.as_dict().set(name, Value::dict());
    return graph.as_dict().find(name)->as_dict();
  };
  jinja::Dict& exposures = part("exposures");
  jinja::Dict& functions = part("functions");
  jinja::Dict& groups = part("groups");
  jinja::Dict& metrics = part("metrics");
  jinja::Dict& nodes = part("nodes");
  jinja::Dict& sources = part("sources");
  jinja::Dict& semantic_models = part("semantic_models");
  jinja::Dict& saved_queries = part("saved_queries");
  jinja::Dict& unit_tests = part("unit_tests");
  using enum project::ResourceType;
  for (const auto& resource : project.resources) {
    if (resource.type == page) continue;
    jinja::Dict& target = resource.type == source           ? sources
                          : resource.type == exposure       ? exposures
                          : resource.type == metric         ? metrics
                          : resource.type == group          ? groups
                          : resource.type == semantic_model ? semantic_models
                          : resource.type == saved_query    ? saved_queries
                          : resource.type == unit_test      ? unit_tests
                          : resource.type == function       ? functions
                                                            : nodes;
    target.set(std::string_view(resource.unique_id), jinja::from_node(project::manifest_entry(project, resource)));
  }
  return graph;
}

}  // namespace rynd::transform
