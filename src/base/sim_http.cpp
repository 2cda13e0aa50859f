// SimHttp: answers by a script, for tests.
#include <fstream>

#include "base/http.h"

namespace rynd {

void SimHttp::answer(std::string url, HttpResponse response) {
  std::scoped_lock lock(mutex_);
  if (response.url.empty()) response.url = url;
  answers_[std::move(url)].emplace_back(std::move(response));
}

void SimHttp::answer(std::string url, Diagnostic failure) {
  std::scoped_lock lock(mutex_);
  answers_[std::move(url)].emplace_back(fail(std::move(failure)));
}

std::vector<HttpRequest> SimHttp::requests() const {
  std::scoped_lock lock(mutex_);
  return requests_;
}

Result<HttpResponse> SimHttp::send(const HttpRequest& request, std::stop_token stop) {
  std::scoped_lock lock(mutex_);
  requests_.push_back(request);
  auto found = answers_.find(request.url);
  if (found == answers_.end() || stop.stop_requested()) {
    return fail({.code = Code::http_unreachable, .message = "cannot reach '" + printable_url(request.url) + "'"});
  }
  auto response = found->second.front();
  if (found->second.size() > 1) found->second.erase(found->second.begin());
  return response;
}

Result<HttpResponse> SimHttp::download(const HttpRequest& request, const std::filesystem::path& path,
                                       std::stop_token stop) {
  auto response = send(request, stop);
  if (!response || response->status >= 400) return response;
  std::ofstream file(path, std::ios::binary);
  file << response->body;
  response->body.clear();
  return response;
}

}  // namespace rynd
