// Pagination: from one answer to the request for the next; a small class for each of dlt's paginators.
#include "pagination.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"

namespace rynd::ingest {
namespace {

using Options = std::map<std::string, std::string>;

int64_t to_number(const std::string& text, int64_t fallback) {
  int64_t value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Selector path_of(const std::string& text) {
  auto selector = Selector::parse(text);
  return selector ? std::move(*selector) : Selector{{std::string("\xff")}};  // names nothing
}

// Says whether the answer itself tells that there is no more: null or false at has_more_path.
bool says_no_more(const Options& options, const Page& page) {
  const std::string& path = options.at("has_more_path");
  if (path.empty()) return false;
  std::string more = page.json.text_at(path_of(path));
  return more.empty() || more == "false" || more == "0";
}

// What was given before must not be given again.
class Seen {
 public:
  Result<void> add(const std::string& what, const std::string& token) {
    if (tokens_.insert(token).second) return {};
    return fail({.code = Code::ingest_paging, .message = "the API gives the same " + what + " a second time"});
  }

 private:
  std::set<std::string> tokens_;
};

class SinglePage final : public Pager {
 public:
  Result<bool> next(const Page&, Query&) override { return false; }
};

class PageNumber final : public Pager {
 public:
  explicit PageNumber(Options options) : options_(std::move(options)) {
    base_ = to_number(options_["base_page"], 0);
    page_ = options_["page"].empty() ? base_ : to_number(options_["page"], base_);
  }
  void first(Query& query) override { put(query); }
  Result<bool> next(const Page& page, Query& query) override {
    if (page.rows == 0 && options_["stop_after_empty_page"] == "true") return false;
    if (says_no_more(options_, page)) return false;
    ++page_;
    std::string total = options_["total_path"].empty() ? "" : page.json.text_at(path_of(options_["total_path"]));
    if (!total.empty() && page_ >= base_ + to_number(total, 0)) return false;
    if (!options_["maximum_page"].empty() && page_ >= base_ + to_number(options_["maximum_page"], 0)) return false;
    put(query);
    return true;
  }

 private:
  void put(Query& query) {
    if (!options_["page_body_path"].empty())
      query.set_body(options_["page_body_path"], Node::of(page_));
    else
      query.set_param(options_["page_param"], std::to_string(page_));
  }

  Options options_;
  int64_t base_ = 0, page_ = 0;
};

class Offset final : public Pager {
 public:
  explicit Offset(Options options) : options_(std::move(options)) {
    offset_ = to_number(options_["offset"], 0);
    limit_ = std::max<int64_t>(1, to_number(options_["limit"], 1));
  }
  void first(Query& query) override { put(query); }
  Result<bool> next(const Page& page, Query& query) override {
    if (page.rows == 0 && options_["stop_after_empty_page"] == "true") return false;
    if (says_no_more(options_, page)) return false;
    offset_ += limit_;
    std::string total = options_["total_path"].empty() ? "" : page.json.text_at(path_of(options_["total_path"]));
    if (!total.empty() && offset_ >= to_number(total, 0)) return false;
    if (!options_["maximum_offset"].empty() && offset_ >= to_number(options_["maximum_offset"], 0)) return false;
    put(query);
    return true;
  }

 private:
  void put(Query& query) {
    bool in_body = !options_["offset_body_path"].empty();
    if (in_body)
      query.set_body(options_["offset_body_path"], Node::of(offset_));
    else
      query.set_param(options_["offset_param"], std::to_string(offset_));
    if (!options_["limit_body_path"].empty())
      query.set_body(options_["limit_body_path"], Node::of(limit_));
    else if (!in_body)
      query.set_param(options_["limit_param"], std::to_string(limit_));
  }

  Options options_;
  int64_t offset_ = 0, limit_ = 1;
};

class Cursor final : public Pager {
 public:
  explicit Cursor(Options options) : options_(std::move(options)) {}
  Result<bool> next(const Page& page, Query& query) override {
    if (page.rows == 0 && options_["stop_after_empty_page"] == "true") return false;
    if (says_no_more(options_, page)) return false;
    std::string cursor = page.json.text_at(path_of(options_["cursor_path"]));
    if (cursor.empty() || cursor == "false") return false;
    if (auto fresh = seen_.add("cursor", cursor); !fresh) return fail(fresh.error());
    if (!options_["cursor_body_path"].empty())
      query.set_body(options_["cursor_body_path"], Node::of(cursor));
    else
      query.set_param(options_["cursor_param"], cursor);
    return true;
  }

 private:
  Options options_;
  Seen seen_;
};

class HeaderCursor final : public Pager {
 public:
  explicit HeaderCursor(Options options) : options_(std::move(options)) {}
  Result<bool> next(const Page& page, Query& query) override {
    std::string cursor(page.response.header(lower(options_["cursor_key"])));
    if (cursor.empty()) return false;
    if (auto fresh = seen_.add("cursor", cursor); !fresh) return fail(fresh.error());
    query.set_param(options_["cursor_param"], cursor);
    return true;
  }

 private:
  Options options_;
  Seen seen_;
};

// Follows a whole or relative URL: it has its own parameters, so those of the query go.
class Link : public Pager {
 public:
  Result<bool> follow(const std::string& link, const Page& page, Query& query) {
    if (link.empty()) return false;
    std::string url = resolve_url(page.response.url.empty() ? query.url : page.response.url, link);
    if (auto fresh = seen_.add("next link", url); !fresh) return fail(fresh.error());
    query.url = url;
    query.params.clear();
    return true;
  }

 private:
  Seen seen_;
};

class HeaderLink final : public Link {
 public:
  explicit HeaderLink(Options options) : options_(std::move(options)) {}
  Result<bool> next(const Page& page, Query& query) override {
    return follow(link_with_relation(page.response.header("link"), options_["links_next_key"]), page, query);
  }

 private:
  Options options_;
};

class JsonLink final : public Link {
 public:
  explicit JsonLink(Options options) : path_(path_of(options["next_url_path"])) {}
  Result<bool> next(const Page& page, Query& query) override { return follow(page.json.text_at(path_), page, query); }

 private:
  Selector path_;
};

// Decides at the first answer: a Link header, a link in the answer, a number of pages; else it is the only page.
class Auto final : public Pager {
 public:
  Result<bool> next(const Page& page, Query& query) override {
    if (!found_) found_ = detect(page);
    return found_->next(page, query);
  }

 private:
  static std::unique_ptr<Pager> detect(const Page& page) {
    if (!link_with_relation(page.response.header("link"), "next").empty()) {
      return std::make_unique<HeaderLink>(Options{{"links_next_key", "next"}});
    }
    for (const char* path : {"next", "next.href", "next.url", "links.next", "links.next.href", "_links.next.href",
                             "pagination.next", "paging.next", "meta.next", "next_url", "next_page_url"}) {
      std::string link = page.json.text_at(path_of(path));
      if (is_link(link)) return std::make_unique<JsonLink>(Options{{"next_url_path", path}});
    }
    for (const char* path : {"total_pages", "pages", "totalpages", "meta.total_pages", "pagination.total_pages"}) {
      std::string total = page.json.text_at(path_of(path));
      if (total.empty() || total.find_first_not_of("0123456789") != std::string::npos) continue;
      // The first answer was page 1, asked for without saying so.
      return std::make_unique<PageNumber>(Options{{"base_page", "1"},
                                                  {"page_param", "page"},
                                                  {"total_path", path},
                                                  {"stop_after_empty_page", "true"},
                                                  {"has_more_path", ""}});
    }
    return std::make_unique<SinglePage>();
  }

  static bool is_link(const std::string& text) { return text.starts_with("http") || text.starts_with("/"); }

  std::unique_ptr<Pager> found_;
};

}  // namespace

void Query::set_param(const std::string& name, std::string value) {
  for (auto& [known, old] : params) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  params.emplace_back(name, std::move(value));
}

void Query::set_body(const std::string& path, Node value) {
  if (!body) body = Node::map();
  Node* at = &*body;
  auto names = split(path, '.');
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    const Node* inner = at->find(names[i]);
    at = inner && inner->is_mapping() ? const_cast<Node*>(inner) : &at->set(names[i], Node::map());
  }
  at->set(names.back(), std::move(value));
}

std::string Query::full_url() const {
  std::string text = url;
  for (const auto& [name, value] : params) {
    text += (text.find('?') == std::string::npos ? "?" : "&") + url_encode(name) + "=" + url_encode(value);
  }
  return text;
}

std::unique_ptr<Pager> make_pager(const Paginator& paginator) {
  const Options& options = paginator.options;
  if (paginator.type == "page_number") return std::make_unique<PageNumber>(options);
  if (paginator.type == "offset") return std::make_unique<Offset>(options);
  if (paginator.type == "cursor") return std::make_unique<Cursor>(options);
  if (paginator.type == "header_cursor") return std::make_unique<HeaderCursor>(options);
  if (paginator.type == "header_link") return std::make_unique<HeaderLink>(options);
  if (paginator.type == "json_link") return std::make_unique<JsonLink>(options);
  if (paginator.type == "single_page") return std::make_unique<SinglePage>();
  return std::make_unique<Auto>();
}

std::string resolve_url(const std::string& base, const std::string& link) {
  if (link.starts_with("http://") || link.starts_with("https://")) return link;
  size_t scheme = base.find("://");
  size_t authority = scheme == std::string::npos ? 0 : scheme + 3;
  size_t path = base.find_first_of("/?#", authority);
  std::string root = base.substr(0, path);
  if (link.starts_with("//")) return base.substr(0, scheme + 1) + link;
  if (link.starts_with("/")) return root + link;
  std::string without_query = base.substr(0, base.find_first_of("?#"));
  if (link.starts_with("?")) return without_query + link;
  size_t slash = without_query.rfind('/');
  if (slash == std::string::npos || slash < authority) return root + "/" + link;
  return without_query.substr(0, slash + 1) + link;
}

std::string link_with_relation(std::string_view header, std::string_view relation) {
  while (!header.empty()) {
    size_t open = header.find('<'), close = header.find('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return "";
    std::string_view url = header.substr(open + 1, close - open - 1);
    size_t next = header.find(",", close);
    // A comma within the parameters' quotes does not end the link; a '<' must follow the one that does.
    while (next != std::string_view::npos && header.find_first_not_of(" ", next + 1) != header.find('<', next)) {
      next = header.find(',', next + 1);
    }
    std::string_view parameters = header.substr(close + 1, next == std::string_view::npos ? next : next - close - 1);
    for (const auto& parameter : split(parameters, ';')) {
      size_t equals = parameter.find('=');
      if (equals == std::string::npos || trim(std::string_view(parameter).substr(0, equals)) != "rel") continue;
      std::string value(trim(std::string_view(parameter).substr(equals + 1)));
      value.erase(std::remove(value.begin(), value.end(), '"'), value.end());
      auto relations = split(value, ' ');
      if (std::find(relations.begin(), relations.end(), relation) != relations.end()) return std::string(url);
    }
    if (next == std::string_view::npos) return "";
    header = header.substr(next + 1);
  }
  return "";
}

}  // namespace rynd::ingest
