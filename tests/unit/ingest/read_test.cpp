// Reading ingest/*.yml: what it says as data, and every mistake at its place, all at once.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/render.h"
#include "ingest/ingest.h"
#include "spec.h"

namespace rynd::ingest {
namespace {

using Texts = std::map<std::filesystem::path, std::string>;

struct Reading {
  SimClock clock{Instant{}};
  SimFiles files;
  SimProcess process;
  SimRandom random{1};
  SimHttp http;
  World world{clock, files, process, random, http};

  explicit Reading(Texts texts, std::map<std::string, std::string> environment = {})
      : files(std::move(texts)), process(std::move(environment)) {}

  Checked<Sources> read() { return ingest::read("p", world); }
  std::string errors() {
    auto sources = read();
    return sources ? "no error" : render_text(sources.error());
  }
};

std::string errors_of(const std::string& text) { return Reading(Texts{{"p/ingest/s.yml", text}}).errors(); }

TEST(ReadSources, AFolderThatIsNotThereHasNone) {
  auto sources = Reading(Texts{}).read();
  ASSERT_TRUE(sources);
  EXPECT_TRUE(sources->all.empty());
}

TEST(ReadSources, AFlatFileSource) {
  auto sources = Reading(Texts{{"p/ingest/rides.yml",
                                "type: files\npath: data/{partition}.csv.gz\n"
                                "partition: {by: month, from: 2011-01, to: 2011-12}\non_missing: warn\n"
                                "columns: {started_at: timestamp, n: {data_type: integer, nullable: false}}\n"
                                "primary_key: started_at\nwrite_disposition: merge\non_error: quarantine\n"}})
                     .read();
  ASSERT_TRUE(sources) << render_text(sources.error());
  const Source& source = sources->all.at(0);
  EXPECT_EQ(source.name, "rides");
  EXPECT_EQ(source.schema, "raw");
  const Resource& resource = source.resources.at(0);
  EXPECT_EQ(resource.name, "rides");
  EXPECT_EQ(resource.disposition, Disposition::merge);
  EXPECT_EQ(resource.primary_key, std::vector<std::string>{"started_at"});
  EXPECT_EQ(resource.columns.at(1).type, "integer");
  EXPECT_FALSE(resource.columns.at(1).nullable);
  EXPECT_EQ(resource.partition->from, "2011-01");
  EXPECT_EQ(resource.on_error, OnError::quarantine);
  EXPECT_EQ(resource.on_missing, OnMissing::warn);
}

TEST(ReadSources, ARestSourceWithDefaultsAndParents) {
  auto sources =
      Reading(
          Texts{{"p/ingest/api.yml",
                 "type: rest\nclient: {base_url: 'http://x', paginator: {type: page_number, base_page: 1}}\n"
                 "resource_defaults: {write_disposition: merge, primary_key: id, endpoint: {params: {per_page: 5}}}\n"
                 "resources:\n  - posts\n  - name: comments\n    include_from_parent: [id]\n"
                 "    endpoint:\n      path: posts/{post_id}/comments\n"
                 "      params: {post_id: {type: resolve, resource: posts, field: id}, since: {type: incremental, "
                 "cursor_path: at}}\n"}})
          .read();
  ASSERT_TRUE(sources) << render_text(sources.error());
  const Source& source = sources->all.at(0);
  EXPECT_EQ(source.client.paginator.options.at("base_page"), "1");
  EXPECT_EQ(source.client.paginator.options.at("page_param"), "page");
  EXPECT_EQ(source.resources.at(0).endpoint.path, "posts");
  EXPECT_EQ(source.resources.at(0).endpoint.params.at(0).first, "per_page");
  const Resource& comments = source.resources.at(1);
  EXPECT_EQ(comments.parent, "posts");
  EXPECT_EQ(comments.endpoint.path, "posts/{resources.posts.id}/comments");
  EXPECT_EQ(comments.endpoint.incremental->start_param, "since");
  EXPECT_EQ(comments.disposition, Disposition::merge);
}

TEST(ReadSources, UnknownKeysNameTheNearest) {
  EXPECT_EQ(errors_of("type: files\nresources:\n  - name: a\n    path: a.csv\n    write_dispositon: append\n"),
            "error[RYND0201]: a resource has no key 'write_dispositon'\n"
            "  --> ingest/s.yml:5:5\n"
            "   |\n"
            " 5 |     write_dispositon: append\n"
            "   |     ^^^^^^^^^^^^^^^^ did you mean 'write_disposition'?\n");
}

TEST(ReadSources, AllMistakesAtOnce) {
  auto sources = Reading(Texts{{"p/ingest/a.yml", "type: fils\nresources: [{name: x}]\n"},
                               {"p/ingest/b.yml",
                                "type: rest\nclient: {base_url: 'http://x', paginator: page_numbers}\n"
                                "resources:\n  - name: x\n    write_disposition: merge\n  - name: x\n  - name: y\n"
                                "    endpoint: {path: 'a/{partition}', params: {p: '{resources.z.id}'}}\n"},
                               {"p/ingest/c.yml", "a: b: c\n"},
                               {"p/ingest/d.yml", "type: files\npath: a.csv\npartition: {by: month, from: 2011-13}\n"}})
                     .read();
  ASSERT_FALSE(sources);
  std::string codes;
  for (const auto& d : sources.error()) codes += d.span.source->name() + " " + code_text(d.code) + "\n";
  EXPECT_EQ(codes,
            "ingest/a.yml RYND0203\n"
            "ingest/b.yml RYND0203\n"
            "ingest/b.yml RYND0202\n"
            "ingest/b.yml RYND0205\n"
            "ingest/b.yml RYND0208\n"
            "ingest/b.yml RYND0206\n"
            "ingest/c.yml RYND0110\n"
            "ingest/d.yml RYND0208\n"
            "ingest/d.yml RYND0207\n")
      << render_text(sources.error());
}

TEST(ReadSources, TwoSourcesMayNotLoadOneTable) {
  std::string text = Reading(Texts{{"p/ingest/a.yml", "type: files\nresources: [{name: t, path: a.csv}]\n"},
                                   {"p/ingest/b.yml", "type: files\nresources: [{name: t, path: b.csv}]\n"}})
                         .errors();
  EXPECT_NE(text.find("two sources load the table raw.t"), std::string::npos) << text;
}

TEST(ReadSources, ValuesFromTheEnvironment) {
  Reading reading(Texts{{"p/ingest/a.yml",
                         "type: rest\nclient:\n  base_url: \"{{ env_var('HOST', 'http://localhost:1') }}\"\n  auth: "
                         "{type: bearer, token: {env: TOKEN}}\n"
                         "resources: [{name: t, endpoint: {params: {q: '${BRACES}'}}}]\n"}},
                  {{"TOKEN", "very-secret"}, {"BRACES", "a{b}"}});
  auto sources = reading.read();
  ASSERT_TRUE(sources) << render_text(sources.error());
  const Source& source = sources->all.at(0);
  EXPECT_EQ(source.client.base_url, "http://localhost:1");
  EXPECT_EQ(source.client.auth.token, "very-secret");
  EXPECT_EQ(source.resources.at(0).endpoint.params.at(0).second.text, "a{{b}}");
  ASSERT_EQ(source.secrets.size(), 2u);
  EXPECT_EQ(source.secrets.at(0).name, "TOKEN");
}

TEST(ReadSources, AnUnsetVariableIsOneError) {
  auto sources =
      Reading(Texts{{"p/ingest/a.yml", "type: rest\nclient: {base_url: '${NOT_THERE}'}\nresources: [t]\n"}}).read();
  ASSERT_FALSE(sources);
  EXPECT_EQ(sources.error().size(), 1u) << render_text(sources.error());
}

TEST(ReadSources, AnUnsetVariableIsAnError) {
  std::string text = errors_of("type: rest\nclient: {base_url: '${NOT_THERE}'}\nresources: [t]\n");
  EXPECT_NE(text.find("error[RYND0204]: the environment variable 'NOT_THERE' is not set"), std::string::npos) << text;
  EXPECT_NE(text.find("help: set it, or give a default: ${NOT_THERE:-...}"), std::string::npos) << text;
}

TEST(Manual, TellsEveryKeyOfTheSpec) {
  auto page = RealFiles().read(std::filesystem::path(RYND_SOURCE_DIR) / "docs/formats/ingest.md");
  ASSERT_TRUE(page);
  auto told = [&](std::string_view name) { return page->find("`" + std::string(name) + "`") != std::string::npos; };
  for (const auto& key : spec()) {
    EXPECT_TRUE(told(key.name) || page->find(std::string(key.name) + ":") != std::string::npos) << key.name;
  }
  for (const auto& key : paginator_keys())
    EXPECT_TRUE(key.name.empty() || told(key.name)) << key.type << " " << key.name;
}

}  // namespace
}  // namespace rynd::ingest
