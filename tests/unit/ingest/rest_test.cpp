// Loading over REST from a real server: paging, cursors, parents, retries, and answers that are not what they should
// be.
#include "http_server.h"
#include "loading.h"
#include "pagination.h"
#include "request.h"
#include "time_text.h"

namespace rynd::ingest {
namespace {

std::string parameter(const Asked& asked, const std::string& name) {
  size_t at = std::min(asked.target.find("?" + name + "="), asked.target.find("&" + name + "="));
  if (at == std::string::npos) return "";
  size_t begin = at + name.size() + 2;
  return asked.target.substr(begin, asked.target.find('&', begin) - begin);
}

// Rows of ids [from, to) as JSON.
std::string ids(int from, int to) {
  std::string text = "[";
  for (int i = from; i < to; ++i) text += std::string(i > from ? ", " : "") + "{\"id\": " + std::to_string(i) + "}";
  return text + "]";
}

class Rest : public Loading {
 protected:
  // One resource 't' with this endpoint; `more` are further keys of it.
  void source(const HttpServer& server, const std::string& endpoint, const std::string& more = "",
              const std::string& client = "") {
    write("ingest/api.yml", "type: rest\nclient:\n  base_url: " + server.url() + "\n" + client +
                                "resources:\n  - name: t\n    endpoint: " + endpoint + "\n" + more);
  }
};

TEST_F(Rest, PageNumbers) {
  HttpServer server([](const Asked& asked) {
    int page = std::stoi(parameter(asked, "page"));
    return HttpServer::reply("{\"data\": " + ids(page * 2, std::min(5, page * 2 + 2)) +
                             ", \"pages\": 3, \"total\": 5}");
  });
  source(server,
         "{path: v1/things, params: {per_page: 2, tag: [a, b]}, paginator: {type: page_number, total_path: pages}}");
  EXPECT_EQ(run_one(), "5 rows, 0 quarantined");
  auto asked = server.asked();
  ASSERT_EQ(asked.size(), 3u);
  EXPECT_EQ(asked[0].target, "/v1/things?per_page=2&tag=a&tag=b&page=0");
  EXPECT_EQ(rows("SELECT count(*), sum(id) FROM raw.t"), "5|10\n");
}

TEST_F(Rest, PageNumbersStopAfterAnEmptyPage) {
  HttpServer server(
      [](const Asked& asked) { return HttpServer::reply(parameter(asked, "p") < "3" ? "[{\"id\": 1}]" : "[]"); });
  source(server, "{path: x, paginator: {type: page_number, base_page: 1, page_param: p, total_path: null}}");
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined");
  EXPECT_EQ(server.asked().size(), 3u);
}

TEST_F(Rest, OffsetsByParameterAndInTheBody) {
  HttpServer server([](const Asked& asked) {
    size_t at = asked.body.find("\"from\": ");
    int offset = std::stoi(at == std::string::npos ? parameter(asked, "offset") : asked.body.substr(at + 8));
    return HttpServer::reply("{\"items\": " + ids(offset, std::min(7, offset + 3)) + ", \"total\": 7}");
  });
  source(server, "{path: x, paginator: {type: offset, limit: 3}}");
  EXPECT_EQ(run_one(), "7 rows, 0 quarantined");
  EXPECT_EQ(server.asked()[1].target, "/x?offset=3&limit=3");
  source(server,
         "{path: x, method: POST, json: {q: {all: true}}, paginator: {type: offset, limit: 3, offset_body_path: "
         "page.from, "
         "limit_body_path: page.size}}",
         "    write_disposition: replace\n");
  EXPECT_EQ(run_one(), "7 rows, 0 quarantined");
  EXPECT_EQ(server.asked().back().body, R"({"q": {"all": true}, "page": {"from": 6, "size": 3}})");
}

TEST_F(Rest, CursorsAndLinks) {
  std::string base;
  HttpServer server([&](const Asked& asked) {
    bool second = asked.target.find("2") != std::string::npos;
    std::string items = second ? "[{\"id\": 2}]" : "[{\"id\": 1}]";
    std::string link =
        second ? "Link: </first>; rel=\"first\"\r\n" : "Link: </first>; rel=\"first\", </h?page=2>; rel=\"next\"\r\n";
    std::string next = second ? "null" : "\"/j?page=2\"";
    return HttpServer::reply("{\"data\": " + items + ", \"cursors\": {\"next\": " + (second ? "null" : "\"c2\"") +
                                 "}, \"next\": " + next + "}",
                             (asked.target[1] == 'h' ? link : "") + (second ? "" : "Next-Page: t2\r\n"));
  });
  const std::vector<std::string> endpoints{
      "{path: c, paginator: cursor}",
      "{path: k, paginator: {type: header_cursor, cursor_key: Next-Page, cursor_param: after}}",
      "{path: h, paginator: header_link}",
      "{path: j, paginator: json_link}",
      "{path: h}",
      "{path: j}"};
  for (const auto& endpoint : endpoints) {
    source(server, endpoint, "    write_disposition: replace\n");
    EXPECT_EQ(run_one(), "2 rows, 0 quarantined") << endpoint;
    EXPECT_EQ(rows("SELECT sum(id) FROM raw.t"), "3\n") << endpoint;
  }
  auto asked = server.asked();
  EXPECT_EQ(asked[1].target, "/c?cursor=c2");
  EXPECT_EQ(asked[3].target, "/k?after=t2");
  EXPECT_EQ(asked[5].target, "/h?page=2");
}

TEST_F(Rest, ACursorThatComesTwiceEndsTheLoad) {
  HttpServer server([](const Asked&) { return HttpServer::reply("{\"data\": [{\"id\": 1}], \"next\": \"same\"}"); });
  source(server, "{path: x, paginator: {type: cursor, cursor_path: next}}");
  EXPECT_NE(run_one().find("error[RYND0215]: the API gives the same cursor a second time"), std::string::npos)
      << told(reports_[0]);
  EXPECT_EQ(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 't'"), "0\n");
}

TEST_F(Rest, AnIncrementalAsksForWhatIsNewAndDoublesNothing) {
  std::string data = R"([{"id": 1, "at": "2011-01-01T00:00:00"}, {"id": 2, "at": "2011-01-02T00:00:00"}])";
  HttpServer server([&](const Asked&) { return HttpServer::reply(data); });
  source(server, "{path: x, incremental: {cursor_path: at, initial_value: '2010-01-01T00:00:00', start_param: since}}");
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined");
  EXPECT_EQ(parameter(server.asked()[0], "since"), "2010-01-01T00%3A00%3A00");
  data =
      R"([{"id": 2, "at": "2011-01-02T00:00:00"}, {"id": 3, "at": "2011-01-02T00:00:00"}, {"id": 4, "at": "2011-01-03T00:00:00"}])";
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined");
  EXPECT_EQ(parameter(server.asked()[1], "since"), "2011-01-02T00%3A00%3A00");
  EXPECT_EQ(rows("SELECT string_agg(id, ',' ORDER BY id) FROM raw.t"), "1,2,3,4\n");
  EXPECT_EQ(
      rows("SELECT state FROM raw._dlt_pipeline_state WHERE pipeline_name = 'api.t'"),
      R"({"resources": {"t": {"incremental": {"at": {"initial_value": "2010-01-01T00:00:00", "last_value": "2011-01-03T00:00:00"}}}}})"
      "\n");
  data = "[]";
  EXPECT_EQ(run_one(), "0 rows, 0 quarantined");
  EXPECT_EQ(parameter(server.asked()[2], "since"), "2011-01-03T00%3A00%3A00");
  run_one();
  EXPECT_EQ(parameter(server.asked()[3], "since"), "2011-01-03T00%3A00%3A00");
}

TEST_F(Rest, AMergedIncrementalWithALag) {
  std::string data = R"([{"id": 1, "at": "2011-01-05", "v": "old"}, {"id": 2, "at": "2011-01-06", "v": "x"}])";
  HttpServer server([&](const Asked&) { return HttpServer::reply(data); });
  source(server,
         "{path: 'x/{incremental.start_value}', incremental: {cursor_path: at, initial_value: '2011-01-01', lag: 3}}",
         "    primary_key: id\n    write_disposition: merge\n");
  EXPECT_EQ(run_one(), "2 rows, 0 quarantined");
  data = R"([{"id": 1, "at": "2011-01-05", "v": "new"}])";
  EXPECT_EQ(run_one(), "1 rows, 0 quarantined");
  EXPECT_EQ(server.asked()[0].target, "/x/2011-01-01");
  EXPECT_EQ(server.asked()[1].target, "/x/2011-01-03");
  EXPECT_EQ(rows("SELECT id, v FROM raw.t ORDER BY id"), "1|new\n2|x\n");
}

TEST_F(Rest, ARowWithoutTheCursorIsAnErrorUnlessSaid) {
  HttpServer server([](const Asked&) { return HttpServer::reply(R"([{"id": 1, "at": 5}, {"id": 2}])"); });
  source(server, "{path: x, incremental: {cursor_path: at}}");
  EXPECT_NE(run_one().find("error[RYND0216]: a row of 't' has no 'at'"), std::string::npos) << told(reports_[0]);
  source(server, "{path: x, incremental: {cursor_path: at, on_cursor_value_missing: exclude}}");
  EXPECT_EQ(run_one(), "1 rows, 0 quarantined");
}

TEST_F(Rest, ChildrenAreAskedForRowByRowOfTheirParent) {
  std::string posts = R"([{"id": 1, "title": "a/b"}, {"id": 2, "title": "c"}])";
  HttpServer server([&](const Asked& asked) {
    if (asked.target == "/posts") return HttpServer::reply(posts);
    std::string id = asked.target.substr(7, asked.target.find('/', 7) - 7);
    return HttpServer::reply(R"({"comments": [{"text": "on )" + id + "\"}]}");
  });
  write("ingest/api.yml",
        "type: rest\nclient: {base_url: " + server.url() +
            "}\nresources:\n"
            "  - name: comments\n    include_from_parent: [id, title]\n    endpoint:\n      path: "
            "posts/{post_id}/comments\n"
            "      params: {post_id: {type: resolve, resource: posts, field: id}, t: '{resources.posts.title}'}\n"
            "  - {name: posts, primary_key: id, write_disposition: merge}\n");
  auto reports = run();
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].resource, "posts");
  EXPECT_EQ(told(reports[1]), "2 rows, 0 quarantined");
  EXPECT_EQ(rows("SELECT text, _posts_id, _posts_title FROM raw.comments ORDER BY text"), "on 1|1|a/b\non 2|2|c\n");
  EXPECT_EQ(server.asked()[1].target, "/posts/1/comments?t=a%2Fb");
  // Only rows of the parent that came since are asked for.
  posts = R"([{"id": 3, "title": "d"}])";
  run();
  EXPECT_EQ(rows("SELECT text FROM raw.comments ORDER BY text"), "on 1\non 2\non 3\n");
  EXPECT_EQ(server.asked().size(), 5u);
}

TEST_F(Rest, PartitionsOfAnApiCanBeMissing) {
  HttpServer server([](const Asked& asked) {
    if (asked.target.find("2011-02") != std::string::npos) return HttpServer::reply("gone", "", "404 Not Found");
    return HttpServer::reply("[{\"id\": 1}]");
  });
  source(server, "{path: 'day/{partition}', params: {from: '{partition.start}', to: '{partition.last}'}}",
         "    partition: {by: month, from: 2011-01, to: 2011-02}\n");
  std::string text = run_one();
  EXPECT_NE(text.find("1 rows, 0 quarantined; 2011-01 loaded; 2011-02 missing"), std::string::npos) << text;
  EXPECT_NE(text.find("error[RYND0210]"), std::string::npos) << text;
  EXPECT_EQ(server.asked()[0].target, "/day/2011-01?from=2011-01-01&to=2011-01-31");
  EXPECT_FALSE(reports_[0].ok());
}

TEST_F(Rest, TriesAgainWhereAnAnswerMayComeYet) {
  int count = 0;
  HttpServer server([&](const Asked&) -> std::string {
    switch (++count) {
      case 1:
        return HttpServer::reply("slow down", "Retry-After: 7\r\n", "429 Too Many Requests");
      case 2:
        return HttpServer::reply("", "", "503 Service Unavailable");
      case 3:
        return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\"";  // breaks off
      case 4:
        return "";  // hangs up
      default:
        return HttpServer::reply("[{\"id\": 1}]");
    }
  });
  source(server, "{path: x}");
  Instant before = clock_.now();
  EXPECT_EQ(run_one(), "1 rows, 0 quarantined");
  EXPECT_EQ(reports_[0].requests, 5);
  auto waited =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - before - std::chrono::seconds(1)).count();
  // 7 s because it says so; then 2, 4 and 8 s, each less up to half of it.
  EXPECT_GE(waited, 7000 + 7000);
  EXPECT_LE(waited, 7000 + 14000);
}

TEST_F(Rest, GivesUpAfterSoManyTriesAndLeavesNothing) {
  HttpServer server([](const Asked& asked) {
    if (parameter(asked, "page") == "0") return HttpServer::reply("[{\"id\": 1}]");
    return HttpServer::reply("{\"error\": \"out of order, token very-secret-token\"}", "", "500 Internal Server Error");
  });
  source(server, "{path: x, params: {key: '${TOKEN}'}, paginator: page_number}", "", "  request_max_attempts: 3\n");
  std::string text = run_one();
  EXPECT_NE(text.find("error[RYND0141]: '" + server.url("/x?key=...&page=...") + "' answered 500"), std::string::npos)
      << text;
  EXPECT_NE(text.find("it says: {\"error\": \"out of order, token ${TOKEN}\"}"), std::string::npos) << text;
  EXPECT_EQ(text.find("very-secret-token"), std::string::npos) << text;
  EXPECT_EQ(server.asked().size(), 4u);
  EXPECT_EQ(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 't'"), "0\n");
  EXPECT_EQ(rows("SELECT status FROM raw._rynd_partitions"), "failed\n");
}

TEST_F(Rest, AnswersThatAreNotWhatTheyShouldBe) {
  std::string body = "<html>Sorry</html>", type = "Content-Type: text/html\r\n";
  HttpServer server([&](const Asked&) { return HttpServer::reply(body, type); });
  source(server, "{path: x, data_selector: data.items}");
  std::string text = run_one();
  EXPECT_NE(text.find("error[RYND0212]: the answer of '" + server.url("/x") + "' is no JSON"), std::string::npos)
      << text;
  EXPECT_NE(text.find("it begins with: <html>Sorry</html>"), std::string::npos) << text;
  EXPECT_NE(text.find("it says it is text/html"), std::string::npos) << text;
  body = R"({"result": [], "meta": 1})";
  text = run_one();
  EXPECT_NE(text.find("error[RYND0214]: the 'data_selector' of 't' finds nothing in"), std::string::npos) << text;
  EXPECT_NE(text.find("it has: result, meta"), std::string::npos) << text;
  body = R"({"a": [1, 2], "b": [1]})";
  source(server, "{path: x, zip_arrays: true}");
  text = run_one();
  EXPECT_NE(text.find("the arrays of 't' are not equally long"), std::string::npos) << text;
  EXPECT_NE(text.find("'a' has 2 values, 'b' has 1"), std::string::npos) << text;
}

TEST_F(Rest, AHostThatCannotBeReached) {
  write("ingest/api.yml",
        "type: rest\nclient: {base_url: 'http://127.0.0.1:1', request_max_attempts: 2}\nresources: [t]\n");
  EXPECT_EQ(run_one(),
            "0 rows, 0 quarantined\n"
            "error[RYND0140]: cannot reach 'http://127.0.0.1:1/t' (Connection refused)\n"
            "  --> ingest/api.yml:3:13\n"
            "   |\n"
            " 3 | resources: [t]\n"
            "   |             ^\n"
            "   = tried 2 times\n");
}

TEST_F(Rest, WhatIsNoUrlIsNotTriedAgain) {
  write("ingest/api.yml", "type: rest\nclient: {base_url: 'nowhere at all'}\nresources: [t]\n");
  EXPECT_NE(run_one().find("error[RYND0144]"), std::string::npos) << told(reports_[0]);
  EXPECT_EQ(reports_[0].requests, 0);
}

TEST_F(Rest, Authentication) {
  HttpServer server([](const Asked& asked) {
    if (asked.target == "/token") return HttpServer::reply(R"({"access_token": "tok", "expires_in": 3600})");
    return HttpServer::reply("[{\"id\": 1}]");
  });
  auto head_with = [&](const std::string& auth) {
    source(server, "{path: x}", "    write_disposition: replace\n", "  auth: " + auth + "\n");
    EXPECT_EQ(run_one(), "1 rows, 0 quarantined");
    return server.asked().back();
  };
  EXPECT_NE(head_with("{type: bearer, token: abc}").head.find("Authorization: Bearer abc"), std::string::npos);
  EXPECT_NE(head_with("{type: http_basic, username: u, password: pw}").head.find("Authorization: Basic dTpwdw=="),
            std::string::npos);
  EXPECT_NE(head_with("{type: api_key, name: X-Key, api_key: k}").head.find("X-Key: k"), std::string::npos);
  EXPECT_EQ(head_with("{type: api_key, name: key, api_key: 'a b', location: query}").target, "/x?key=a%20b");
  auto asked = head_with("{type: oauth2_client_credentials, access_token_url: '" + server.url("/token") +
                         "', client_id: i, client_secret: s}");
  EXPECT_NE(asked.head.find("Authorization: Bearer tok"), std::string::npos);
  auto all = server.asked();
  EXPECT_EQ(all[all.size() - 2].body, "grant_type=client_credentials&client_id=i&client_secret=s");
}

TEST_F(Rest, IgnoredAnswersAndDownloads) {
  std::string csv = "id,n\n1,2\n";
  HttpServer server([&](const Asked& asked) {
    if (asked.target == "/data.csv") return HttpServer::reply(csv, "Content-Type: text/csv\r\n");
    return HttpServer::reply("nothing here", "", "404 Not Found");
  });
  source(server, "{path: x, response_actions: [{status_code: 404, action: ignore}]}");
  EXPECT_EQ(run_one(), "0 rows, 0 quarantined");
  std::filesystem::remove(folder_ / "ingest/api.yml");
  write("ingest/f.yml", "type: files\nresources:\n  - {name: a, path: '" + server.url("/data.csv") +
                            "'}\n  - {name: b, path: '" + server.url("/gone.csv") + "', on_missing: warn}\n");
  auto reports = run();
  EXPECT_EQ(told(reports.at(0)), "1 rows, 0 quarantined; " + server.url("/data.csv") + " loaded");
  EXPECT_TRUE(reports.at(1).ok());
  EXPECT_EQ(reports.at(1).problems.at(0).message, "'" + server.url("/gone.csv") + "' is not there");
  EXPECT_EQ(rows("SELECT id, n FROM raw.a"), "1|2\n");
}

TEST(Links, AreResolvedAndFound) {
  EXPECT_EQ(resolve_url("http://h:1/a/b?x=1", "/c"), "http://h:1/c");
  EXPECT_EQ(resolve_url("http://h:1/a/b?x=1", "c?y=2"), "http://h:1/a/c?y=2");
  EXPECT_EQ(resolve_url("http://h:1/a/b?x=1", "?y=2"), "http://h:1/a/b?y=2");
  EXPECT_EQ(resolve_url("https://h", "//g/x"), "https://g/x");
  EXPECT_EQ(resolve_url("https://h", "x"), "https://h/x");
  EXPECT_EQ(link_with_relation("<http://a,b>; title=\"x, y\"; rel=\"prev\", <http://c>; rel=\"last next\"", "next"),
            "http://c");
  EXPECT_EQ(link_with_relation("garbage", "next"), "");
}

TEST(RetryAfter, SecondsAndDates) {
  Instant now = std::chrono::sys_days(std::chrono::year(2015) / 10 / 21) + std::chrono::hours(7);
  EXPECT_EQ(retry_after("120", now), std::chrono::seconds(120));
  EXPECT_EQ(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now), std::chrono::minutes(28));
  EXPECT_EQ(retry_after("Wed, 21 Oct 2015 06:28:00 GMT", now), std::chrono::seconds(0));
  EXPECT_EQ(retry_after("soon", now), std::nullopt);
}

TEST(TimeText, OnlyWhatExistsIsATime) {
  EXPECT_EQ(time_kind("2011-02-28"), TimeKind::date);
  EXPECT_EQ(time_kind("2011-02-29"), TimeKind::none);
  EXPECT_EQ(time_kind("2011-02-28T05:00"), TimeKind::timestamp);
  EXPECT_EQ(time_kind("2011-02-28 05:00:01.25"), TimeKind::timestamp);
  EXPECT_EQ(time_kind("2011-02-28T05:00:01Z"), TimeKind::timestamp_tz);
  EXPECT_EQ(time_kind("2011-02-28T05:00:01+05:30"), TimeKind::timestamp_tz);
  EXPECT_EQ(time_kind("2011-02-28T25:00"), TimeKind::none);
  EXPECT_EQ(time_kind("2011-02-28x"), TimeKind::none);
}

}  // namespace
}  // namespace rynd::ingest
