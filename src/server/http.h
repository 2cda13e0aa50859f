// HttpServer: HTTP/1.1 on one socket: reads requests, hands them to a handler on worker threads, writes answers and
// server-sent events. Knows nothing of what is served.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"

namespace rynd::server {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;  // as sent, still encoded, without the query
  Fields query;      // decoded, in order; a name may come several times
  Fields headers;    // names in lower case
  std::string body;
  std::vector<std::string> captured = {};  // what the route's {names} matched, decoded
  std::stop_token gone = {};               // the client went away, or the server stops

  std::string_view header(std::string_view name) const;  // "" where there is none
  std::string_view parameter(std::string_view name) const;
};

// Hands out a body in chunks. Returns false once nobody reads any more.
using Write = std::function<bool(std::string_view)>;

struct Response {
  int status = 200;
  std::string type = "application/json; charset=utf-8";
  std::string body = {};
  std::string_view fixed = {};  // sent instead of `body`: bytes that live as long as the program
  Fields headers = {};
  std::function<void(const Write&, std::stop_token gone)> stream = {};  // instead of `body`, chunked
  bool events = false;  // becomes a listener of publish(), as text/event-stream
};

class HttpServer {
 public:
  // Called on worker threads, several at once. An exception becomes a 500.
  using Handler = std::function<Response(Request&)>;

  // Listens at once; port 0 takes a free one. RYND0730 where the port is taken, RYND0731 where the address is not ours.
  static Result<std::unique_ptr<HttpServer>> listen(const std::string& host, int port, Handler handler);
  virtual ~HttpServer() = default;

  virtual int port() const = 0;
  // Until `stop`; then requests in work have five seconds to end.
  virtual void run(std::stop_token stop) = 0;
  // To all listeners, from any thread.
  virtual void publish(const std::string& event, const std::string& data) = 0;
  virtual size_t listeners() const = 0;
};

// "%41+b" -> "A b" with `plus`, "A+b" without. What is no escape stays.
std::string url_decode(std::string_view text, bool plus);
// "a=1&b=%20" -> {{"a", "1"}, {"b", " "}}
Fields parse_query(std::string_view query);

}  // namespace rynd::server
