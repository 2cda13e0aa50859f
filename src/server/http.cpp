// HttpServer: Boost.Beast on one I/O thread with a coroutine a connection. The only file that sees Boost.
#include "http.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <deque>
#include <future>
#include <optional>
#include <set>

#include "base/text.h"

namespace rynd::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr auto idle_limit = std::chrono::seconds(75);
constexpr auto ping_every = std::chrono::seconds(25);
constexpr auto stop_limit = std::chrono::seconds(5);
constexpr size_t head_limit = 32 * 1024;
constexpr size_t body_limit = 8 * 1024 * 1024;
constexpr size_t queue_limit = 100;  // events a listener may fall behind
constexpr int worker_count = 8;      // a command that another process sent holds one as long as it runs

struct Session {
  explicit Session(tcp::socket socket) : stream(std::move(socket)), wake(stream.get_executor()) {}
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  asio::steady_timer wake;         // waits for a worker's answer, or for an event
  std::deque<std::string> events;  // for a listener, ready to be sent
  std::stop_source gone;
  bool waiting = false;  // between two requests
  bool listening = false;
};
using SessionPtr = std::shared_ptr<Session>;

Request to_request(http::request<http::string_body> message) {
  Request request{.method = std::string(message.method_string()), .body = std::move(message.body())};
  const std::string_view target(message.target().data(), message.target().size());
  const size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = parse_query(target.substr(mark + 1));
  for (const auto& field : message) {
    request.headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}),
                                 std::string(field.value()));
  }
  return request;
}

template <class Body>
void set_head(http::response<Body>& message, const Response& response) {
  message.set(http::field::content_type, response.type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
}

class BeastServer final : public HttpServer {
 public:
  BeastServer(Handler handler) : acceptor_(io_), workers_(worker_count), handler_(std::move(handler)) {}

  Result<void> open(const std::string& host, int port) {
    const auto refuse = [&](Code code, std::string message, std::string help) {
      return fail({.code = code, .message = std::move(message), .help = std::move(help)});
    };
    error_code error;
    const asio::ip::address address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error)
      return refuse(Code::address_unusable, fmt::format("'{}' is not an IP address", host),
                    "use 127.0.0.1, ::1 or 0.0.0.0");
    const tcp::endpoint endpoint(address, static_cast<uint16_t>(port));
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) {
      return refuse(Code::port_in_use, fmt::format("port {} is taken", port),
                    fmt::format("stop what listens there, or use --port {}", port + 1));
    }
    if (error == asio::error::access_denied) {
      return refuse(Code::address_unusable, fmt::format("this user may not listen at port {}", port),
                    "use a --port above 1023");
    }
    if (error) return refuse(Code::address_unusable, fmt::format("cannot listen at {}: {}", host, error.message()), "");
    return {};
  }

  int port() const override { return acceptor_port_; }
  size_t listeners() const override { return listeners_; }

  void run(std::stop_token stop) override {
    asio::co_spawn(io_, accept(), asio::detached);
    const std::stop_callback on_stop(stop, [this] { asio::post(io_, [this] { close(); }); });
    io_.run();
    workers_.join();
  }

  void publish(const std::string& event, const std::string& data) override {
    asio::post(io_, [this, text = fmt::format("event: {}\ndata: {}\n\n", event, data)] {
      for (const SessionPtr& session : sessions_) {
        if (!session->listening) continue;
        session->events.push_back(text);
        session->wake.cancel();
      }
    });
  }

  void remember_port() { acceptor_port_ = acceptor_.local_endpoint().port(); }

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(as_result);
      if (!acceptor_.is_open()) co_return;
      if (error) {
        // Out of descriptors, most likely: some will come back.
        asio::steady_timer pause(io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(as_result);
        continue;
      }
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      const auto session = std::make_shared<Session>(std::move(socket));
      sessions_.insert(session);
      asio::co_spawn(io_, serve(session), [this, session](std::exception_ptr) { sessions_.erase(session); });
    }
  }

  void close() {
    error_code ignored;
    closing_ = true;
    acceptor_.close(ignored);
    for (const SessionPtr& session : sessions_) {
      session->gone.request_stop();
      if (session->waiting || session->listening) session->stream.close();
      if (session->listening) session->wake.cancel();
    }
    last_call_.emplace(io_, stop_limit);
    last_call_->async_wait([this](error_code error) {
      if (error) return;
      for (const SessionPtr& session : sessions_) session->stream.close();
    });
    end_if_empty();
  }
  void end_if_empty() {
    if (closing_ && sessions_.empty() && last_call_) last_call_->cancel();
  }

  asio::awaitable<void> serve(SessionPtr session) {
    beast::tcp_stream& stream = session->stream;
    while (!closing_) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(head_limit);
      parser.body_limit(body_limit);
      stream.expires_after(idle_limit);
      session->waiting = true;
      auto [error, size] = co_await http::async_read(stream, session->buffer, parser, as_result);
      session->waiting = false;
      if (error == http::error::body_limit || error == http::error::header_limit) {
        co_await refuse(session, 413);
        break;
      }
      if (error) {
        const bool malformed = error.category() == http::make_error_code(http::error::bad_method).category();
        if (malformed && error != http::error::end_of_stream) {
          co_await refuse(session, 400);
        }
        break;
      }
      stream.expires_never();
      const bool keep = parser.keep_alive();
      const bool head = parser.get().method() == http::verb::head;
      const auto request = std::make_shared<Request>(to_request(parser.release()));
      const std::shared_ptr<const Response> answered = co_await answer(session, request);
      const Response& response = *answered;
      if (response.events) {
        co_await listen_to_events(session, response);
        break;
      }
      bool sent = false;
      if (response.stream) {
        sent = co_await send_stream(session, response);
      } else {
        sent = co_await send(session, response, keep, head);
      }
      if (!sent || !keep) break;
    }
    error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
    sessions_.erase(session);
    end_if_empty();
  }

  // Requests a stop of the session's work when the client goes. What it sends meanwhile is left for the next read.
  void watch(const SessionPtr& session) {
    session->stream.socket().async_wait(tcp::socket::wait_read, [session](error_code error) {
      if (error) return;
      char byte = 0;
      session->stream.socket().receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
      if (!error) return;
      session->gone.request_stop();
      session->wake.cancel();
    });
  }

  // Runs `work` on a worker; the I/O thread goes on with others meanwhile. A std::function and no bare lambda: g++ 12
  // copies a closure's bytes, not the closure, when it stands in the expression of a co_await.
  asio::awaitable<void> on_worker(SessionPtr session, std::function<void()> work) {
    const auto done = std::make_shared<bool>(false);
    asio::post(workers_, [this, session, done, work = std::move(work)] {
      work();
      asio::post(io_, [session, done] {
        *done = true;
        session->wake.cancel();
      });
    });
    watch(session);
    while (!*done) {
      session->wake.expires_at(asio::steady_timer::time_point::max());
      co_await session->wake.async_wait(as_result);
    }
    error_code ignored;
    session->stream.socket().cancel(ignored);
  }

  asio::awaitable<std::shared_ptr<const Response>> answer(SessionPtr session, std::shared_ptr<Request> request) {
    session->gone = std::stop_source();
    request->gone = session->gone.get_token();
    const auto response = std::make_shared<Response>();
    std::function<void()> work = [this, response, request] {
      try {
        *response = handler_(*request);
      } catch (const std::exception&) {
        *response = {.status = 500, .body = R"({"error": "internal"})"};
      }
    };
    co_await on_worker(session, std::move(work));
    co_return response;
  }

  asio::awaitable<void> refuse(SessionPtr session, int status) {
    const Response response{.status = status, .body = "{}"};
    co_await send(session, response, false, false);
  }

  asio::awaitable<bool> send(SessionPtr session, const Response& response, bool keep, bool head) {
    const std::string_view body = response.fixed.empty() ? std::string_view(response.body) : response.fixed;
    http::response<http::span_body<const char>> message(static_cast<http::status>(response.status), 11);
    set_head(message, response);
    message.body() = beast::span<const char>(body.data(), head || response.status == 304 ? 0 : body.size());
    message.keep_alive(keep && !closing_);
    if (response.status != 304) message.content_length(body.size());
    session->stream.expires_after(idle_limit);
    http::response_serializer<http::span_body<const char>> serializer(message);
    if (head) {
      auto [error, size] = co_await http::async_write_header(session->stream, serializer, as_result);
      co_return !error;
    }
    auto [error, size] = co_await http::async_write(session->stream, serializer, as_result);
    co_return !error;
  }

  asio::awaitable<bool> write_all(SessionPtr session, std::string text) {
    session->stream.expires_after(idle_limit);
    auto [error, size] = co_await asio::async_write(session->stream, asio::buffer(text), as_result);
    session->stream.expires_never();
    co_return !error;
  }

  static std::string head_text(const Response& response, std::string_view more) {
    std::string text = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{}", response.status,
                                   std::string(http::obsolete_reason(static_cast<http::status>(response.status))),
                                   response.type, more);
    for (const auto& [name, value] : response.headers) text += fmt::format("{}: {}\r\n", name, value);
    return text + "\r\n";
  }

  // The worker waits until each chunk is with the kernel, so that a slow reader slows the writer down.
  asio::awaitable<bool> send_stream(SessionPtr session, const Response& response) {
    std::string opening = head_text(response, "Transfer-Encoding: chunked\r\n");
    const bool opened = co_await write_all(session, std::move(opening));
    if (!opened) co_return false;
    const auto work = response.stream;
    std::function<void()> writing = [this, session, work] {
      const Write write = [this, session](std::string_view chunk) {
        if (chunk.empty()) return true;
        std::promise<bool> sent;
        asio::co_spawn(io_, write_all(session, fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk)),
                       [&sent](std::exception_ptr error, bool ok) { sent.set_value(!error && ok); });
        const bool ok = sent.get_future().get();
        if (!ok) session->gone.request_stop();
        return ok;
      };
      try {
        work(write, session->gone.get_token());
      } catch (const std::exception&) {
        session->gone.request_stop();
      }
    };
    co_await on_worker(session, std::move(writing));
    if (session->gone.stop_requested() && !closing_) co_return false;
    std::string ending = "0\r\n\r\n";
    const bool ended = co_await write_all(session, std::move(ending));
    co_return ended;
  }

  asio::awaitable<void> listen_to_events(SessionPtr session, const Response& response) {
    std::string opening = head_text(response, "Cache-Control: no-store\r\nConnection: close\r\n") + ": listening\n\n";
    const bool opened = co_await write_all(session, std::move(opening));
    if (!opened) co_return;
    session->listening = true;
    ++listeners_;
    session->gone = std::stop_source();
    watch(session);
    while (!closing_ && !session->gone.stop_requested() && session->events.size() < queue_limit) {
      if (session->events.empty()) {
        session->wake.expires_after(ping_every);
        co_await session->wake.async_wait(as_result);
        if (session->events.empty() && !closing_ && !session->gone.stop_requested())
          session->events.emplace_back(": still here\n\n");
        continue;
      }
      std::string text = std::move(session->events.front());
      session->events.pop_front();
      const bool sent = co_await write_all(session, std::move(text));
      if (!sent) break;
    }
    session->listening = false;
    --listeners_;
  }

  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::thread_pool workers_;
  Handler handler_;
  std::set<SessionPtr> sessions_;
  std::optional<asio::steady_timer> last_call_;
  std::atomic<size_t> listeners_ = 0;
  int acceptor_port_ = 0;
  bool closing_ = false;
};

std::string_view find_field(const Fields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string_view Request::header(std::string_view name) const { return find_field(headers, name); }
std::string_view Request::parameter(std::string_view name) const { return find_field(query, name); }

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const std::string& host, int port, Handler handler) {
  auto server = std::make_unique<BeastServer>(std::move(handler));
  if (auto opened = server->open(host, port); !opened) return fail(opened.error());
  server->remember_port();
  return server;
}

std::string url_decode(std::string_view text, bool plus) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Fields parse_query(std::string_view query) {
  Fields fields;
  for (const std::string& pair : split(query, '&')) {
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    fields.emplace_back(url_decode(std::string_view(pair).substr(0, equals), true),
                        equals == std::string::npos ? "" : url_decode(std::string_view(pair).substr(equals + 1), true));
  }
  return fields;
}

}  // namespace rynd::server
