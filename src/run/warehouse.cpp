// Warehouse: profile to engine target.
#include "run/warehouse.h"

#include <fmt/format.h>

#include <algorithm>

#include "back_off.h"

namespace rynd::run {
namespace {

std::string scalar(const Node& node) {
  if (node.kind == Node::Kind::boolean) return node.boolean ? "true" : "false";
  return node.text.empty() && node.kind == Node::Kind::integer ? std::to_string(node.integer) : node.text;
}

std::string located(const std::string& path, const std::filesystem::path& project_dir) {
  const bool local = path != ":memory:" && path.find(':') == std::string::npos;
  return local && std::filesystem::path(path).is_relative() ? (project_dir / path).lexically_normal().string() : path;
}

bool yes(const Node& mapping, std::string_view key) {
  const Node* value = mapping.find(key);
  return value && value->kind == Node::Kind::boolean && value->boolean;
}

std::string text(const Node& mapping, std::string_view key) {
  const Node* value = mapping.find(key);
  return value && !value->is_null() && value->is_scalar() ? scalar(*value) : "";
}

std::vector<std::string> texts(const Node& mapping, std::string_view key) {
  std::vector<std::string> list;
  const Node* value = mapping.find(key);
  if (!value || value->is_null()) return list;
  if (value->is_scalar()) return {scalar(*value)};
  for (const Node& item : value->items) list.push_back(scalar(item));
  return list;
}

const List<Node>& items(const Node& mapping, std::string_view key) {
  static const List<Node> none;
  const Node* value = mapping.find(key);
  return value ? value->items : none;
}

// The entries of a mapping but for some.
Node without(const Node& mapping, std::initializer_list<std::string_view> keys) {
  Node rest = Node::map();
  for (const Entry& entry : mapping.entries) {
    if (std::ranges::find(keys, std::string_view(entry.key)) == keys.end()) rest.set(entry.key, entry.value);
  }
  return rest;
}

engine::Target::Secret secret_of(const Node& given, size_t place) {
  engine::Target::Secret secret{.type = text(given, "type")};
  secret.name = text(given, "name");
  if (secret.name.empty()) secret.name = fmt::format("_dbt_secret_{}", place);
  secret.provider = text(given, "provider");
  secret.scope = texts(given, "scope");
  secret.persistent = yes(given, "persistent");
  secret.options = without(given, {"type", "name", "provider", "scope", "persistent"});
  return secret;
}

// What stands beside `options` may stand in it, too.
engine::Target::Attach attach_of(const Node& given, const std::filesystem::path& project_dir) {
  static const Node none = Node::map();
  const Node* listed = given.find("options");
  const Node& options = listed && listed->is_mapping() ? *listed : none;
  const auto either = [&](std::string_view key) {
    const std::string own = text(given, key);
    return own.empty() ? text(options, key) : own;
  };
  engine::Target::Attach attach{
      .path = located(text(given, "path"), project_dir), .alias = text(given, "alias"), .type = either("type")};
  attach.secret = either("secret");
  attach.read_only = yes(given, "read_only") || yes(options, "read_only");
  attach.options = without(options, {"type", "secret", "read_only"});
  return attach;
}

}  // namespace

engine::Target warehouse_target(const project::Profile& profile, const std::filesystem::path& project_dir) {
  const Node& given = profile.credentials;
  engine::Target target;
  target.type = profile.type;
  target.path = located(profile.path, project_dir);
  target.read_only = yes(given, "read_only");
  for (std::string_view section : {"config_options", "settings"}) {
    const Node* settings = given.find(section);
    if (!settings || !settings->is_mapping()) continue;
    for (const Entry& setting : settings->entries) target.settings.emplace_back(setting.key, scalar(setting.value));
  }
  for (const Node& extension : items(given, "extensions")) {
    if (extension.is_mapping())
      target.extensions.push_back({text(extension, "name"), text(extension, "repo")});
    else
      target.extensions.push_back({extension.text});
  }
  for (const Node& secret : items(given, "secrets"))
    target.secrets.push_back(secret_of(secret, target.secrets.size() + 1));
  if (text(given, "use_credential_provider") == "aws") {
    target.secrets.push_back({.type = "s3", .provider = "credential_chain"});
    target.secrets.back().name = fmt::format("_dbt_secret_{}", target.secrets.size());
  }
  for (const Node& one : items(given, "attach")) target.attach.push_back(attach_of(one, project_dir));
  return target;
}

Checkpoint::Checkpoint(engine::Database& database) : thread_([&database] { (void)database.checkpoint(); }) {}
Checkpoint::~Checkpoint() { thread_.join(); }

Result<std::unique_ptr<engine::Database>> open_warehouse(const project::Profile& profile,
                                                         const std::filesystem::path& project_dir, World& world,
                                                         std::stop_token stop) {
  const engine::Target target = warehouse_target(profile, project_dir);
  Result<std::unique_ptr<engine::Database>> database = engine::open(target);
  for (int attempt = 1; attempt < profile.retries.connect_attempts; ++attempt) {
    if (database || database.error().code != Code::database_in_use) break;
    if (!world.clock.sleep(back_off(attempt), stop)) break;
    database = engine::open(target);
  }
  if (database || database.error().span || !profile.span) return database;
  Diagnostic error = std::move(database.error());
  error.span = profile.span;
  return fail(std::move(error));
}

}  // namespace rynd::run
