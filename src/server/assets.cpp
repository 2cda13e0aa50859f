// Assets: files as they were gzip'ed by the build; names are stable, so a tag of the content decides what is fresh.
#include "assets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "embedded_ui.h"

namespace rynd::server {

namespace {

const EmbeddedFile* find_file(std::string_view path) {
  const std::span<const EmbeddedFile> files = embedded_ui();
  const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
  return found == files.end() ? nullptr : &*found;
}

}  // namespace

std::string_view type_of(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> types[]{{".html", "text/html; charset=utf-8"},
                                                                         {".js", "text/javascript; charset=utf-8"},
                                                                         {".css", "text/css; charset=utf-8"},
                                                                         {".svg", "image/svg+xml"},
                                                                         {".woff2", "font/woff2"},
                                                                         {".json", "application/json"}};
  for (const auto& [ending, type] : types) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

Response asset(const Request& request) {
  const std::string path = url_decode(std::string_view(request.path).substr(1), false);
  const EmbeddedFile* file = find_file(path);
  // A resource's id has dots, too: only what ends as our files do is a file.
  const bool names_file = path.starts_with("assets/") || type_of(path) != type_of("");
  if (file == nullptr && names_file) return {.status = 404, .type = "text/plain", .body = "not found\n"};
  if (file == nullptr) file = find_file("index.html");
  if (file == nullptr) return {.status = 404, .type = "text/plain", .body = "not found\n"};
  const std::string tag = fmt::format("\"{:016x}\"", fast_hash(file->bytes));
  Response response{.type = std::string(type_of(file->path))};
  response.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Encoding"}};
  if (request.header("if-none-match") == tag) {
    response.status = 304;
    return response;
  }
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.fixed = file->bytes;
  return response;
}

}  // namespace rynd::server
