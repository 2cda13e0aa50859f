// HttpServer: a real HTTP server on this machine whose answers a test writes down byte by byte.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rynd {

struct Asked {
  std::string method, target, head, body;  // target: path and query
};

class HttpServer {
 public:
  // The whole answer, head and body, as it goes over the wire; the connection is closed behind it.
  using Answer = std::function<std::string(const Asked&)>;

  explicit HttpServer(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string url(const std::string& path = "") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  std::vector<Asked> asked() const {
    std::scoped_lock lock(mutex_);
    return asked_;
  }

  static std::string reply(const std::string& body, const std::string& headers = "Content-Type: application/json\r\n",
                           const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           headers + "\r\n" + body;
  }

 private:
  void serve() {
    while (!ending_) {
      int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) continue;
      Asked asked = read(connection);
      {
        std::scoped_lock lock(mutex_);
        asked_.push_back(asked);
      }
      std::string text = answer_(asked);
      for (size_t sent = 0; sent < text.size();) {
        ssize_t more = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (more <= 0) break;
        sent += static_cast<size_t>(more);
      }
      ::close(connection);
    }
  }

  static Asked read(int connection) {
    std::string text;
    char buffer[4096];
    size_t end = std::string::npos;
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
      ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
      if (got <= 0) return {};
      text.append(buffer, static_cast<size_t>(got));
    }
    Asked asked;
    asked.head = text.substr(0, end);
    asked.body = text.substr(end + 4);
    size_t length = asked.head.find("Content-Length: ");
    size_t expected = length == std::string::npos ? 0 : std::stoul(asked.head.substr(length + 16));
    while (asked.body.size() < expected) {
      ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      asked.body.append(buffer, static_cast<size_t>(got));
    }
    size_t space = asked.head.find(' ');
    asked.method = asked.head.substr(0, space);
    asked.target = asked.head.substr(space + 1, asked.head.find(' ', space + 1) - space - 1);
    return asked;
  }

  Answer answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  std::thread thread_;
};

}  // namespace rynd
