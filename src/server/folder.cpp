// Folder: requests to files.
#include "folder.h"

#include "assets.h"
#include "http.h"

namespace rynd::server {
namespace {

Response refused(int status, const char* text) { return {.status = status, .type = "text/plain", .body = text}; }

Response file_of(const Request& request, const std::filesystem::path& folder, Files& files) {
  if (request.method != "GET" && request.method != "HEAD") return refused(405, "only GET\n");
  std::filesystem::path path =
      std::filesystem::path(url_decode(request.path, false)).relative_path().lexically_normal();
  if (path.empty() || path == ".") path = "index.html";
  if (*path.begin() == "..") return refused(404, "not found\n");
  if (files.is_folder(folder / path)) path /= "index.html";
  // A link that leads out of the folder is not followed.
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(folder / path, error);
  const std::filesystem::path root = std::filesystem::weakly_canonical(folder, error);
  const std::filesystem::path within = real.lexically_relative(root);
  if (error || within.empty() || *within.begin() == "..") return refused(404, "not found\n");
  Result<std::string> bytes = files.exists(real) ? files.read(real) : fail({});
  if (!bytes) return refused(404, "not found\n");
  Response response{.type = std::string(type_of(path.string())), .body = std::move(*bytes)};
  response.headers = {{"Cache-Control", "no-cache"}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

}  // namespace

Result<void> serve_folder(const std::filesystem::path& folder, const std::string& host, int port,
                          const std::function<void(int port)>& ready, World& world, std::stop_token stop) {
  Result<std::unique_ptr<HttpServer>> server =
      HttpServer::listen(host, port, [&](const Request& request) { return file_of(request, folder, world.files); });
  if (!server) return fail(std::move(server.error()));
  if (ready) ready((*server)->port());
  (*server)->run(std::move(stop));
  return {};
}

}  // namespace rynd::server
