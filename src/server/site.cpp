// Site: from a request to its handler, and who may ask.
#include "site.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "assets.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "result_json.h"
#include "router.h"

namespace rynd::server {

namespace {

constexpr std::array routes{
#define RYND_ROUTE(method, path, handler, text) Route{method, path},
#include "routes.def"
};

// Nothing is loaded from elsewhere and nothing can frame the page; charts set styles on their own elements.
constexpr std::string_view content_policy =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

std::string_view cookie(const Request& request, std::string_view name) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trim(rest.substr(0, end));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) return pair.substr(name.size() + 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

// A page elsewhere may resolve its own name to this machine; its requests carry that name.
bool names_this_machine(std::string_view host) {
  if (host.empty()) return true;
  const size_t port = host.rfind(':');
  if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos) host = host.substr(0, port);
  return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

}  // namespace

Response json_response(const Node& node, int status) {
  return {.status = status, .body = json::write(node), .headers = {{"Cache-Control", "no-store"}}};
}

Response error_response(const Diagnostics& diagnostics, int status) {
  return {.status = status, .body = error_json(diagnostics), .headers = {{"Cache-Control", "no-store"}}};
}

Response not_found(std::string message, std::string help) {
  return error_response({{.code = Code::page_not_found, .message = std::move(message), .help = std::move(help)}}, 404);
}

Site::Site(ProjectPtr project, engine::Database& database, const Options& options, World& world, Access access)
    : world_(world),
      options_(options),
      access_(std::move(access)),
      warehouse_(database, world, *project),
      pages_(world.files, project->dir / project->rynd.pages_path, project->rynd.pages_path),
      catalog_(warehouse_, pages_),
      history_(world.files, project->dir / ".rynd" / "runs"),
      started_(world.clock.now()),
      project_(std::move(project)) {
  stamp_ = project_stamp(*project_);
  looked_ = started_;
}

Response Site::answer(Request& request) {
  Response response = refuse(request).value_or(Response{.status = 0});
  if (response.status == 0) response = dispatch(request);
  response.headers.emplace_back("Content-Security-Policy", content_policy);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

bool Site::has_token(const Request& request) const {
  const std::string_view bearer = request.header("authorization");
  if (bearer.starts_with("Bearer ") && same_secret(bearer.substr(7), access_.token)) return true;
  return same_secret(cookie(request, "rynd_token"), access_.token);
}

std::optional<Response> Site::refuse(const Request& request) const {
  const auto refused = [](int status, std::string message, std::string help) {
    return error_response({{.code = Code::request_refused, .message = std::move(message), .help = std::move(help)}},
                          status);
  };
  if (!access_.everything && !names_this_machine(request.header("host"))) {
    return refused(403, fmt::format("this server answers only as localhost, not as '{}'", request.header("host")),
                   "start it with --host to serve others");
  }
  // A browser's form cannot send this header, so another site cannot make ours act.
  const bool acts = request.method != "GET" && request.method != "HEAD";
  const std::string_view bearer = request.header("authorization");
  if (acts && !(bearer.starts_with("Bearer ") && same_secret(bearer.substr(7), access_.token))) {
    return refused(401, "this needs the server's token",
                   "send 'Authorization: Bearer TOKEN'; it is in .rynd/server.json");
  }
  if (!access_.everything || has_token(request)) return std::nullopt;
  if (same_secret(request.parameter("token"), access_.token)) {
    Response response{.status = 303, .type = "text/plain"};
    response.headers = {{"Location", request.path},
                        {"Set-Cookie", fmt::format("rynd_token={}; Path=/; HttpOnly; SameSite=Strict", access_.token)}};
    return response;
  }
  return refused(401, "this server wants its token", "open the address that 'rynd up' printed");
}

Response Site::dispatch(Request& request) {
  using Handler = Response (Site::*)(Request&);
  static constexpr std::array<Handler, routes.size()> handlers{
#define RYND_ROUTE(method, path, handler, text) &Site::handler,
#include "routes.def"
  };
  Match match = match_route(routes, request.method, request.path);
  if (match.route) {
    request.captured = std::move(match.captured);
    return (this->*handlers[*match.route])(request);
  }
  if (match.other_method) return {.status = 405, .body = "{}"};
  if (request.path.starts_with("/api/")) return not_found(fmt::format("there is no {}", request.path));
  if (request.method != "GET" && request.method != "HEAD") return {.status = 405, .body = "{}"};
  return asset(request);
}

ProjectPtr Site::project() {
  const std::lock_guard lock(project_mutex_);
  const Instant now = world_.clock.now();
  if (!options_.reload || now - looked_ < std::chrono::seconds(1)) return project_;
  looked_ = now;
  const uint64_t stamp = project_stamp(*project_);
  if (stamp == stamp_) return project_;
  stamp_ = stamp;
  Checked<ProjectPtr> fresh = options_.reload();
  reload_errors_ = fresh ? Diagnostics() : fresh.error();
  if (fresh) project_ = std::move(*fresh);
  return project_;
}

uint64_t Site::project_stamp(const project::Project& project) {
  const project::Settings& settings = project.root().settings;
  std::string state;
  const auto add = [&](const FileInfo& info) {
    state += fmt::format("{}:{}:{}\n", info.path.string(), info.size, info.modified_us);
  };
  for (const char* name : {"dbt_project.yml", "rynd.yml", "profiles.yml", "packages.yml"}) {
    if (const std::optional<FileInfo> info = world_.files.info(project.dir / name)) add(*info);
  }
  for (const auto* paths : {&settings.model_paths, &settings.seed_paths, &settings.snapshot_paths, &settings.test_paths,
                            &settings.macro_paths}) {
    for (const std::string& path : *paths) {
      for (const FileInfo& info : world_.files.list(project.dir / path)) add(info);
    }
  }
  for (const FileInfo& info : world_.files.list(project.dir / project.rynd.ingest_path)) add(info);
  return fast_hash(state);
}

std::string Site::health_text() {
  const ProjectPtr current = project();
  Node node = Node::map();
  node.set("status", Node::of(std::string("ok")));
  node.set("project", Node::of(current->root().name));
  node.set("folder", Node::of(std::filesystem::absolute(current->dir).lexically_normal().string()));
  node.set("pid", Node::of(static_cast<int64_t>(::getpid())));
  node.set("started_at", Node::of(iso8601(started_)));
  node.set("warehouse", Node::of(warehouse_.database().name()));
  node.set("duckdb", Node::of(warehouse_.database().version()));
  return json::write(node);
}

Response Site::health(Request&) { return {.body = health_text(), .headers = {{"Cache-Control", "no-store"}}}; }

Response Site::events(Request&) { return {.type = "text/event-stream", .events = true}; }

}  // namespace rynd::server
