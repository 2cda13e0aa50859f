// Warehouse: profile to engine target.
#include "run/warehouse.h"

namespace rynd::run {
namespace {

std::string scalar(const Node& node) {
  if (node.kind == Node::Kind::boolean) return node.boolean ? "true" : "false";
  return node.text.empty() && node.kind == Node::Kind::integer ? std::to_string(node.integer) : node.text;
}

std::string located(const std::string& path, const std::filesystem::path& project_dir) {
  const bool local = path != ":memory:" && path.find("://") == std::string::npos && !path.starts_with("md:");
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

}  // namespace

engine::Target warehouse_target(const project::Profile& profile, const std::filesystem::path& project_dir) {
  engine::Target target;
  target.type = profile.type;
  target.path = located(profile.path, project_dir);
  target.read_only = yes(profile.credentials, "read_only");
  for (std::string_view section : {"config_options", "settings"}) {
    const Node* settings = profile.credentials.find(section);
    if (!settings || !settings->is_mapping()) continue;
    for (const Entry& setting : settings->entries) target.settings.emplace_back(setting.key, scalar(setting.value));
  }
  if (const Node* extensions = profile.credentials.find("extensions"))
    for (const Node& extension : extensions->items)
      target.extensions.push_back(extension.is_mapping() ? text(extension, "name") : extension.text);
  if (const Node* attached = profile.credentials.find("attach")) {
    for (const Node& one : attached->items) {
      engine::Target::Attach attach{located(text(one, "path"), project_dir), text(one, "alias"), text(one, "type")};
      attach.read_only = yes(one, "read_only");
      target.attach.push_back(std::move(attach));
    }
  }
  return target;
}

Checkpoint::Checkpoint(engine::Database& database) : thread_([&database] { (void)database.checkpoint(); }) {}
Checkpoint::~Checkpoint() { thread_.join(); }

Result<std::unique_ptr<engine::Database>> open_warehouse(const project::Profile& profile,
                                                         const std::filesystem::path& project_dir) {
  Result<std::unique_ptr<engine::Database>> database = engine::open(warehouse_target(profile, project_dir));
  if (database || database.error().span || !profile.span) return database;
  Diagnostic error = std::move(database.error());
  error.span = profile.span;
  return fail(std::move(error));
}

}  // namespace rynd::run
