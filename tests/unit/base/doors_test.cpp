// The doors to the world: real ones against the real world, and those that tests put in their place.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "base/render.h"
#include "base/text.h"
#include "base/world.h"
#include "http_server.h"

namespace rynd {
namespace {

class Disk : public testing::Test {
 protected:
  Disk() : folder_(std::filesystem::temp_directory_path() / ("rynd-base-" + RealRandom().uuid())) {}
  ~Disk() override { std::filesystem::remove_all(folder_); }

  static std::string names(const std::vector<FileInfo>& files) {
    std::string text;
    for (const auto& file : files) text += file.path.string() + ":" + std::to_string(file.size) + " ";
    return text;
  }

  // What both kinds of disk must do.
  void behaves(Files& files) {
    EXPECT_EQ(files.read(folder_ / "a").error().code, Code::file_not_found);
    EXPECT_TRUE(files.list(folder_).empty());
    ASSERT_TRUE(files.write(folder_ / "b/c.txt", "one"));
    ASSERT_TRUE(files.write_durably(folder_ / "b/c.txt", "two!"));
    ASSERT_TRUE(files.append(folder_ / "b/d.txt", "x"));
    ASSERT_TRUE(files.append(folder_ / "b/d.txt", "y"));
    ASSERT_TRUE(files.write(folder_ / "b-a", ""));
    EXPECT_EQ(*files.read(folder_ / "b/c.txt"), "two!");
    EXPECT_EQ(*files.read(folder_ / "b/d.txt"), "xy");
    EXPECT_EQ(names(files.list(folder_)), "b-a:0 b/c.txt:4 b/d.txt:2 ");
    EXPECT_TRUE(files.exists(folder_ / "b"));
    EXPECT_TRUE(files.is_folder(folder_ / "b"));
    EXPECT_FALSE(files.is_folder(folder_ / "b-a"));
    ASSERT_TRUE(files.write_pieces(folder_ / "b/c.txt", [&](const TextSink& out) {
      out("pie");
      EXPECT_EQ(*files.read(folder_ / "b/c.txt"), "two!");  // the old one until all is there
      out("ces");
    }));
    EXPECT_EQ(*files.read(folder_ / "b/c.txt"), "pieces");
    ASSERT_TRUE(files.remove(folder_ / "b"));
    EXPECT_EQ(names(files.list(folder_)), "b-a:0 ");
    ASSERT_TRUE(files.make_folder(folder_ / "e"));
    EXPECT_TRUE(files.is_folder(folder_ / "e"));
  }

  std::filesystem::path folder_;
};

TEST_F(Disk, Real) {
  RealFiles files;
  behaves(files);
  // Nothing is left beside a written file, and a link back up does not end the world.
  std::filesystem::create_directory_symlink(folder_, folder_ / "e/loop");
  EXPECT_EQ(names(files.list(folder_)), "b-a:0 ");
  EXPECT_EQ(files.write(folder_ / "b-a/x", "").error().code, Code::file_unwritable);
  EXPECT_EQ(files.write_pieces(folder_ / "b-a/x", [](const TextSink& out) { out("x"); }).error().code,
            Code::file_unwritable);
  EXPECT_EQ(files.read(folder_).error().code, Code::file_unreadable);
}

TEST_F(Disk, Sim) {
  SimFiles files;
  behaves(files);
  files.fail_next_write(folder_ / "f");
  EXPECT_EQ(files.write(folder_ / "f", "1").error().code, Code::file_unwritable);
  EXPECT_TRUE(files.write(folder_ / "f", "1"));
}

TEST(ProcessDoor, RunsToTheEndWithInputOutputAndExitCode) {
  RealProcess process;
  auto done = process.run({.arguments = {"sh", "-c", "cat; echo $EXTRA >&2; pwd; exit 3"},
                           .folder = "/",
                           .environment = {{"EXTRA", "e"}},
                           .input = "in"});
  ASSERT_TRUE(done) << render_text(done.error());
  EXPECT_EQ(done->exit_code, 3);
  EXPECT_EQ(done->output, "in/\n");
  EXPECT_EQ(done->errors, "e\n");
  std::string large(3'000'000, 'x');
  EXPECT_EQ(process.run({.arguments = {"cat"}, .input = large})->output, large);
  EXPECT_EQ(process.run({.arguments = {"true"}, .input = large})->exit_code, 0);
  EXPECT_EQ(process.run({.arguments = {"sh", "-c", "kill -9 $$"}})->exit_code, 137);
}

TEST(ProcessDoor, IsTalkedWith) {
  RealProcess process;
  std::vector<std::string> heard, errors;
  Command command{.arguments = {"sh", "-c", "while read line; do echo \"got $line\"; echo err >&2; done"},
                  .input = "one\n"};
  command.on_output = [&](std::string_view line) -> std::optional<std::string> {
    heard.emplace_back(line);
    return heard.size() < 3 ? std::optional<std::string>("more\n") : std::nullopt;
  };
  command.on_errors = [&](std::string_view line) { errors.emplace_back(line); };
  auto done = process.run(command);
  ASSERT_TRUE(done) << render_text(done.error());
  EXPECT_EQ(heard, (std::vector<std::string>{"got one", "got more", "got more"}));
  EXPECT_GE(errors.size(), 2u);  // the last may come after the talk has ended
  EXPECT_EQ(errors[0], "err");
  EXPECT_EQ(done->output, "");

  // One that says goodbye first; what it left behind does not hold the talk up.
  command.arguments = {"sh", "-c", "sleep 60 & echo last >&2; echo bye"};
  command.on_output = [&](std::string_view) { return std::nullopt; };
  errors.clear();
  ASSERT_TRUE(process.run(command));
  EXPECT_EQ(errors, (std::vector<std::string>{"last"}));
}

TEST(ProcessDoor, WhatCannotBeStartedOrLastsTooLong) {
  RealProcess process;
  const Diagnostic missing = process.run({.arguments = {"no-such-program"}}).error();
  EXPECT_EQ(missing.code, Code::process_failed);
  EXPECT_EQ(missing.message, "the program 'no-such-program' cannot be started: No such file or directory");
  EXPECT_EQ(process.run({.arguments = {"sleep", "9"}, .timeout = std::chrono::milliseconds(50)}).error().message,
            "the program 'sleep' did not end in 50 ms");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(process.run({.arguments = {"sleep", "9"}}, stop.get_token()).error().message,
            "the program 'sleep' was stopped");
}

TEST(HttpDoor, HeadersBodiesAndRedirects) {
  HttpServer server([](const Asked& asked) {
    if (asked.target == "/from") return HttpServer::reply("", "Location: /to\r\nX-Old: 1\r\n", "302 Found");
    if (asked.target == "/missing") return HttpServer::reply("no", "", "404 Not Found");
    return HttpServer::reply(asked.method + " " + asked.body, "X-New: a: b\r\n");
  });
  RealHttp http;
  auto moved = http.send({.url = server.url("/from")});
  ASSERT_TRUE(moved) << render_text(moved.error());
  EXPECT_EQ(moved->status, 200);
  EXPECT_EQ(moved->url, server.url("/to"));
  EXPECT_EQ(moved->header("x-new"), "a: b");
  EXPECT_EQ(moved->header("x-old"), "");
  EXPECT_EQ(http.send({.url = server.url("/missing")})->status, 404);
  auto posted = http.send({.method = "POST", .url = server.url("/x"), .headers = {{"X-Mine", "yes"}}, .body = "data"});
  EXPECT_EQ(posted->body, "POST data");
  EXPECT_NE(server.asked().back().head.find("X-Mine: yes"), std::string::npos);
}

TEST(HttpDoor, DecodesAndLimitsBodies) {
  // "hello" as gzip.
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00", 25);
  HttpServer server([&](const Asked& asked) {
    if (asked.target == "/broken") return HttpServer::reply("not gzip", "Content-Encoding: gzip\r\n");
    return HttpServer::reply(gzip, "Content-Encoding: gzip\r\n");
  });
  RealHttp http;
  EXPECT_EQ(http.send({.url = server.url("/x")})->body, "hello");
  EXPECT_EQ(http.send({.url = server.url("/broken")}).error().code, Code::http_broken);
  EXPECT_NE(http.send({.url = server.url("/x"), .max_body = 3}).error().message.find("is larger than 3 bytes"),
            std::string::npos);
}

TEST(HttpDoor, FailuresSayWhatAndHideSecrets) {
  HttpServer server([](const Asked& asked) -> std::string {
    if (asked.target == "/slow") {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      return HttpServer::reply("late");
    }
    return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort";
  });
  RealHttp http;
  auto message = [&](const HttpRequest& request) {
    auto response = http.send(request);
    return response ? "no error" : code_text(response.error().code) + " " + response.error().message;
  };
  EXPECT_EQ(message({.url = "http://user:secret@127.0.0.1:1/p?token=secret"}),
            "RYND0140 cannot reach 'http://127.0.0.1:1/p?token=...' (Connection refused)");
  EXPECT_EQ(message({.url = "http://no-such-host.invalid/"}),
            "RYND0140 cannot reach 'http://no-such-host.invalid/' (the host 'no-such-host.invalid' is not known)");
  EXPECT_EQ(message({.url = "ftp://x/y"}), "RYND0144 the address 'ftp://x/y' is no http or https URL");
  EXPECT_EQ(message({.url = server.url("/cut")}),
            "RYND0143 the answer of '" + server.url("/cut") + "' broke off before its end");
  EXPECT_EQ(message({.url = server.url("/slow"), .timeout = std::chrono::milliseconds(100)}),
            "RYND0142 no whole answer from '" + server.url("/slow") + "' within 100 ms");
}

TEST(HttpDoor, AStopEndsARequestAtOnce) {
  std::atomic<bool> answer = false;
  HttpServer server([&](const Asked&) {
    while (!answer) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return HttpServer::reply("x");
  });
  RealHttp http;
  std::stop_source stop;
  auto began = std::chrono::steady_clock::now();
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  auto response = http.send({.url = server.url("/x")}, stop.get_token());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  ASSERT_FALSE(response);
  EXPECT_NE(response.error().message.find("was stopped"), std::string::npos);
  answer = true;
}

TEST_F(Disk, DownloadsWholeOrNotAtAll) {
  HttpServer server([](const Asked& asked) -> std::string {
    if (asked.target == "/cut") return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort";
    if (asked.target == "/gone") return HttpServer::reply("why", "", "410 Gone");
    return HttpServer::reply("bytes");
  });
  std::filesystem::create_directories(folder_);
  RealHttp http;
  RealFiles files;
  auto response = http.download({.url = server.url("/x")}, folder_ / "x");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(*files.read(folder_ / "x"), "bytes");
  EXPECT_FALSE(http.download({.url = server.url("/cut")}, folder_ / "cut"));
  auto gone = http.download({.url = server.url("/gone")}, folder_ / "gone");
  EXPECT_EQ(gone->status, 410);
  EXPECT_EQ(gone->body, "why");
  EXPECT_EQ(names(files.list(folder_)), "x:5 ");
}

TEST(HttpDoor, SimAnswersByItsScript) {
  SimHttp http;
  http.answer("http://h/a", {.status = 503});
  http.answer("http://h/a", {.status = 200, .body = "b"});
  EXPECT_EQ(http.send({.url = "http://h/a"})->status, 503);
  EXPECT_EQ(http.send({.url = "http://h/a"})->body, "b");
  EXPECT_EQ(http.send({.url = "http://h/a"})->body, "b");
  EXPECT_FALSE(http.send({.url = "http://h/c"}));
  EXPECT_EQ(http.requests().size(), 4u);
}

TEST(Urls, ArePrintedWithoutSecrets) {
  EXPECT_EQ(printable_url("https://u:p@h/x?a=1&b&c=#f"), "https://h/x?a=...&b&c=...");
  EXPECT_EQ(printable_url("https://h"), "https://h");
  EXPECT_EQ(printable_url("https://h/a@b"), "https://h/a@b");
  EXPECT_EQ(url_encode("a b/ü~"), "a%20b%2F%C3%BC~");
}

TEST(ClockDoor, SimMovesOnlyWhenTold) {
  SimClock clock(Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)));
  EXPECT_EQ(iso8601(clock.now()), "2026-11-21T00:00:00.000000Z");
  EXPECT_TRUE(clock.sleep(std::chrono::milliseconds(1500)));
  EXPECT_EQ(iso8601(clock.now()), "2026-11-21T00:00:01.500000Z");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(clock.sleep(std::chrono::hours(1), stop.get_token()));
  EXPECT_FALSE(RealClock().sleep(std::chrono::hours(1), stop.get_token()));
}

TEST(RandomDoor, SimRepeatsAndUuidsAreOfVersionFour) {
  SimRandom a(5), b(5);
  EXPECT_EQ(a.uuid(), b.uuid());
  std::string uuid = RealRandom().uuid();
  EXPECT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_NE(RealRandom().uuid(), uuid);
  for (int i = 0; i < 100; ++i) {
    double value = a.uniform();
    EXPECT_TRUE(value >= 0 && value < 1);
  }
}

}  // namespace
}  // namespace rynd
