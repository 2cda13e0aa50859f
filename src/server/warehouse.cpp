// Warehouse: see the header. The answers' cache is keyed by SQL and parameters and is void once the file changed.
#include "warehouse.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/hash.h"
#include "base/text.h"
#include "sql/quote.h"
#include "sql/statements.h"
#include "sql/tokens.h"

namespace rynd::server {

namespace {

constexpr size_t most_idle_connections = 4;
constexpr size_t most_kept_cells = 300'000;  // some 20 MB

std::vector<engine::Value> to_values(const std::vector<Parameter>& parameters) {
  std::vector<engine::Value> values;
  for (const Parameter& parameter : parameters) {
    if (parameter)
      values.emplace_back(*parameter);
    else
      values.emplace_back();
  }
  return values;
}

std::string key_of(const std::string& sql, const std::vector<Parameter>& parameters, size_t limit) {
  std::string key = fmt::format("{}\n{}", limit, sql);
  for (const Parameter& parameter : parameters)
    key += parameter ? fmt::format("\n={}:{}", parameter->size(), *parameter) : "\n-";
  return key;
}

// A reading transaction that ends with the scope; what the engine does not let write, cannot write.
class Reading {
 public:
  explicit Reading(engine::Connection& connection) : connection_(connection) {}
  Result<void> begin() {
    const Result<int64_t> begun = connection_.execute("BEGIN TRANSACTION READ ONLY");
    if (!begun) return fail(begun.error());
    open_ = true;
    return {};
  }
  ~Reading() {
    if (open_) (void)connection_.execute("ROLLBACK");
  }

 private:
  engine::Connection& connection_;
  bool open_ = false;
};

std::filesystem::path database_file(const project::Project& project) {
  const std::string& path = project.profile.path;
  if (path.empty() || path == ":memory:") return {};
  return std::filesystem::path(path).is_absolute() ? std::filesystem::path(path) : project.dir / path;
}

std::vector<std::string> schemas_of(const project::Project& project) {
  std::vector<std::string> schemas{project.profile.schema};
  for (const project::Resource& resource : project.resources) {
    if (resource.schema.empty() || resource.relation_name.empty()) continue;
    if (std::ranges::find(schemas, resource.schema) == schemas.end()) schemas.push_back(resource.schema);
  }
  return schemas;
}

}  // namespace

Result<void> check_reads_only(std::string_view sql) {
  const SourcePtr source = make_source("<sql>", std::string(sql));
  const auto refuse = [&](uint32_t begin, uint32_t end, std::string message, std::string label) {
    return fail({.code = Code::statement_not_allowed,
                 .message = std::move(message),
                 .span = {source, begin, end},
                 .label = std::move(label)});
  };
  const std::vector<sql::Statement> statements = sql::split_statements(sql);
  if (statements.empty())
    return refuse(0, static_cast<uint32_t>(sql.size()), "there is no statement", "only white space and comments");
  if (statements.size() > 1)
    return refuse(statements[1].begin, statements[1].end, "more than one statement", "the second one");
  std::vector<std::string> words;
  std::vector<sql::Token> places;
  for (const sql::Token& token : sql::tokenize(sql)) {
    if (token.is_comment() || token.text(sql) == "(") continue;
    words.push_back(lower(token.text(sql)));
    places.push_back(token);
    if (words.size() == 2) break;
  }
  // EXPLAIN ANALYZE runs what it explains, so it must be of something that reads, too.
  const bool explain = words[0] == "explain" && words.size() == 2;
  const size_t which = explain ? 1 : 0;
  static const std::vector<std::string> reading{"select", "with", "from",      "values", "table",  "describe",
                                                "desc",   "show", "summarize", "pivot",  "unpivot"};
  if (std::ranges::find(reading, words[which]) != reading.end()) return {};
  return refuse(places[which].begin, places[which].end, fmt::format("'{}' does not only read", upper(words[which])),
                "expected SELECT, WITH, FROM, VALUES, ...");
}

Warehouse::Warehouse(engine::Database& database, World& world, const project::Project& project)
    : Warehouse(database, world, database_file(project), schemas_of(project)) {}

Warehouse::Warehouse(engine::Database& database, World& world, std::filesystem::path file,
                     std::vector<std::string> schemas)
    : database_(database), world_(world), file_(std::move(file)), schemas_(std::move(schemas)) {}

uint64_t Warehouse::generation() {
  if (file_.empty()) return 0;
  std::string state;
  for (const std::filesystem::path& path : {file_, std::filesystem::path(file_.string() + ".wal")}) {
    if (const std::optional<FileInfo> info = world_.files.info(path))
      state += fmt::format("{}:{} ", info->size, info->modified_us);
  }
  return fast_hash(state);
}

Result<Warehouse::Pooled> Warehouse::take_connection() {
  Pooled pooled;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      pooled = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  const uint64_t now = generation();
  if (!pooled.connection) {
    Result<std::unique_ptr<engine::Connection>> connected = database_.connect();
    if (!connected) return fail(connected.error());
    pooled.connection = std::move(*connected);
  } else if (pooled.generation == now) {
    return pooled;
  }
  pooled.generation = now;
  const Result<engine::Table> there =
      engine::fetch(*pooled.connection,
                    "select schema_name from information_schema.schemata where catalog_name = current_database()");
  if (!there) return fail(there.error());
  std::vector<std::string> path;
  for (const std::string& schema : schemas_) {
    const bool exists =
        std::ranges::any_of(there->rows, [&](const auto& row) { return iequals(engine::to_text(row[0]), schema); });
    if (exists) path.push_back(sql::identifier(schema));
  }
  if (!path.empty()) {
    const Result<int64_t> set = pooled.connection->execute("SET search_path = " + sql::literal(join(path, ",")));
    if (!set) return fail(set.error());
  }
  return pooled;
}

void Warehouse::give_back(Pooled pooled) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle_connections) idle_.push_back(std::move(pooled));
}

Result<void> Warehouse::read(const std::string& sql, const std::vector<Parameter>& parameters, std::stop_token gone,
                             const std::function<bool(const engine::Rows&)>& take) {
  if (auto allowed = check_reads_only(sql); !allowed) return allowed;
  Result<Pooled> pooled = take_connection();
  if (!pooled) return fail(pooled.error());
  engine::Connection& connection = *pooled->connection;
  Result<void> outcome;
  {
    const std::stop_callback interrupt(gone, [&] { connection.interrupt(); });
    Reading reading(connection);
    outcome = reading.begin();
    const std::vector<engine::Value> values = to_values(parameters);
    if (outcome) {
      Result<std::unique_ptr<engine::Rows>> rows = connection.query(sql, values);
      if (!rows) outcome = fail(rows.error());
      while (outcome) {
        const Result<bool> more = (*rows)->next();
        if (!more)
          outcome = fail(more.error());
        else if (!take(**rows) || !*more)
          break;
      }
    }
  }
  give_back(std::move(*pooled));
  return outcome;
}

Result<AnswerPtr> Warehouse::ask(const std::string& sql, const std::vector<Parameter>& parameters, size_t limit,
                                 std::stop_token gone) {
  const std::string key = key_of(sql, parameters, limit);
  const uint64_t now = generation();
  if (AnswerPtr kept = find_kept(key, now)) return kept;
  const auto started = world_.clock.steady();
  auto answer = std::make_shared<Answer>();
  engine::Table& table = answer->table;
  const Result<void> done = read(sql, parameters, gone, [&](const engine::Rows& rows) {
    table.columns = rows.columns();
    for (size_t row = 0; row < rows.size(); ++row) {
      if (table.rows.size() == limit) {
        answer->truncated = true;
        return false;
      }
      std::vector<engine::Value>& cells = table.rows.emplace_back();
      for (size_t column = 0; column < table.columns.size(); ++column) cells.push_back(rows.at(row, column));
    }
    return true;
  });
  if (!done) return fail(done.error());
  answer->milliseconds = std::chrono::duration<double, std::milli>(world_.clock.steady() - started).count();
  // What changed while it ran may or may not be in it.
  if (!file_.empty() && generation() == now) keep(key, now, answer);
  return AnswerPtr(std::move(answer));
}

AnswerPtr Warehouse::find_kept(const std::string& key, uint64_t generation) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::ranges::find_if(kept_, [&](const Kept& kept) { return kept.generation == generation && kept.key == key; });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return found->answer;
}

void Warehouse::keep(const std::string& key, uint64_t generation, const AnswerPtr& answer) {
  const size_t cells = (answer->table.rows.size() + 1) * answer->table.columns.size();
  if (cells > most_kept_cells / 4) return;
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [&](const Kept& kept) {
    const bool old = kept.generation != generation;
    if (old) kept_cells_ -= kept.cells;
    return old;
  });
  kept_.push_front({key, generation, answer, cells});
  kept_cells_ += cells;
  while (kept_cells_ > most_kept_cells) {
    kept_cells_ -= kept_.back().cells;
    kept_.pop_back();
  }
}

}  // namespace rynd::server
