// Validate: a page as the server reads it, and its queries as the browser would ask them.
#include "validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/suggest.h"
#include "page/compile.h"
#include "page/inputs.h"
#include "page/page_columns.h"
#include "page/page_store.h"
#include "warehouse.h"

namespace rynd::server {

namespace {

void run_queries(const Page& page, Warehouse& warehouse, const std::stop_token& stop, Diagnostics& problems) {
  const Fields nothing_chosen;
  Inputs inputs(page, nothing_chosen, warehouse, stop);
  for (const Query& query : page.queries) {
    if (!query.usable || stop.stop_requested()) continue;
    const CompiledQuery compiled = compile_query(page, query, inputs.states(query.inputs));
    const Result<AnswerPtr> answer = warehouse.ask(compiled.sql, parameters_of(compiled), 1, stop);
    if (!answer) {
      problems.push_back(at_page(answer.error(), page, query, compiled));
      continue;
    }
    for (ColumnProblem& problem : missing_columns(page, query, (*answer)->table))
      problems.push_back(std::move(problem.diagnostic));
  }
}

Checked<std::vector<PagePtr>> chosen(PageStore& store, const std::vector<std::string>& names) {
  std::vector<PagePtr> all = store.all();
  if (names.empty()) return all;
  std::vector<std::string> known;
  for (const PagePtr& page : all) known.push_back(page->name);
  std::vector<PagePtr> pages;
  Diagnostics unknown;
  for (const std::string& name : names) {
    if (PagePtr page = store.find(name))
      pages.push_back(std::move(page));
    else
      unknown.push_back({.code = Code::page_not_found,
                         .message = fmt::format("there is no page '{}'", name),
                         .help = did_you_mean(name, known)});
  }
  if (!unknown.empty()) return fail_all(std::move(unknown));
  return pages;
}

}  // namespace

Checked<std::vector<PageReport>> validate_pages(const project::Project& project, const std::vector<std::string>& names,
                                                engine::Database* database, World& world, std::stop_token stop) {
  PageStore store(world.files, project.dir / project.rynd.pages_path, project.rynd.pages_path);
  Checked<std::vector<PagePtr>> pages = chosen(store, names);
  if (!pages) return fail_all(std::move(pages.error()));
  std::optional<Warehouse> warehouse;
  if (database != nullptr) warehouse.emplace(*database, world, project);
  std::vector<PageReport> reports;
  for (const PagePtr& page : *pages) {
    PageReport report{page->name, page->source->name(), page->queries.size(), page->diagnostics};
    if (warehouse) run_queries(*page, *warehouse, stop, report.problems);
    sort_by_place(report.problems);
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace rynd::server
