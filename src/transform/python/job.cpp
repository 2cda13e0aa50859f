// Job: see the header.
#include "python/job.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "embedded_python.h"
#include "python/exchange.h"
#include "python/failure.h"
#include "sql/quote.h"
#include "sql/tokens.h"

namespace rynd::transform {

namespace {

namespace fs = std::filesystem;
using project::Resource;

std::string_view worker() { return embedded_python().front().bytes; }

Node texts(const std::vector<std::string>& list) {
  Node result = Node::list();
  for (const auto& text : list) result.items.push_back(Node::of(text));
  return result;
}

// "database"."schema"."name" in its parts, missing ones empty; nothing for a call, a file's name, a query.
std::optional<std::array<std::string, 3>> parts_of(std::string_view name) {
  std::vector<std::string> parts;
  const auto tokens = sql::tokenize(name);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool odd = i % 2 == 1;
    const std::string_view text = tokens[i].text(name);
    if (odd ? text != "." : tokens[i].kind != sql::TokenKind::word && tokens[i].kind != sql::TokenKind::quoted_name)
      return {};
    if (odd) continue;
    const bool quoted = tokens[i].kind == sql::TokenKind::quoted_name;
    parts.push_back(quoted ? replace_all(text.substr(1, text.size() - 2), "\"\"", "\"") : std::string(text));
  }
  if (parts.empty() || parts.size() > 3 || tokens.size() % 2 == 0) return {};
  while (parts.size() < 3) parts.insert(parts.begin(), parts.size() == 1 ? "main" : "");
  return std::array{parts[0], parts[1], parts[2]};
}

// Removed with all in it.
class Folder {
 public:
  Folder(Files& files, fs::path path) : files_(files), path_(std::move(path)) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { (void)files_.remove(path_); }
  const fs::path& path() const { return path_; }

 private:
  Files& files_;
  fs::path path_;
};

class Job {
 public:
  Job(RunContext& context, const std::string& code)
      : context_(context),
        session_(context.session()),
        world_(context.parts().world),
        resource_(*context.node()),
        code_(code),
        path_(context.absolute_path(resource_)),
        folder_(world_.files,
                fs::absolute(context.project().dir / context.project().root().settings.target_path / "python" /
                             fmt::format("{}-{:016x}", resource_.alias, world_.random.next()))) {}

  Result<Response> run() {
    if (auto written = world_.files.write(folder_.path() / "worker.py", worker()); !written)
      return std::unexpected(written.error());
    Command command;
    const std::string python = world_.process.environment("RYND_PYTHON").value_or("python3");
    command.arguments = {python, "-u", (folder_.path() / "worker.py").string()};
    command.folder = fs::absolute(context_.project().dir);
    command.input = json::write(task()) + "\n";
    command.timeout = std::chrono::hours(24 * 365);
    command.on_output = [this](std::string_view line) { return answer(line); };
    command.on_errors = [this](std::string_view line) { print(line); };
    auto finished = [&] {
      const auto others_go_on = session_.waiting();
      return world_.process.run(command, session_.stop());
    }();
    if (failure_) return fail(std::move(*failure_));
    if (!finished) return fail(not_started(python, std::move(finished.error())));
    if (done_) return Response{};
    return fail({.code = Code::python_failed,
                 .message = fmt::format("model '{}' failed: {} ended with {} before the model had returned",
                                        resource_.name, python, finished->exit_code),
                 .span = resource_.name_span,
                 .help = finished->exit_code == 137 ? "137 is what is left of a process that was killed: was there "
                                                      "memory enough?"
                                                    : ""});
  }

 private:
  // What the worker must know.
  Node task() {
    Node node = Node::map();
    const auto& profile = context_.project().profile;
    const Span& span = resource_.span;
    node.set("module", Node::of(resource_.unique_id));
    node.set("path", Node::of(path_));
    node.set("code", Node::of(code_));
    node.set("lines_before", Node::of(static_cast<int64_t>(span.source->position(span.begin).line - 1)));
    node.set("database", Node::of(context_.parts().database.name()));
    node.set("packages", texts(resource_.config.texts("packages")));
    Node settings = Node::list(), extensions = Node::list(), paths = Node::list();
    if (const Node* given = profile.credentials.find("settings"); given && given->is_mapping()) {
      for (const Entry& setting : given->entries) settings.items.push_back(texts({setting.key, setting.value.text}));
    }
    if (const Node* given = profile.credentials.find("extensions")) {
      for (const Node& extension : given->items)
        extensions.items.push_back(extension.is_mapping() && extension.find("name") ? *extension.find("name")
                                                                                    : extension);
    }
    if (const Node* given = profile.credentials.find("module_paths")) {
      for (const Node& path : given->items)
        paths.items.push_back(Node::of(fs::absolute(context_.project().dir / path.text).lexically_normal().string()));
    }
    node.set("settings", std::move(settings));
    node.set("extensions", std::move(extensions));
    node.set("module_paths", std::move(paths));
    node.set("load", texts(tables_named()));
    return node;
  }

  // dbt.this is a name, which the model puts into SQL of its own: where there is such a table, it is there for it.
  std::vector<std::string> tables_named() {
    const auto name = project::relation_name(resource_, context_.project().root().settings.quoting);
    const bool there = session_.cache().find(name.database, name.schema, name.identifier).has_value();
    return there && resource_.raw_code.find(".this") != std::string::npos ? std::vector{name.render()}
                                                                          : std::vector<std::string>();
  }

  std::optional<std::string> answer(std::string_view line) {
    auto message = json::read(make_source("<python>", std::string(line)));
    if (!message || !message->root.is_mapping() || message->root.entries.empty()) {
      failure_ =
          Diagnostic{.code = Code::internal, .message = "the worker of a model in Python said: " + std::string(line)};
      return std::nullopt;
    }
    const Node& root = message->root;
    const std::string& what = root.entries[0].key;
    const Node& subject = root.entries[0].value;
    if (what == "failed") {
      const Node* of_warehouse = subject.find("warehouse");
      if (!of_warehouse || !failure_) failure_ = python_failure(subject, resource_, path_);
      return std::nullopt;
    }
    if (what == "done") {
      failure_.reset();
      done_ = true;
      return std::nullopt;
    }
    auto reply = what == "load"         ? load(subject.text)
                 : what == "register"   ? register_table(subject.text, root)
                 : what == "written"    ? read_back(subject.text)
                 : what == "unregister" ? execute("drop view if exists temp." + sql::identifier(subject.text))
                                        : execute(subject.text);
    if (!reply) {
      Node error = Node::map();
      error.set("error", Node::of(reply.error().message));
      failure_ = std::move(reply.error());
      reply = std::move(error);
    }
    return json::write(*reply) + "\n";
  }

  // A table of the warehouse as a file, and the query that reads it.
  Result<Node> load(const std::string& name) {
    auto columns = session_.describe("select * from " + name);
    if (!columns) return std::unexpected(columns.error());
    const std::string file = (folder_.path() / fmt::format("{}.parquet", files_++)).string();
    auto written = session_.run(fmt::format("copy (select {} from {}) to {} (format parquet)",
                                            select_list_for_file(*columns), name, sql::literal(file)),
                                false, false);
    if (!written) return std::unexpected(written.error());
    auto there = session_.describe(select_from_file(file));
    if (!there) return std::unexpected(there.error());
    Node relation = Node::list();
    const std::array unnamed{std::string(), std::string("main"), fmt::format("__dbt_python_input_{}", files_)};
    for (const auto& part : parts_of(name).value_or(unnamed)) relation.items.push_back(Node::of(part));
    Node reply = Node::map();
    reply.set("relation", std::move(relation));
    reply.set("select", Node::of(select_from_file(file, *columns, *there)));
    reply.set("plain", Node::of(select_from_file(file)));
    return reply;
  }

  // Where a table that the model made is to be written, and how.
  Result<Node> register_table(const std::string& name, const Node& message) {
    Table table{.file = (folder_.path() / fmt::format("{}.parquet", files_++)).string()};
    if (const Node* columns = message.find("columns")) {
      for (const Node& column : columns->items) {
        if (column.items.size() == 2) table.columns.push_back({column.items[0].text, column.items[1].text});
      }
    }
    Node reply = Node::map();
    reply.set("project", Node::of(select_list_for_file(table.columns)));
    reply.set("file", Node::of(table.file));
    tables_[name] = std::move(table);
    return reply;
  }

  // The name stands for the table's rows in the statements that follow.
  Result<Node> read_back(const std::string& name) {
    const Table& table = tables_[name];
    auto there = session_.describe(select_from_file(table.file));
    if (!there) return std::unexpected(there.error());
    std::string select = select_from_file(table.file, table.columns, *there);
    if (!session_.describe(select)) select = select_from_file(table.file);
    return execute(fmt::format("create or replace temporary view {} as {}", sql::identifier(name), select));
  }

  Result<Node> execute(const std::string& sql) {
    auto done = session_.run(sql, true, false);
    if (!done) return std::unexpected(done.error());
    return Node::map();
  }

  void print(std::string_view line) const {
    if (auto* output = context_.globals().output()) output->log(line, true);
  }

  Diagnostic not_started(const std::string& python, Diagnostic error) const {
    if (session_.stopping()) return error;
    return {
        .code = Code::python_missing,
        .message = fmt::format("model '{}' is written in Python, and '{}' cannot be started", resource_.name, python),
        .span = resource_.name_span,
        .notes = {error.message},
        .help =
            "install Python 3.9 or later and its module duckdb (python3 -m pip install duckdb), or name another "
            "interpreter in RYND_PYTHON"};
  }

  struct Table {
    std::string file;
    std::vector<engine::Column> columns;
  };

  RunContext& context_;
  Session& session_;
  World& world_;
  const Resource& resource_;
  const std::string& code_;
  std::string path_;
  Folder folder_;
  int files_ = 0;
  std::map<std::string, Table> tables_;
  std::optional<Diagnostic> failure_;  // what the model failed with, or the statement that it may yet survive
  bool done_ = false;
};

}  // namespace

jinja::Outcome<Response> run_python_job(RunContext& context, const std::string& code) {
  if (!context.node()) return jinja::raise("RuntimeError", "submit_python_job() is for models");
  auto done = Job(context, code).run();
  if (!done) return jinja::raise(done.error());
  return std::move(*done);
}

}  // namespace rynd::transform
