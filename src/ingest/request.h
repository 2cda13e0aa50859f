// Request: sends a source's requests as its client says: authenticated, and again where an answer may come yet.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "base/world.h"
#include "ingest/source.h"

namespace rynd::ingest {

class Requester {
 public:
  Requester(const Client& client, World& world, std::stop_token stop)
      : client_(client), world_(world), stop_(std::move(stop)) {}

  // The answer, whatever its status, after as many tries as the client allows: no connection, no answer in time, a
  // broken answer, 429 and 5xx are tried again, after Retry-After or a growing time with jitter.
  Result<HttpResponse> send(HttpRequest request);
  Result<HttpResponse> download(HttpRequest request, const std::filesystem::path& file);

  int64_t count() const { return count_; }  // requests that were sent, tries included

 private:
  Result<HttpResponse> attempt(HttpRequest request, const std::filesystem::path* file);
  Result<void> authenticate(HttpRequest& request);
  Result<std::string> access_token();

  const Client& client_;
  World& world_;
  std::stop_token stop_;
  std::string token_;
  Instant token_ends_{};
  int64_t count_ = 0;
};

// "a server answered 404": RYND0141 with the beginning of the body.
Diagnostic status_failure(const HttpResponse& response);

// The wait a Retry-After asks for: seconds or an HTTP date; nullopt where it is neither.
std::optional<std::chrono::milliseconds> retry_after(std::string_view value, Instant now);

}  // namespace rynd::ingest
