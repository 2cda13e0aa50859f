// Http: the door to other machines. One request, one response; retrying and paging belong to those who call.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
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
  std::chrono::milliseconds timeout = std::chrono::seconds(60);  // for the whole answer; 0: none
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  bool follow_redirects = true;
  // Gets the decoded body as it comes, on the thread that sends, and the response's body stays empty; false ends the
  // transfer. A status of 400 or more keeps its body.
  std::function<bool(std::string_view)> on_data = {};
  uint64_t max_body = uint64_t{1} << 30;  // bytes of a decoded body in memory; a download has no limit
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
  // Any status is a success here; failing to get an answer is RYND0140 (unreachable), RYND0144 (no URL), RYND0142 (too
  // late) or RYND0143 (it broke off, is not decodable, is larger than max_body, or was stopped). Secrets in the URL's
  // query or user part never reach the diagnostic. Safe to call from several threads; connections are kept and shared.
  virtual Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop = {}) = 0;
  // Streams a body into a file as it comes; the response's body stays empty. On failure no file is left; with a status
  // of 400 and above the file is not written and the body, cut at 64 KiB, is in the response.
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
  Pool& pool();

  std::once_flag made_;
  std::unique_ptr<Pool> pool_;
};

// Answers by a script: each URL (with its query) has its answers in their order, the last of which stays.
class SimHttp final : public Http {
 public:
  void answer(std::string url, HttpResponse response);
  void answer(std::string url, Diagnostic failure);
  // What was asked for, in its order.
  std::vector<HttpRequest> requests() const;

  // A URL without an answer is RYND0140.
  Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop = {}) override;
  // Writes to the real disk, as the readers of downloads expect.
  Result<HttpResponse> download(const HttpRequest& request, const std::filesystem::path& file,
                                std::stop_token stop = {}) override;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Result<HttpResponse>>> answers_;
  std::vector<HttpRequest> requests_;
};

std::string url_encode(std::string_view text);  // RFC 3986 unreserved characters are kept
// The URL without user, password and the values of its query: what may be printed.
std::string printable_url(std::string_view url);

}  // namespace rynd
