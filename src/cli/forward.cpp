// Forward: finds .rynd/server.json, and sends the command line there.
#include "forward.h"

#include <fmt/format.h>
#include <signal.h>

#include <cerrno>

#include "base/json.h"

namespace rynd::cli {
namespace {

struct RunningServer {
  std::string url;
  std::string token;
};

std::string text(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value && value->is_string() ? value->text : "";
}

// A file that a killed server left is no server: its process is gone, or its port does not answer as ours.
std::optional<RunningServer> find_server(const std::filesystem::path& project_dir, World& world) {
  const std::filesystem::path path = project_dir / ".rynd" / "server.json";
  if (!world.files.exists(path)) return std::nullopt;
  Result<std::string> bytes = world.files.read(path);
  if (!bytes) return std::nullopt;
  const Result<Document> document = json::read(make_source(path.string(), std::move(*bytes)));
  if (!document) return std::nullopt;
  const Node* pid = document->root.find("pid");
  if (!pid || pid->kind != Node::Kind::integer) return std::nullopt;
  if (::kill(static_cast<pid_t>(pid->integer), 0) != 0 && errno == ESRCH) return std::nullopt;
  RunningServer server{text(document->root, "url"), text(document->root, "token")};
  HttpRequest health{.url = server.url + "/api/health", .headers = {{"Authorization", "Bearer " + server.token}}};
  health.timeout = health.connect_timeout = std::chrono::seconds(2);
  const Result<HttpResponse> answer = world.http.send(health);
  return answer && answer->status == 200 ? std::optional(std::move(server)) : std::nullopt;
}

// Takes the answer apart as it comes: lines of {"out"}, {"err"} and at last {"exit"}.
class Lines {
 public:
  explicit Lines(Console& console) : console_(console) {}
  bool take(std::string_view bytes) {
    rest_ += bytes;
    for (size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      print(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
    return true;
  }
  std::optional<int> exit_code() const { return exit_code_; }

 private:
  void print(std::string line) {
    const Result<Document> document = json::read(make_source("server", std::move(line)));
    if (!document) return;
    if (const Node* out = document->root.find("out")) console_.out(out->text);
    if (const Node* err = document->root.find("err")) console_.err(err->text);
    if (const Node* exit = document->root.find("exit")) exit_code_ = static_cast<int>(exit->integer);
  }

  Console& console_;
  std::string rest_;
  std::optional<int> exit_code_;
};

}  // namespace

std::optional<std::string> running_server(const std::filesystem::path& project_dir, World& world) {
  std::optional<RunningServer> server = find_server(project_dir, world);
  return server ? std::optional(std::move(server->url)) : std::nullopt;
}

std::optional<int> forward_to_server(const Invocation& invocation, Session& session) {
  if (session.warehouse) return std::nullopt;
  const std::optional<RunningServer> server = find_server(invocation.text("project-dir", "."), session.world);
  if (!server) return std::nullopt;
  Console& console = session.console;
  console.say(fmt::format("the server at {} holds the warehouse; it does this command", server->url));
  Node arguments = Node::list();
  for (const std::string& word : invocation.words) arguments.items.push_back(Node::of(word));
  Node body = Node::map();
  body.set("arguments", std::move(arguments));
  body.set("color", Node::of(console.color));
  Lines lines(console);
  HttpRequest request{.method = "POST", .url = server->url + "/api/command"};
  request.headers = {{"Authorization", "Bearer " + server->token}, {"Content-Type", "application/json"}};
  request.body = json::write(body);
  request.timeout = std::chrono::milliseconds(0);
  request.on_data = [&lines](std::string_view bytes) { return lines.take(bytes); };
  const Result<HttpResponse> answer = session.world.http.send(request, session.stop);
  if (session.stop.stop_requested()) return exit_interrupted;
  if (lines.exit_code()) return lines.exit_code();
  Diagnostic lost{.code = Code::server_lost,
                  .message = fmt::format("the server at {} did not finish the command", server->url),
                  .help = "'rynd runs show last' tells how far it came"};
  if (!answer) lost.notes.push_back(answer.error().message);
  if (answer && answer->status != 200) lost.notes.push_back(fmt::format("it answered with status {}", answer->status));
  console.report(lost);
  return exit_unable;
}

}  // namespace rynd::cli
