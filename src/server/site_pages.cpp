// SitePages: the routes below /api/pages.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/render.h"
#include "base/suggest.h"
#include "base/text.h"
#include "page/compile.h"
#include "page/inputs.h"
#include "page/page_json.h"
#include "result_json.h"
#include "site.h"

namespace rynd::server {

namespace {

constexpr size_t most_rows = 10'000;  // of a query, to the browser; CSV has them all

// A page, and one of its queries where the route names one.
struct Asked {
  PagePtr page;
  const Query* query = nullptr;
  std::optional<Response> refusal;
};

Asked find(PageStore& pages, const Request& request) {
  Asked asked{.page = pages.find(request.captured[0])};
  if (!asked.page) {
    std::vector<std::string> names;
    for (const PagePtr& page : pages.all()) names.push_back(page->name);
    asked.refusal =
        not_found(fmt::format("there is no page '{}'", request.captured[0]), did_you_mean(request.captured[0], names));
    return asked;
  }
  if (request.captured.size() < 2) return asked;
  asked.query = asked.page->query(request.captured[1]);
  if (asked.query == nullptr) {
    asked.refusal = not_found(fmt::format("the page '{}' has no query '{}'", asked.page->name, request.captured[1]));
  } else if (!asked.query->usable) {
    Diagnostics found;
    for (const Diagnostic& diagnostic : asked.page->diagnostics) {
      const auto concerns = [&](const Query& query) {
        const bool used = query.name == asked.query->name ||
                          std::ranges::find(asked.query->queries, query.name) != asked.query->queries.end();
        return used && diagnostic.span.begin >= query.span.begin && diagnostic.span.end <= query.span.end;
      };
      if (std::ranges::any_of(asked.page->queries, concerns)) found.push_back(diagnostic);
    }
    asked.refusal = error_response(found, 422);
  }
  return asked;
}

}  // namespace

Response Site::list_pages(Request&) {
  Node list = Node::list();
  for (const PagePtr& page : pages_.all()) {
    Node node = Node::map();
    node.set("name", Node::of(page->name));
    node.set("title", Node::of(page->title));
    node.set("description", Node::of(page->description));
    const auto problems = std::ranges::count(page->diagnostics, Severity::error, &Diagnostic::severity);
    node.set("problems", Node::of(static_cast<int64_t>(problems)));
    list.items.push_back(std::move(node));
  }
  Node answer = Node::map();
  answer.set("project", Node::of(project()->root().name));
  answer.set("pages", std::move(list));
  return json_response(answer);
}

Response Site::show_page(Request& request) {
  Asked asked = find(pages_, request);
  if (asked.refusal) return std::move(*asked.refusal);
  Node node = page_node(*asked.page);
  node.set("freshness", freshness_of(*asked.page, request.gone));
  return json_response(node);
}

Response Site::page_inputs(Request& request) {
  Asked asked = find(pages_, request);
  if (asked.refusal) return std::move(*asked.refusal);
  Inputs inputs(*asked.page, request.query, warehouse_, request.gone);
  return json_response(inputs_node(*asked.page, inputs));
}

Response Site::page_query(Request& request) {
  Asked asked = find(pages_, request);
  if (asked.refusal) return std::move(*asked.refusal);
  Inputs inputs(*asked.page, request.query, warehouse_, request.gone);
  const CompiledQuery compiled = compile_query(*asked.page, *asked.query, inputs.states(asked.query->inputs));
  const Result<AnswerPtr> answer = warehouse_.ask(compiled.sql, parameters_of(compiled), most_rows, request.gone);
  if (!answer) return error_response({at_page(answer.error(), *asked.page, *asked.query, compiled)}, 422);
  std::string body = open_result_json(**answer);
  body += ",\"sql\":" + json::quote(compiled.sql);
  body += ",\"problems\":" + json::write(column_problems(*asked.page, *asked.query, (*answer)->table)) + "}";
  return {.body = std::move(body), .headers = {{"Cache-Control", "no-store"}}};
}

Response Site::page_query_csv(Request& request) {
  Asked asked = find(pages_, request);
  if (asked.refusal) return std::move(*asked.refusal);
  Inputs inputs(*asked.page, request.query, warehouse_, request.gone);
  const CompiledQuery compiled = compile_query(*asked.page, *asked.query, inputs.states(asked.query->inputs));
  // Asked for one row first, so that an error is an error and not half a file.
  const Result<AnswerPtr> first = warehouse_.ask(compiled.sql, parameters_of(compiled), 1, request.gone);
  if (!first) return error_response({at_page(first.error(), *asked.page, *asked.query, compiled)}, 422);
  Response response{.type = "text/csv; charset=utf-8"};
  response.headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", asked.query->name)}};
  response.stream = [this, compiled, header = csv_header((*first)->table.columns)](const Write& write,
                                                                                   std::stop_token gone) {
    bool open = write(header);
    (void)warehouse_.read(compiled.sql, parameters_of(compiled), gone, [&](const engine::Rows& rows) {
      std::string chunk;
      append_csv(chunk, rows);
      return open = open && write(chunk);
    });
  };
  return response;
}

}  // namespace rynd::server
