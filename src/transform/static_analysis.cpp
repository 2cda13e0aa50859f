// Static analysis: see the header. A shadow of the warehouse, in memory, has a table without rows for each node and
// what it reads; nodes are compiled and bound there in the order in which they will run. A table each: chained views
// would be bound again at every step.
#include "static_analysis.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

#include "base/text.h"
#include "compiler.h"
#include "explain.h"
#include "seeds/seed.h"
#include "sql/quote.h"
#include "sql/tokens.h"

namespace rynd::transform {

namespace {

using engine::Column;
using project::RelationName;
using project::Resource;
using project::ResourceId;
using project::ResourceType;
using Columns = std::vector<Column>;

// Larger seeds would be read twice for too little.
constexpr uint64_t most_seed_bytes = 1 << 20;

// Hooks that may change what columns there are.
bool hooks_alter(const Resource& resource, std::string_view key) {
  const Node* hooks = resource.config.find(key);
  return hooks && std::ranges::any_of(hooks->items, [](const Node& hook) {
           const Node* sql = hook.find("sql");
           const std::string text = lower(sql ? sql->text : hook.text);
           return text.contains("alter") || text.contains("create") || text.contains("{{");
         });
}

// Whether binding would open files or hosts: table functions that read, and files named in place of tables.
bool reads_outside(std::string_view sql) {
  const auto tokens = sql::tokenize(sql);
  bool table_follows = false;
  for (const auto& token : tokens) {
    if (token.is_comment()) continue;
    if (token.kind == sql::TokenKind::string && table_follows) return true;
    table_follows = false;
    if (token.kind != sql::TokenKind::word) continue;
    const std::string word = lower(token.text(sql));
    if (word.starts_with("read_") || word.ends_with("_scan") || word.ends_with("_query") || word == "glob") return true;
    table_follows = word == "from" || word == "join";
  }
  return false;
}

void add_new(Columns& columns, const Columns& more) {
  for (const Column& column : more) {
    const bool there = std::ranges::any_of(columns, [&](const Column& one) { return iequals(one.name, column.name); });
    if (!there) columns.push_back(column);
  }
}

class Shadow {
 public:
  Shadow(Runtime::Parts& parts, engine::Connection& warehouse, const Analyzed& wanted, std::stop_token stop)
      : parts_(parts), warehouse_(warehouse), wanted_(wanted), stop_(std::move(stop)) {}

  std::vector<Finding> find() {
    if (std::ranges::none_of(wanted_.nodes, [&](ResourceId id) { return is_query(id); }) || !open()) return {};
    for (const ResourceId id : wanted_.loaded) known_[id] = false;
    for (const ResourceId id : wanted_.nodes) {
      if (parts_.project.at(id).type == ResourceType::seed) seeds_.insert(id);
    }
    for (const ResourceId id : wanted_.nodes) {
      if (stop_.stop_requested()) break;
      if (is_query(id) && !known_.contains(id)) known_[id] = add(id, parts_.project.at(id));
    }
    return std::move(found_);
  }

 private:
  bool open() {
    engine::Target target;
    target.settings = {{"threads", "1"}};
    auto database = engine::open(target);
    if (!database) return false;
    database_ = std::move(*database);
    auto connection = database_->connect();
    if (!connection) return false;
    connection_ = std::move(*connection);
    RuntimeOptions options = parts_.options;
    options.write_files = false;
    options.output = nullptr;
    shadow_ = std::make_unique<Runtime::Parts>(parts_.project, *database_, parts_.world, std::move(options));
    shadow_->binds_only = true;
    shadow_->cache.take(parts_.cache);
    return true;
  }

  bool is_query(ResourceId id) const {
    const ResourceType type = parts_.project.at(id).type;
    return type == ResourceType::model || type == ResourceType::snapshot;
  }

  // Whether its columns are known from now on.
  bool add(ResourceId id, const Resource& resource) {
    if (!is_plain(resource)) return false;
    if (!std::ranges::all_of(resource.depends_on, [&](ResourceId parent) { return knows(parent); })) return false;
    return bind(id, resource);
  }

  // What a project's own materialization or a hook does to columns is not known before it runs.
  bool is_plain(const Resource& resource) const {
    static constexpr std::array<std::string_view, 5> plain{"table", "view", "incremental", "snapshot", "seed"};
    const std::string name = resource.config.materialized();
    if (resource.language != "sql" || std::ranges::find(plain, name) == plain.end()) return false;
    if (resource.config.text("static_analysis") == "off" || hooks_alter(resource, "pre-hook")) return false;
    const auto macro = parts_.project.macro_index.materialization(resource.package, name);
    if (!macro) return false;
    const std::string& package = parts_.project.macros[*macro].package;
    return package == "dbt" || package == "dbt_duckdb";
  }

  // Whether what a node reads is there in the shadow, or can be put there.
  bool knows(ResourceId id) {
    if (const auto found = known_.find(id); found != known_.end()) return found->second;
    const Resource& resource = parts_.project.at(id);
    bool known = false;
    if (resource.is_ephemeral()) {
      known = std::ranges::all_of(resource.depends_on, [&](ResourceId parent) { return knows(parent); });
    } else if (seeds_.contains(id)) {
      known = add_seed(resource);
    } else if (resource.is_relation()) {
      known = copy(readable_name(parts_, id));
    }
    known_[id] = known;
    return known;
  }

  RelationName own_name(const Resource& resource) const {
    return project::relation_name(resource, parts_.project.root().settings.quoting);
  }

  // From the warehouse; false, where there is no such table or only its reader would find it.
  bool copy(const RelationName& name) {
    if (!name.external.empty()) return false;
    const auto columns = warehouse_.describe("select * from " + name.render());
    return columns && create(name, *columns);
  }

  bool create(const RelationName& name, const Columns& columns) {
    std::string sql;
    if (schemas_.emplace(name.database, name.schema).second) {
      sql = "attach if not exists ':memory:' as " + sql::identifier(name.database) + ";\ncreate schema if not exists " +
            sql::identifier(name.database) + "." + sql::identifier(name.schema) + ";\n";
    }
    std::vector<std::string> defined;
    for (const Column& column : columns)
      // What has only nulls gets a type when a table is made of it.
      defined.push_back(sql::identifier(column.name) + " " + (column.type == "\"NULL\"" ? "INTEGER" : column.type));
    sql += "create or replace table " + sql::qualified(name.database, name.schema, name.identifier) + " (" +
           join(defined, ", ") + ")";
    return connection_->execute(sql).has_value();
  }

  // A seed that this run loads.
  bool add_seed(const Resource& resource) {
    if (!is_plain(resource) || hooks_alter(resource, "post-hook")) return false;
    Session session(*connection_, shadow_->cache, stop_);
    auto context = std::make_shared<RunContext>(*shadow_, session, &resource, resource.package);
    const auto file = parts_.world.files.info(context->absolute_path(resource));
    if (!file || file->size > most_seed_bytes) return false;
    const auto data = read_seed(*context);
    if (!data) return false;
    const Node* types = resource.config.find("column_types");
    Columns columns;
    for (size_t i = 0; i < data->names.size(); ++i) {
      const Node* own = types ? types->find(data->names[i]) : nullptr;
      columns.push_back({data->names[i], own ? own->text : seed_type(*data, i)});
    }
    return made(own_name(resource), columns);
  }

  bool made(const RelationName& name, const Columns& columns) {
    if (!create(name, columns)) return false;
    shadow_->cache.put({name.database, name.schema, name.identifier, "table"});
    return true;
  }

  bool bind(ResourceId id, const Resource& resource) {
    const RelationName name = own_name(resource);
    const bool adds = resource.config.materialized() == "incremental" || resource.type == ResourceType::snapshot;
    const auto there = parts_.cache.find(name.database, name.schema, name.identifier);
    const bool stays = adds && !wants_full_refresh(parts_, resource) && there && there->type == "table";
    Columns before;
    if (stays) {
      auto columns = warehouse_.describe("select * from " + name.render());
      if (!columns || !create(name, *columns)) return false;
      before = std::move(*columns);
    }
    const auto compiled = compile(resource);
    if (!compiled || reads_outside(compiled->sql)) return false;
    auto columns = connection_->describe(compiled->sql);
    if (!columns) {
      note(id, resource, std::move(columns.error()), *compiled);
      return false;
    }
    if (hooks_alter(resource, "post-hook")) return false;
    if (resource.type == ResourceType::snapshot && !stays) return false;  // dbt's columns come to the query's
    return made(name, stays ? after(resource, std::move(before), std::move(*columns)) : std::move(*columns));
  }

  // The columns of a table that new rows come to.
  static Columns after(const Resource& resource, Columns before, Columns query) {
    const std::string change = resource.config.text("on_schema_change");
    if (change == "sync_all_columns") return query;
    if (change == "append_new_columns" || resource.type == ResourceType::snapshot) add_new(before, query);
    return before;
  }

  Checked<Compiled> compile(const Resource& resource) {
    Session session(*connection_, shadow_->cache, stop_);
    session.only_bind();
    auto context = std::make_shared<RunContext>(*shadow_, session, &resource, resource.package);
    return compile_resource(context, resource);
  }

  // Anything but a column that is not there may lie in the shadow: a function or table made while the run goes on.
  void note(ResourceId id, const Resource& resource, Diagnostic error, const Compiled& compiled) {
    const Compiled* texts[] = {&compiled};
    Diagnostic explained = explain_error(*shadow_, std::move(error), texts, &resource, *connection_);
    if (explained.code == Code::column_missing) found_.push_back({id, std::move(explained)});
  }

  Runtime::Parts& parts_;
  engine::Connection& warehouse_;
  const Analyzed& wanted_;
  std::stop_token stop_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Connection> connection_;
  std::unique_ptr<Runtime::Parts> shadow_;
  std::set<std::pair<std::string, std::string>> schemas_;
  std::set<ResourceId> seeds_;  // that this run loads
  std::map<ResourceId, bool> known_;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> analyze_nodes(Runtime::Parts& parts, engine::Connection& warehouse, const Analyzed& wanted,
                                   std::stop_token stop) {
  if (parts.options.clones) return {};
  auto found = Shadow(parts, warehouse, wanted, std::move(stop)).find();
  for (const Finding& finding : found) parts.known.emplace(finding.id, finding.error.span);
  return found;
}

}  // namespace rynd::transform
