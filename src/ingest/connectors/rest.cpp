// REST connector: asks an endpoint page by page, once for each row of the parent where there is one.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "columns.h"
#include "connector.h"
#include "pagination.h"
#include "partition.h"
#include "placeholders.h"
#include "request.h"
#include "rows.h"
#include "sql/quote.h"
#include "time_text.h"

namespace rynd::ingest {
namespace {

using ParentRow = std::map<std::string, std::optional<std::string>>;

class Reading {
 public:
  Reading(const Job& job, Stage& stage)
      : job_(job),
        endpoint_(job.resource.endpoint),
        requester_(job.source.client, job.world, job.stop),
        rows_(stage, job.connection, job.resource.name) {}

  Result<Outcome> operator()() {
    if (!job_.resource.data_selector.empty()) {
      auto selector = Selector::parse(job_.resource.data_selector);
      if (!selector) return fail(selector.error());
      selector_ = std::move(*selector);
    }
    if (auto started = find_start(); !started) return fail(started.error());
    Result<void> read;
    if (job_.resource.parent.empty())
      read = pages({});
    else
      read = for_each_parent();
    if (read) read = rows_.finish();
    outcome_.requests = requester_.count();
    if (!read) return fail(read.error());
    return std::move(outcome_);
  }

 private:
  std::optional<std::string> value(std::string_view name, const ParentRow& parent) const {
    if (job_.resource.partition && name.starts_with("partition")) {
      return partition_value(name, job_.resource.partition->by, job_.part.name);
    }
    if (name.starts_with("resources.")) {
      std::string_view field = name.substr(10);
      auto known = parent.find(column_path_name(field.substr(field.find('.') + 1), '.', parent_naming()));
      return known == parent.end() ? std::string() : known->second.value_or("");
    }
    if (name == "incremental.start_value" || name == "incremental.last_value") return start_;
    if (name == "incremental.initial_value") return endpoint_.incremental->initial_value.value_or("");
    if (name == "incremental.end_value") return endpoint_.incremental->end_value.value_or("");
    return std::nullopt;
  }

  Naming parent_naming() const { return job_.source.find(job_.resource.parent)->naming; }

  // The cursor's start: what was loaded last, less the lag, else the initial value.
  Result<void> find_start() {
    if (!endpoint_.incremental) return {};
    const Incremental& incremental = *endpoint_.incremental;
    start_ = job_.start ? *job_.start : incremental.initial_value.value_or("");
    if (!job_.start || incremental.lag == 0) return {};
    std::string sql;
    switch (time_kind(start_)) {
      case TimeKind::date:
        sql = "SELECT strftime(CAST($1 AS DATE) - to_days(CAST($2 AS INTEGER)), '%Y-%m-%d')";
        break;
      case TimeKind::timestamp:
        sql = "SELECT strftime(CAST($1 AS TIMESTAMP) - to_seconds($2), '%Y-%m-%dT%H:%M:%S')";
        break;
      case TimeKind::timestamp_tz:
        sql = "SELECT strftime(CAST($1 AS TIMESTAMP) - to_seconds($2), '%Y-%m-%dT%H:%M:%SZ')";
        break;
      case TimeKind::none:
        sql = "SELECT CAST(CAST($1 AS DOUBLE) - $2 AS BIGINT)";
        break;
    }
    std::array<engine::Value, 2> values{start_, incremental.lag};
    auto earlier = engine::fetch(job_.connection, sql, values);
    if (!earlier) return fail(earlier.error());
    start_ = engine::to_text(earlier->rows.front().front());
    return {};
  }

  std::string fill_in(const std::string& text, const ParentRow& parent, bool encode = false) const {
    return fill(text, [&](std::string_view name) {
      auto filled = value(name, parent);
      return filled && encode ? std::optional<std::string>(url_encode(*filled)) : filled;
    });
  }

  void fill_node(Node& node, const ParentRow& parent) const {
    if (node.is_string()) node.text = fill_in(node.text, parent);
    for (auto& item : node.items) fill_node(item, parent);
    for (auto& entry : node.entries) fill_node(entry.value, parent);
  }

  std::string url_of(const ParentRow& parent) const {
    std::string path = fill_in(endpoint_.path, parent, true);
    if (path.starts_with("http://") || path.starts_with("https://")) return path;
    const std::string& base = job_.source.client.base_url;
    bool both = base.ends_with('/') && path.starts_with('/');
    bool none = !base.ends_with('/') && !path.starts_with('/') && !path.empty();
    return base + (none ? "/" : "") + path.substr(both ? 1 : 0);
  }

  Query first_query(const ParentRow& parent) const {
    Query query{.url = url_of(parent)};
    for (const auto& [name, node] : endpoint_.params) {
      if (node.is_null()) continue;
      if (!node.is_sequence()) query.params.emplace_back(name, fill_in(node.text, parent));
      for (const auto& item : node.items) query.params.emplace_back(name, fill_in(item.text, parent));
    }
    if (endpoint_.incremental) {
      const Incremental& incremental = *endpoint_.incremental;
      if (!incremental.start_param.empty() && !start_.empty()) query.set_param(incremental.start_param, start_);
      if (!incremental.end_param.empty() && incremental.end_value)
        query.set_param(incremental.end_param, *incremental.end_value);
    }
    if (endpoint_.json) {
      query.body = *endpoint_.json;
      fill_node(*query.body, parent);
    }
    return query;
  }

  bool is_ignored(const HttpResponse& response) const {
    return std::any_of(
        endpoint_.response_actions.begin(), endpoint_.response_actions.end(), [&](const ResponseAction& action) {
          bool status = !action.status || *action.status == response.status;
          return status && (action.content.empty() || response.body.find(action.content) != std::string::npos);
        });
  }

  Result<HttpResponse> ask(const Query& query, const ParentRow& parent) {
    HttpRequest request{.method = endpoint_.method, .url = query.full_url()};
    request.headers = {{"Accept", "application/json"}};
    for (const auto& [name, text] : endpoint_.headers) request.headers.emplace_back(name, fill_in(text, parent));
    if (query.body) {
      request.headers.emplace_back("Content-Type", "application/json");
      request.body = json::write(*query.body);
    }
    return requester_.send(std::move(request));
  }

  // All pages of one query. A 404 for a whole partition is a partition that is missing.
  Result<void> pages(const ParentRow& parent) {
    const Paginator& paginator = endpoint_.paginator ? *endpoint_.paginator : job_.source.client.paginator;
    auto pager = make_pager(paginator);
    Query query = first_query(parent);
    pager->first(query);
    ExtraColumns extra = parent_columns(parent);
    for (int64_t page = 1;; ++page) {
      auto response = ask(query, parent);
      if (!response) return fail(response.error());
      if (is_ignored(*response) || response->status == 204) return {};
      bool gone = response->status == 404 && job_.resource.partition && parent.empty() && page == 1;
      if (gone) {
        outcome_.missing = "'" + printable_url(query.full_url()) + "' is not there";
        return {};
      }
      if (response->status >= 400) return fail(status_failure(*response));
      Json json;
      auto parsed = json.parse(response->body, "the answer of '" + printable_url(query.full_url()) + "'");
      if (!parsed) return fail(with_content_type(parsed.error(), *response));
      std::string place = printable_url(query.full_url());
      auto added = rows_.add_page(json, selector_, job_.resource.zip_arrays, place, extra, job_.limit);
      if (!added) return fail(added.error());
      if (job_.progress) job_.progress(rows_.count(), requester_.count());
      if (job_.limit && rows_.count() >= *job_.limit) return {};
      auto more = pager->next({*response, json, *added}, query);
      if (!more) return fail(more.error());
      if (!*more) return {};
    }
  }

  static Diagnostic with_content_type(Diagnostic problem, const HttpResponse& response) {
    std::string type(response.header("content-type"));
    if (!type.empty() && type.find("json") == std::string::npos) problem.notes.push_back("it says it is " + type);
    return problem;
  }

  ExtraColumns parent_columns(const ParentRow& parent) const {
    ExtraColumns extra;
    for (const auto& field : job_.resource.include_from_parent) {
      auto known = parent.find(column_path_name(field, '.', parent_naming()));
      extra.emplace_back("_" + job_.resource.parent + "_" + field,
                         known == parent.end() ? std::nullopt : known->second);
    }
    return extra;
  }

  // The parent's rows that this load asks for: all with replace, else those of loads that came after the child's last
  // one.
  Result<void> for_each_parent() {
    const Resource& parent = *job_.source.find(job_.resource.parent);
    std::string table = sql::qualified("", job_.source.schema, parent.name);
    bool all = job_.resource.disposition == Disposition::replace || job_.parent_load_id.empty();
    std::string where = all ? "" : " WHERE _dlt_load_id > " + sql::literal(job_.parent_load_id);
    auto rows = engine::fetch(job_.connection, "SELECT * FROM " + table + where);
    if (!rows) {
      Diagnostic problem = rows.error();
      problem.notes.push_back("'" + job_.resource.name + "' is asked for by rows of '" + parent.name +
                              "', which must be loaded first");
      return fail(std::move(problem));
    }
    outcome_.parent_load_id = job_.parent_load_id;
    for (const auto& row : rows->rows) {
      ParentRow fields;
      for (size_t i = 0; i < row.size(); ++i) {
        std::optional<std::string> text;
        if (!row[i].is_null()) text = engine::to_text(row[i]);
        if (rows->columns[i].name == "_dlt_load_id" && text)
          outcome_.parent_load_id = std::max(outcome_.parent_load_id, *text);
        fields[rows->columns[i].name] = std::move(text);
      }
      if (auto read = pages(fields); !read) return read;
      if (job_.limit && rows_.count() >= *job_.limit) return {};
    }
    return {};
  }

  const Job& job_;
  const Endpoint& endpoint_;
  Requester requester_;
  Rows rows_;
  std::optional<Selector> selector_;
  std::string start_;
  Outcome outcome_;
};

}  // namespace

Result<Outcome> read_rest(const Job& job, Stage& stage) { return Reading(job, stage)(); }

}  // namespace rynd::ingest
