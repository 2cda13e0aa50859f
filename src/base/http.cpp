// Http: libcurl behind the door; each request takes a kept handle, whose connections stay open for the next one.
#include "base/http.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "base/text.h"
#include "curl.h"

namespace rynd {
namespace {

constexpr size_t max_error_body = 64 * 1024;
constexpr long max_redirects = 10;

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using File = std::unique_ptr<std::FILE, decltype([](std::FILE* file) { std::fclose(file); })>;

// A handle with its own connections. curl's shared connection caches are not safe between threads.
struct Handle {
  const Curl& curl;
  CURL* easy = curl.easy_init();
  CURLM* multi = curl.multi_init();

  explicit Handle(const Curl& library) : curl(library) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    curl.easy_cleanup(easy);
    curl.multi_cleanup(multi);
  }
};

std::string host_of(std::string_view url) {
  size_t begin = url.find("://");
  begin = begin == std::string_view::npos ? 0 : begin + 3;
  std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  return std::string(authority.substr(authority.rfind('@') + 1));
}

// One request while it is under way.
class Transfer {
 public:
  Transfer(const Handle& handle, const HttpRequest& request, std::FILE* file)
      : curl_(handle.curl), easy_(handle.easy), request_(request), file_(file) {
    response_.url = request.url;
  }

  void prepare() {
    curl_.easy_reset(easy_);
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, request_.follow_redirects ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, max_redirects);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    set(CURLOPT_USERAGENT, "rynd");
    for (const auto& [name, value] : request_.headers) {
      std::string line = value.empty() ? name + ";" : name + ": " + value;
      headers_.reset(curl_.slist_append(headers_.release(), line.c_str()));
    }
    set(CURLOPT_HTTPHEADER, headers_.get());
    if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT") {
      set(CURLOPT_POSTFIELDS, request_.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    }
    if (request_.method == "HEAD")
      set(CURLOPT_NOBODY, 1L);
    else
      set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
  }

  Result<HttpResponse> finish(CURLcode code, bool stopped) {
    if (stopped) return failure(Code::http_broken, "the request to", "was stopped");
    if (too_large_) {
      return failure(Code::http_broken, "the answer of",
                     "is larger than " + std::to_string(request_.max_body) + " bytes");
    }
    if (disk_error_ != 0) {
      return failure(Code::file_unwritable, "the answer of",
                     std::string("cannot be written: ") + std::strerror(disk_error_));
    }
    if (code != CURLE_OK) return explain(code);
    long status = 0;
    char* url = nullptr;
    curl_.easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    curl_.easy_getinfo(easy_, CURLINFO_EFFECTIVE_URL, &url);
    response_.status = static_cast<int>(status);
    if (url != nullptr) response_.url = url;
    return std::move(response_);
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    curl_.easy_setopt(easy_, option, value);
  }

  std::unexpected<Diagnostic> failure(Code code, const std::string& what, const std::string& trouble) const {
    return fail({.code = code, .message = what + " '" + printable_url(request_.url) + "' " + trouble});
  }

  // libcurl's own words may repeat the URL with its secrets: ours instead.
  Result<HttpResponse> explain(CURLcode code) const {
    long error = 0;
    curl_.easy_getinfo(easy_, CURLINFO_OS_ERRNO, &error);
    std::string host = host_of(request_.url);
    switch (code) {
      case CURLE_URL_MALFORMAT:
      case CURLE_UNSUPPORTED_PROTOCOL:
        return failure(Code::http_bad_url, "the address", "is no http or https URL");
      case CURLE_COULDNT_RESOLVE_HOST:
        return failure(Code::http_unreachable, "cannot reach", "(the host '" + host + "' is not known)");
      case CURLE_COULDNT_CONNECT:
        return failure(Code::http_unreachable, "cannot reach",
                       std::string("(") + (error ? std::strerror(static_cast<int>(error)) : "no connection") + ")");
      case CURLE_OPERATION_TIMEDOUT:
        return failure(Code::http_timeout, "no whole answer from",
                       "within " + std::to_string(request_.timeout.count()) + " ms");
      case CURLE_TOO_MANY_REDIRECTS:
        return failure(Code::http_unreachable, "the address",
                       "redirects more than " + std::to_string(max_redirects) + " times");
      case CURLE_PARTIAL_FILE:
      case CURLE_RECV_ERROR:
      case CURLE_GOT_NOTHING:
        return failure(Code::http_broken, "the answer of", "broke off before its end");
      case CURLE_BAD_CONTENT_ENCODING:
        return failure(Code::http_broken, "the answer of", "is not encoded as it says");
      case CURLE_PEER_FAILED_VERIFICATION:
        return failure(Code::http_unreachable, "cannot trust the certificate of", "");
      default:
        return failure(Code::http_unreachable, "the request to", std::string("failed: ") + curl_.easy_strerror(code));
    }
  }

  static size_t on_header(char* data, size_t size, size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    std::string_view line = trim({data, size * count});
    // Each answer of a chain of redirects starts with its status line: only the last one's headers are kept.
    if (line.starts_with("HTTP/") && line.find(':') == std::string_view::npos) {
      transfer.response_.headers.clear();
      transfer.response_.body.clear();
      size_t space = line.find(' ');
      transfer.status_ = space == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(space + 1)).c_str());
    } else if (size_t colon = line.find(':'); colon != std::string_view::npos) {
      transfer.response_.headers.emplace_back(lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
    return size * count;
  }

  static size_t on_body(char* data, size_t size, size_t count, void* self) {
    return static_cast<Transfer*>(self)->body({data, size * count}) ? size * count : 0;
  }

  bool body(std::string_view bytes) {
    if (request_.on_data && status_ < 400) return request_.on_data(bytes);
    if (file_ == nullptr) {
      too_large_ = response_.body.size() + bytes.size() > request_.max_body;
      if (!too_large_) response_.body += bytes;
      return !too_large_;
    }
    if (status_ >= 400) {
      response_.body += bytes.substr(0, max_error_body - std::min(max_error_body, response_.body.size()));
      return true;
    }
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) return true;
    disk_error_ = errno;
    return false;
  }

  const Curl& curl_;
  CURL* easy_;
  const HttpRequest& request_;
  std::FILE* file_;
  List headers_ = {nullptr, curl_.slist_free_all};
  HttpResponse response_;
  int status_ = 0;
  int disk_error_ = 0;
  bool too_large_ = false;
};

CURLcode perform(Handle& handle, const std::stop_token& stop) {
  const Curl& curl = handle.curl;
  curl.multi_add_handle(handle.multi, handle.easy);
  CURLcode code = CURLE_OK;
  {
    std::stop_callback wake(stop, [&] { curl.multi_wakeup(handle.multi); });
    int running = 1;
    while (running > 0 && !stop.stop_requested()) {
      if (curl.multi_perform(handle.multi, &running) != CURLM_OK) break;
      if (running > 0) curl.multi_poll(handle.multi, nullptr, 0, 1000, nullptr);
    }
    int left = 0;
    while (CURLMsg* message = curl.multi_info_read(handle.multi, &left)) {
      if (message->msg == CURLMSG_DONE) code = message->data.result;
    }
  }
  curl.multi_remove_handle(handle.multi, handle.easy);
  return code;
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (known == name) return value;
  }
  return "";
}

struct RealHttp::Pool {
  std::expected<std::unique_ptr<const Curl>, std::string> curl = Curl::load();
  std::mutex mutex;
  std::vector<std::unique_ptr<Handle>> idle;

  Pool() {
    if (curl) (*curl)->global_init(CURL_GLOBAL_DEFAULT);
  }

  std::unique_ptr<Handle> take() {
    std::scoped_lock lock(mutex);
    if (idle.empty()) return std::make_unique<Handle>(**curl);
    auto handle = std::move(idle.back());
    idle.pop_back();
    return handle;
  }

  void give_back(std::unique_ptr<Handle> handle) {
    std::scoped_lock lock(mutex);
    idle.push_back(std::move(handle));
  }

  Result<HttpResponse> send(const HttpRequest& request, std::FILE* file, const std::stop_token& stop) {
    if (!curl) {
      return fail({.code = Code::http_unreachable,
                   .message = "nothing can be fetched: libcurl cannot be loaded: " + curl.error(),
                   .help = "install it: apt-get install libcurl4"});
    }
    auto handle = take();
    Transfer transfer(*handle, request, file);
    transfer.prepare();
    CURLcode code = perform(*handle, stop);
    auto response = transfer.finish(code, stop.stop_requested());
    // What the transfer lent to the handle ends with it.
    handle->curl.easy_reset(handle->easy);
    give_back(std::move(handle));
    return response;
  }
};

RealHttp::RealHttp() = default;
RealHttp::~RealHttp() = default;

RealHttp::Pool& RealHttp::pool() {
  // Made at the first request: most commands send none.
  std::call_once(made_, [this] { pool_ = std::make_unique<Pool>(); });
  return *pool_;
}

Result<HttpResponse> RealHttp::send(const HttpRequest& request, std::stop_token stop) {
  return pool().send(request, nullptr, stop);
}

Result<HttpResponse> RealHttp::download(const HttpRequest& request, const std::filesystem::path& path,
                                        std::stop_token stop) {
  std::string beside = path.string() + ".part";
  File file(std::fopen(beside.c_str(), "wbe"));
  if (!file) {
    return fail(
        {.code = Code::file_unwritable, .message = "cannot write '" + path.string() + "': " + std::strerror(errno)});
  }
  auto response = pool().send(request, file.get(), stop);
  bool closed = std::fclose(file.release()) == 0;
  if (response && closed && response->status < 400) {
    if (std::rename(beside.c_str(), path.c_str()) == 0) return response;
    closed = false;
  }
  std::remove(beside.c_str());
  if (response && !closed) {
    return fail(
        {.code = Code::file_unwritable, .message = "cannot write '" + path.string() + "': " + std::strerror(errno)});
  }
  return response;
}

}  // namespace rynd
