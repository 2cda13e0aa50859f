// Server: listens, says where, serves, and cleans up after itself.
#include "server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <thread>

#include "base/json.h"
#include "http.h"
#include "live.h"
#include "site.h"

namespace rynd::server {

namespace {

bool is_loopback(const std::string& host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

std::string url_of(const std::string& host, int port) {
  const std::string name = host == "0.0.0.0"                     ? "127.0.0.1"
                           : host == "::"                        ? "[::1]"
                           : host.find(':') != std::string::npos ? "[" + host + "]"
                                                                 : host;
  return fmt::format("http://{}:{}", name, port);
}

// Says who has the port, where it is another rynd.
Diagnostic name_holder(Diagnostic diagnostic, const Options& options, World& world) {
  const HttpRequest request{.url = url_of(options.host, options.port) + "/api/health",
                            .timeout = std::chrono::seconds(1),
                            .connect_timeout = std::chrono::seconds(1)};
  const Result<HttpResponse> response = world.http.send(request);
  if (!response) return diagnostic;
  const Result<Document> health = json::read(make_source("<health>", response->body));
  if (!health || health->root.find("project") == nullptr || health->root.find("pid") == nullptr) {
    diagnostic.notes.push_back("another program answers HTTP there");
    return diagnostic;
  }
  const Node* folder = health->root.find("folder");
  diagnostic.notes.push_back(fmt::format("rynd serves the project '{}' there{}, process {}",
                                         health->root.find("project")->text, folder ? " (" + folder->text + ")" : "",
                                         health->root.find("pid")->integer));
  return diagnostic;
}

// .rynd/server.json, as long as this lives.
class ServerFile {
 public:
  ServerFile(Files& files, std::filesystem::path path) : files_(files), path_(std::move(path)) {}
  Result<void> write(const std::string& host, int port, const std::string& token) {
    Node node = Node::map();
    node.set("pid", Node::of(static_cast<int64_t>(::getpid())));
    node.set("host", Node::of(host));
    node.set("port", Node::of(static_cast<int64_t>(port)));
    node.set("url", Node::of(url_of(host, port)));
    node.set("token", Node::of(token));
    return files_.write_private(path_, json::write(node, 2) + "\n");
  }
  ~ServerFile() { (void)files_.remove(path_); }

 private:
  Files& files_;
  std::filesystem::path path_;
};

}  // namespace

Result<void> serve(ProjectPtr project, engine::Database& database, const Options& options, World& world,
                   std::stop_token stop) {
  const std::string token = world.random.uuid();
  const bool open = !is_loopback(options.host);
  const std::filesystem::path folder = project->dir / ".rynd";
  Site site(std::move(project), database, options, world, {token, open});
  Result<std::unique_ptr<HttpServer>> listening =
      HttpServer::listen(options.host, options.port, [&](Request& request) { return site.answer(request); });
  if (!listening) {
    if (listening.error().code != Code::port_in_use) return fail(listening.error());
    return fail(name_holder(listening.error(), options, world));
  }
  HttpServer& http = **listening;
  ServerFile file(world.files, folder / "server.json");
  if (auto written = file.write(options.host, http.port(), token); !written) return written;
  if (options.ready) options.ready(url_of(options.host, http.port()) + (open ? "/?token=" + token : "/"));
  const std::jthread watcher([&](std::stop_token ended) { watch_changes(http, site, world.clock, ended); });
  http.run(stop);
  return {};
}

}  // namespace rynd::server
