// HTTP: the server on a real socket, and the router by itself.
#include "http.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "base/http.h"
#include "page/inputs.h"
#include "router.h"
#include "warehouse.h"

namespace rynd::server {
namespace {

// A server that runs until the test ends.
class Running {
 public:
  explicit Running(HttpServer::Handler handler)
      : server_(std::move(*HttpServer::listen("127.0.0.1", 0, std::move(handler)))) {
    thread_ = std::jthread([this](std::stop_token stop) { server_->run(stop); });
  }
  HttpServer& server() { return *server_; }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

HttpResponse get(const std::string& url, std::string body = {}) {
  RealHttp http;
  const Result<HttpResponse> response = http.send(
      {.method = body.empty() ? "GET" : "POST", .url = url, .body = body, .timeout = std::chrono::seconds(5)});
  return response ? *response : HttpResponse{};
}

TEST(Http, HandlesRequests) {
  Running running([](Request& request) {
    return Response{
        .status = 200,
        .type = "text/plain",
        .body = request.method + " " + request.path + " " + std::string(request.parameter("q")) + " " + request.body};
  });
  const HttpResponse answer = get(running.url("/a%20b?q=x%2By+z"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /a%20b x+y z ");
  EXPECT_EQ(answer.header("content-type"), "text/plain");
  EXPECT_EQ(get(running.url("/post"), "hello").body, "POST /post  hello");
}

TEST(Http, AnExceptionIsA500AndTheServerGoesOn) {
  std::atomic<int> calls = 0;
  Running running([&](Request&) -> Response {
    if (++calls == 1) throw std::runtime_error("secret");
    return {.body = "{}"};
  });
  const HttpResponse answer = get(running.url("/"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  EXPECT_EQ(get(running.url("/")).status, 200);
}

TEST(Http, StreamsInChunks) {
  Running running([](Request&) {
    Response response{.type = "text/plain"};
    response.stream = [](const Write& write, std::stop_token) {
      for (int i = 0; i < 1000; ++i) write("line " + std::to_string(i) + "\n");
    };
    return response;
  });
  const HttpResponse answer = get(running.url("/"));
  EXPECT_EQ(answer.body.size(), 10u * 7 + 90u * 8 + 900u * 9);
  EXPECT_TRUE(answer.body.ends_with("line 999\n"));
}

TEST(Http, AClientThatLeavesStopsTheWork) {
  std::atomic<bool> stopped = false;
  Running running([&](Request& request) {
    for (int i = 0; i < 300 && !request.gone.stop_requested(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stopped = request.gone.stop_requested();
    return Response{.body = "{}"};
  });
  RealHttp http;
  (void)http.send({.url = running.url("/"), .timeout = std::chrono::milliseconds(200)});
  for (int i = 0; i < 200 && !stopped; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(stopped);
}

TEST(Http, StopEndsListenersAndWork) {
  Running running([](Request&) { return Response{.type = "text/event-stream", .events = true}; });
  std::jthread listener([url = running.url("/")] { get(url); });
  for (int i = 0; i < 300 && running.server().listeners() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(running.server().listeners(), 1u);
  running.server().publish("data", "1");
  const auto start = std::chrono::steady_clock::now();
  running.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
  EXPECT_EQ(running.server().listeners(), 0u);
}

TEST(Http, APortThatIsTakenIsSaid) {
  Running running([](Request&) { return Response{}; });
  const auto second = HttpServer::listen("127.0.0.1", running.server().port(), [](Request&) { return Response{}; });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::port_in_use);
  EXPECT_EQ(second.error().message, "port " + std::to_string(running.server().port()) + " is taken");
  const auto nowhere = HttpServer::listen("example.org", 0, [](Request&) { return Response{}; });
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message, "'example.org' is not an IP address");
}

TEST(Http, Decodes) {
  EXPECT_EQ(url_decode("a%2Fb%zz%4", false), "a/b%zz%4");
  EXPECT_EQ(url_decode("a+b", true), "a b");
  const Fields fields = parse_query("a=1&a=2&b&=x&c=%3D");
  ASSERT_EQ(fields.size(), 5u);
  EXPECT_EQ(fields[1].second, "2");
  EXPECT_EQ(fields[4].second, "=");
}

TEST(Router, MatchesSegments) {
  const std::array routes{Route{"GET", "/api/pages"}, Route{"GET", "/api/pages/{page}"}, Route{"POST", "/api/query"}};
  EXPECT_EQ(match_route(routes, "GET", "/api/pages").route, 0u);
  const Match match = match_route(routes, "HEAD", "/api/pages/sales%2Fregions");
  EXPECT_EQ(match.route, 1u);
  EXPECT_EQ(match.captured, (std::vector<std::string>{"sales/regions"}));
  EXPECT_FALSE(match_route(routes, "GET", "/api/pages/a/b").route);
  EXPECT_FALSE(match_route(routes, "GET", "/api/pages/").route);
  EXPECT_TRUE(match_route(routes, "GET", "/api/query").other_method);
}

TEST(Warehouse, OnlyReadsAreLetThrough) {
  for (const char* sql : {"select 1", "SELECT 1;", " -- c\n(select 1)", "with a as (select 1) from a", "from t",
                          "values (1)", "explain select 1", "summarize t"}) {
    EXPECT_TRUE(check_reads_only(sql)) << sql;
  }
  for (const char* sql : {"", "-- nothing", "select 1; select 2", "drop table t", "insert into t select 1",
                          "explain analyze insert into t select 1", "copy t to 'x'", "attach 'x'", "set threads = 1",
                          "pragma x", "call x()", "install httpfs"}) {
    const Result<void> allowed = check_reads_only(sql);
    ASSERT_FALSE(allowed) << sql;
    EXPECT_EQ(allowed.error().code, Code::statement_not_allowed);
  }
}

TEST(Inputs, PresetsCountBackFromTheLastDay) {
  std::string all;
  for (const DatePreset& preset : date_presets("2023-11-15", "2024-03-31"))
    all += preset.name + ": " + preset.start + ".." + preset.end + "\n";
  EXPECT_EQ(
      all,
      "Last 7 Days: 2024-03-25..2024-03-31\nLast 30 Days: 2024-03-02..2024-03-31\nLast 90 Days: "
      "2024-01-02..2024-03-31\n"
      "Last 365 Days: 2023-11-15..2024-03-31\nLast 3 Months: 2024-01-01..2024-03-31\nLast 6 Months: "
      "2023-11-15..2024-03-31\n"
      "Last 12 Months: 2023-11-15..2024-03-31\nLast Month: 2024-02-01..2024-02-29\nLast Year: 2023-11-15..2023-12-31\n"
      "Month to Date: 2024-03-01..2024-03-31\nYear to Date: 2024-01-01..2024-03-31\nAll Time: "
      "2023-11-15..2024-03-31\n");
  EXPECT_TRUE(date_presets("", "").empty());
}

}  // namespace
}  // namespace rynd::server
