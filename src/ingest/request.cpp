// Request: sends a source's requests as its client says: authenticated, and again where an answer may come yet.
#include "request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace rynd::ingest {
namespace {

constexpr size_t told_body = 200;
// A token is fetched anew so long before it ends, and lasts so long where the server does not say.
constexpr auto token_margin = std::chrono::seconds(60);
constexpr auto token_life = std::chrono::seconds(3600);

bool may_work_later(const Result<HttpResponse>& response) {
  if (response) return response->status == 429 || response->status >= 500;
  Code code = response.error().code;
  return code == Code::http_unreachable || code == Code::http_timeout || code == Code::http_broken;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = static_cast<unsigned char>(bytes[i]) << 16;
    if (i + 1 < bytes.size()) group |= static_cast<unsigned char>(bytes[i + 1]) << 8;
    if (i + 2 < bytes.size()) group |= static_cast<unsigned char>(bytes[i + 2]);
    for (size_t j = 0; j < 4; ++j) {
      text += i + j <= bytes.size() ? alphabet[(group >> (18 - 6 * j)) & 63] : '=';
    }
  }
  return text;
}

void set_header(HttpRequest& request, const std::string& name, std::string value) {
  for (auto& [known, old] : request.headers) {
    if (iequals(known, name)) {
      old = std::move(value);
      return;
    }
  }
  request.headers.emplace_back(name, std::move(value));
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : "&") + url_encode(name) + "=" + url_encode(value);
  }
  return text;
}

}  // namespace

std::optional<std::chrono::milliseconds> retry_after(std::string_view value, Instant now) {
  value = trim(value);
  int64_t seconds = 0;
  auto end = value.data() + value.size();
  if (!value.empty() && std::from_chars(value.data(), end, seconds).ptr == end && seconds >= 0) {
    return std::chrono::seconds(seconds);
  }
  // "Wed, 21 Oct 2015 07:28:00 GMT"
  constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (value.size() != 29 || !value.ends_with(" GMT")) return std::nullopt;
  auto number = [&](size_t at, size_t digits) {
    int parsed = -1;
    std::from_chars(value.data() + at, value.data() + at + digits, parsed);
    return parsed;
  };
  auto month = std::find(month_names.begin(), month_names.end(), value.substr(8, 3));
  std::chrono::year_month_day date{std::chrono::year(number(12, 4)),
                                   std::chrono::month(static_cast<unsigned>(month - month_names.begin()) + 1),
                                   std::chrono::day(static_cast<unsigned>(number(5, 2)))};
  if (month == month_names.end() || !date.ok()) return std::nullopt;
  Instant then = std::chrono::sys_days(date) + std::chrono::hours(number(17, 2)) + std::chrono::minutes(number(20, 2)) +
                 std::chrono::seconds(number(23, 2));
  auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(then - now);
  return std::max(wait, std::chrono::milliseconds(0));
}

Diagnostic status_failure(const HttpResponse& response) {
  Diagnostic problem{.code = Code::http_status,
                     .message = "'" + printable_url(response.url) + "' answered " + std::to_string(response.status)};
  std::string_view body = trim(response.body);
  if (!body.empty()) {
    std::string told(body.substr(0, told_body));
    std::replace_if(
        told.begin(), told.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    problem.notes.push_back("it says: " + told + (body.size() > told_body ? "..." : ""));
  }
  if (response.status == 401 || response.status == 403) problem.help = "check the 'auth' of the source's client";
  return problem;
}

Result<HttpResponse> Requester::send(HttpRequest request) { return attempt(std::move(request), nullptr); }

Result<HttpResponse> Requester::download(HttpRequest request, const std::filesystem::path& file) {
  return attempt(std::move(request), &file);
}

Result<HttpResponse> Requester::attempt(HttpRequest request, const std::filesystem::path* file) {
  for (const auto& [name, value] : client_.headers) {
    bool own = std::any_of(request.headers.begin(), request.headers.end(),
                           [&](const auto& header) { return iequals(header.first, name); });
    if (!own) request.headers.emplace_back(name, value);
  }
  request.timeout = std::chrono::milliseconds(static_cast<int64_t>(client_.timeout * 1000));
  double wait = client_.backoff_factor;
  for (int tried = 1;; ++tried) {
    if (auto ready = authenticate(request); !ready) return fail(ready.error());
    ++count_;
    auto response = file ? world_.http.download(request, *file, stop_) : world_.http.send(request, stop_);
    if (!may_work_later(response) || tried >= client_.max_attempts || stop_.stop_requested()) {
      if (!response && tried > 1) response.error().notes.push_back("tried " + std::to_string(tried) + " times");
      return response;
    }
    // Full jitter keeps many clients from coming back in one moment.
    auto pause = std::chrono::milliseconds(static_cast<int64_t>(wait * 1000 * (0.5 + world_.random.uniform() / 2)));
    if (response) {
      if (auto asked = retry_after(response->header("retry-after"), world_.clock.now())) pause = *asked;
    }
    auto longest = std::chrono::milliseconds(static_cast<int64_t>(client_.max_retry_delay * 1000));
    if (!world_.clock.sleep(std::min(pause, longest), stop_)) return response;
    wait *= 2;
  }
}

Result<void> Requester::authenticate(HttpRequest& request) {
  const Auth& auth = client_.auth;
  switch (auth.kind) {
    case Auth::Kind::none:
      return {};
    case Auth::Kind::bearer:
      set_header(request, "Authorization", "Bearer " + auth.token);
      return {};
    case Auth::Kind::http_basic:
      set_header(request, "Authorization", "Basic " + base64(auth.username + ":" + auth.password));
      return {};
    case Auth::Kind::api_key:
      if (auth.location == "header") {
        set_header(request, auth.name, auth.api_key);
      } else if (auth.location == "cookie") {
        set_header(request, "Cookie", auth.name + "=" + auth.api_key);
      } else {
        std::string parameter = url_encode(auth.name) + "=" + url_encode(auth.api_key);
        if (request.url.find(parameter) == std::string::npos) {
          request.url += (request.url.find('?') == std::string::npos ? "?" : "&") + parameter;
        }
      }
      return {};
    case Auth::Kind::oauth2:
      break;
  }
  auto token = access_token();
  if (!token) return fail(token.error());
  set_header(request, "Authorization", "Bearer " + *token);
  return {};
}

// RFC 6749 §4.4: the client's own credentials for a token, kept until shortly before it ends.
Result<std::string> Requester::access_token() {
  if (!token_.empty() && world_.clock.now() + token_margin < token_ends_) return token_;
  auto fields = client_.auth.request_data;
  fields.emplace_back("grant_type", "client_credentials");
  fields.emplace_back("client_id", client_.auth.client_id);
  fields.emplace_back("client_secret", client_.auth.client_secret);
  HttpRequest request{.method = "POST", .url = client_.auth.access_token_url};
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = form(fields);
  ++count_;
  auto response = world_.http.send(request, stop_);
  if (!response) return fail(response.error());
  if (response->status >= 400) return fail(status_failure(*response));
  auto answer = json::read(make_source(printable_url(request.url), response->body));
  const Node* token = answer ? answer->root.find("access_token") : nullptr;
  if (token == nullptr || !token->is_string()) {
    return fail({.code = Code::ingest_format,
                 .message = "'" + printable_url(request.url) + "' answered without an 'access_token'"});
  }
  token_ = token->text;
  const Node* life = answer->root.find("expires_in");
  token_ends_ = world_.clock.now() +
                (life && life->kind == Node::Kind::integer ? std::chrono::seconds(life->integer) : token_life);
  return token_;
}

}  // namespace rynd::ingest
