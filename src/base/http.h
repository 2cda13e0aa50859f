// Http: the door to other machines. One request, one response; retrying and paging belong to those who call.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"

namespace rynd {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout = std::chrono::seconds(60);          // for the whole answer
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  bool follow_redirects = true;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in their order
  std::string body;                                          // decoded (gzip, deflate, br, zstd)
  std::string url;                                           // after redirects

  // The first header of that name (lower case), "" where there is none.
  std::string_view header(std::string_view name) const;
};

class Http {
 public:
  virtual ~Http() = default;
  // Any status is a success here; failing to get an answer is RYND0140 or RYND0142. Secrets in the URL's query or
  // user part never reach the diagnostic. Safe to call from several threads; connections are kept and shared.
  virtual Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop = {}) = 0;
  // Streams a body into a file as it comes; the response's body stays empty. On failure no file is left.
  virtual Result<HttpResponse> download(const HttpRequest& request, const std::filesystem::path& file,
                                        std::stop_token stop = {}) = 0;
};

class RealHttp final : public Http {
 public:
  RealHttp();
  ~RealHttp() override;
  Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop = {}) override;
  Result<HttpResponse> download(const HttpRequest& request, const std::filesystem::path& file,
                                std::stop_token stop = {}) override;

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

std::string url_encode(std::string_view text);  // RFC 3986 unreserved characters are kept
// The URL without user, password and the values of its query: what may be printed.
std::string printable_url(std::string_view url);

}  // namespace rynd
