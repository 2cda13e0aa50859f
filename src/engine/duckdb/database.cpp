// Database: opening.
#include "duckdb/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <regex>

#include "base/suggest.h"
#include "base/text.h"
#include "duckdb/connection.h"
#include "duckdb/errors.h"
#include "sql/quote.h"

namespace rynd::engine::duck {
namespace {

namespace fs = std::filesystem;

struct Setting {
  std::string name;
  std::string extension;  // "" for DuckDB's own, which are taken when a database is opened
};

// DuckDB lists the settings of extensions, too, which are not loaded by then: their description is the extension's
// name, a single word.
std::vector<Setting> known_settings() {
  std::vector<Setting> settings;
  for (size_t i = 0; i < duckdb_config_count(); ++i) {
    const char* name = nullptr;
    const char* description = nullptr;
    if (duckdb_get_config_flag(i, &name, &description) == DuckDBError) continue;
    const bool own = std::string_view(description).find(' ') != std::string_view::npos;
    settings.push_back({name, own ? "" : description});
  }
  return settings;
}

bool in_memory(const std::string& path) { return path.empty() || path == ":memory:"; }

// DuckDB's lock on a file does not keep this very process out, and a second instance on one file destroys it. The lock
// would be lost, too, if the file were opened and closed here to look at it.
bool open_in_this_process(const fs::path& path) {
  std::error_code error;
  const fs::path wanted = fs::canonical(path, error);
  if (error) return false;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd", error)) {
    std::error_code ignored;
    if (fs::read_symlink(entry.path(), ignored) == wanted) return true;
  }
  return false;
}

std::optional<Diagnostic> check_path(const Target& target) {
  if (in_memory(target.path) || target.path.find("://") != std::string::npos) return std::nullopt;
  const fs::path path(target.path);
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, error)) {
    return Diagnostic{.code = Code::database_unopenable,
                      .message = fmt::format("'{}' cannot be opened: its folder is not there", target.path),
                      .help = fmt::format("make the folder '{}', or change `path` in the profile", folder.string())};
  }
  if (fs::is_directory(path, error)) {
    return Diagnostic{.code = Code::database_unopenable,
                      .message = fmt::format("'{}' cannot be opened: it is a folder", target.path),
                      .help = "give the path of a file in the profile"};
  }
  if (target.read_only && !fs::exists(path, error)) {
    return Diagnostic{.code = Code::database_unopenable,
                      .message = fmt::format("'{}' cannot be opened for reading: it is not there", target.path)};
  }
  if (open_in_this_process(path)) {
    return Diagnostic{.code = Code::database_in_use,
                      .message = fmt::format("'{}' is open in this process already", target.path)};
  }
  return std::nullopt;
}

// What connection strings and URLs carry: "password=x", "motherduck_token=x", "//user:x@host".
std::string without_passwords(const std::string& text) {
  static const std::regex named(R"(((?:password|passwd|pwd|token|secret|key)\w*\s*=\s*)('[^']*'|[^&;\s'"]+))",
                                std::regex::icase);
  static const std::regex in_url(R"((://[^:/@\s]*:)[^@\s]+@)");
  return std::regex_replace(std::regex_replace(text, named, "$1***"), in_url, "$1***@");
}

// The value stays out of it: it may be a secret.
Diagnostic refused_setting(const std::string& name, const Diagnostic& native) {
  std::vector<std::string> names;
  Diagnostic diagnostic{.code = Code::engine_setting,
                        .message = fmt::format("DuckDB does not take the setting '{}'", name),
                        .notes = {native.message},
                        .help = "change `settings` in the profile"};
  for (const Setting& setting : known_settings()) {
    names.push_back(setting.name);
    if (iequals(setting.name, name) && !setting.extension.empty()) {
      diagnostic.help = fmt::format("it belongs to the extension '{0}': list '{0}' under `extensions:` of the profile",
                                    setting.extension);
    }
  }
  if (std::ranges::find(names, lower(name)) == names.end()) diagnostic.label = did_you_mean(name, names);
  return diagnostic;
}

// Fills the configuration in; what DuckDB does not know before it is open is left to the sessions.
Result<std::string> configure(ConfigHandle& config, const Target& target) {
  const std::vector<Setting> known = target.settings.empty() ? std::vector<Setting>{} : known_settings();
  std::string session;
  duckdb_create_config(config.out());
  const auto set = [&](const char* name, const char* value) { return duckdb_set_config(config.get(), name, value); };
  // JSON carries the place and the candidates of an error; extensions come from the profile, never from the network.
  set("errors_as_json", "true");
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  set("duckdb_api", "rynd");
  if (target.read_only) set("access_mode", "READ_ONLY");
  for (const auto& [name, value] : target.settings) {
    const auto own = [&](const Setting& setting) { return setting.extension.empty() && iequals(setting.name, name); };
    if (std::ranges::none_of(known, own)) {
      session += fmt::format("set {} = {};", sql::identifier(name), sql::literal(value));
    } else if (set(lower(name).c_str(), value.c_str()) == DuckDBError) {
      return fail({.code = Code::engine_setting,
                   .message = fmt::format("DuckDB does not take the value given for the setting '{}'", name),
                   .help = "change `settings` in the profile"});
    }
  }
  return session;
}

// An option's value as SQL: a text as a literal unless it is quoted already, lists and mappings as DuckDB writes them.
std::string option_value(const Node& value) {
  if (value.is_sequence() || value.is_mapping()) {
    std::vector<std::string> parts;
    for (const Node& item : value.items) parts.push_back(sql::literal(item.text));
    for (const Entry& entry : value.entries) {
      parts.push_back(sql::literal(entry.key) + ": " + sql::literal(entry.value.text));
    }
    return fmt::format("{}{}{}", value.is_mapping() ? "map {" : "[", join(parts, ", "), value.is_mapping() ? "}" : "]");
  }
  const std::string_view text = trim(value.text);
  const bool quoted = text.size() >= 2 && text.front() == text.back() && (text.front() == '\'' || text.front() == '"');
  return value.is_string() && !quoted ? sql::literal(value.text) : value.text;
}

std::string attach_sql(const Target::Attach& attach) {
  std::vector<std::string> options;
  if (!attach.type.empty()) options.push_back("type " + attach.type);
  if (!attach.secret.empty()) options.push_back("secret " + sql::identifier_if_needed(attach.secret));
  if (attach.read_only) options.emplace_back("read_only");
  for (const Entry& option : attach.options.entries) {
    const bool flag = option.value.kind == Node::Kind::boolean;
    if (option.value.is_null() || (flag && !option.value.boolean)) continue;
    options.push_back(flag ? option.key : option.key + " " + option_value(option.value));
  }
  return fmt::format("attach if not exists {}{}{}", sql::literal(attach.path),
                     attach.alias.empty() ? "" : " as " + sql::identifier(attach.alias),
                     options.empty() ? "" : fmt::format(" ({})", join(options, ", ")));
}

std::string secret_sql(const Target::Secret& secret) {
  std::vector<std::string> options{"type " + sql::identifier_if_needed(secret.type)};
  if (!secret.provider.empty()) options.push_back("provider " + sql::identifier_if_needed(secret.provider));
  for (const Entry& option : secret.options.entries) {
    if (!option.value.is_null())
      options.push_back(fmt::format("{} {}", sql::identifier_if_needed(option.key), option_value(option.value)));
  }
  std::vector<std::string> scopes;
  for (const std::string& scope : secret.scope) scopes.push_back(sql::literal(scope));
  if (!scopes.empty()) options.push_back("scope [" + join(scopes, ", ") + "]");
  return fmt::format("create or replace {}secret {} ({})", secret.persistent ? "persistent " : "",
                     secret.name.empty() ? "" : sql::identifier(secret.name), join(options, ", "));
}

// The statement holds the secret itself: nothing of it is told, and what DuckDB says only where it cannot quote it.
Diagnostic secret_error(const Target::Secret& secret, const Diagnostic& native) {
  Diagnostic error{.code = Code::engine_secret,
                   .message = fmt::format("the secret '{}' of type '{}' cannot be made",
                                          secret.name.empty() ? "without a name" : secret.name, secret.type)};
  bool quotes = false;
  const auto check = [&](const Node& value) {
    quotes = quotes || (!value.text.empty() && native.message.find(value.text) != std::string::npos);
  };
  for (const Entry& option : secret.options.entries) {
    check(option.value);
    for (const Node& item : option.value.items) check(item);
    for (const Entry& entry : option.value.entries) check(entry.value);
  }
  if (!quotes) error.notes.push_back(native.message);
  if (native.message.find("exists in the") != std::string::npos) {
    error.help = "list the extension that knows this type under `extensions:` of the profile";
  }
  return error;
}

// `absent` says where it was looked for on this machine, `native` why it could not be had from elsewhere.
Diagnostic extension_error(const Target::Extension& extension, const Diagnostic& absent, const Diagnostic& native,
                           std::string_view version) {
  return {
      .code = Code::engine_extension,
      .message = fmt::format("the extension '{}' is not on this machine, and could not be installed", extension.name),
      .notes = {absent.message, native.message},
      .help = fmt::format("connect to its repository once, or put {}.duckdb_extension (for DuckDB {}) into the "
                          "folder of the setting extension_directory",
                          extension.name, version)};
}

std::string message_and_free(char* error) {
  std::string message = error ? error : "";
  duckdb_free(error);
  return message;
}

}  // namespace

Result<std::unique_ptr<Database>> DuckDatabase::open(const Target& target) {
  const std::string version = duckdb_library_version();
  if (version != built_for) {
    return fail({.code = Code::engine_version,
                 .message = fmt::format("DuckDB {} is linked in, and rynd was built for {}", version, built_for),
                 .help = "build rynd again with the DuckDB that scripts/duckdb.sh fetches"});
  }
  if (auto problem = check_path(target)) return fail(std::move(*problem));
  ConfigHandle config;
  auto session = configure(config, target);
  if (!session) return fail(std::move(session.error()));
  DatabaseHandle handle;
  char* error = nullptr;
  const char* path = in_memory(target.path) ? nullptr : target.path.c_str();
  if (duckdb_open_ext(path, handle.out(), config.get(), &error) == DuckDBError) {
    return fail(open_error(message_and_free(error), target.path));
  }
  std::unique_ptr<DuckDatabase> database(new DuckDatabase(std::move(handle)));
  database->version_ = version;
  database->capabilities_ = {.transactions = true,
                             .transactional_ddl = true,
                             .atomic_replace = true,
                             .merge = true,
                             .temporary_tables = true,
                             .exact_types = true,
                             .interrupt = true};
  auto first = database->connect();
  if (!first) return fail(std::move(first.error()));
  database->session_sql_ = *session;
  if (auto ready = database->prepare(**first, target); !ready) return fail(std::move(ready.error()));
  return database;
}

// Extensions first: they bring settings, and files to attach may need both.
Result<void> DuckDatabase::prepare(Connection& connection, const Target& target) {
  for (const Target::Extension& extension : target.extensions) {
    if (auto ready = load_extension(connection, extension); !ready) return ready;
  }
  for (const auto& [name, value] : target.settings) {
    const std::string set = fmt::format("set {} = {};", sql::identifier(name), sql::literal(value));
    if (session_sql_.find(set) == std::string::npos) continue;
    if (auto done = connection.execute(set); !done) return fail(refused_setting(name, done.error()));
  }
  for (const Target::Secret& secret : target.secrets) {
    if (auto done = connection.execute(secret_sql(secret)); !done) return fail(secret_error(secret, done.error()));
  }
  for (const Target::Attach& attach : target.attach) {
    if (auto done = connection.execute(attach_sql(attach)); !done) {
      return fail(open_error(without_passwords(done.error().message), without_passwords(attach.path)));
    }
  }
  auto found = fetch(connection, "select current_database(), current_setting('threads')");
  if (!found) return fail(std::move(found.error()));
  name_ = to_text(found->rows[0][0]);
  threads_ = std::stoi(to_text(found->rows[0][1]));
  return lend_threads(connection, target);
}

// As many threads as DuckDB chose or the profile says, but none of its own: see LentThreads.
Result<void> DuckDatabase::lend_threads(Connection& connection, const Target& target) {
  const auto is_own = [](const auto& setting) { return iequals(setting.first, "external_threads"); };
  if (std::ranges::any_of(target.settings, is_own)) return {};
  auto done = connection.execute(fmt::format("set external_threads = {}", threads_));
  if (!done) return fail(std::move(done.error()));
  lent_threads_->allow(static_cast<size_t>(threads_));
  return {};
}

Result<void> DuckDatabase::load_extension(Connection& connection, const Target::Extension& extension) const {
  const std::string name = sql::identifier(extension.name);
  const auto there = connection.execute("load " + name);
  if (there) return {};
  const bool place = extension.repository.find_first_of(":/.") != std::string::npos;
  const std::string from = extension.repository.empty()
                               ? ""
                               : " from " + (place ? sql::literal(extension.repository) : extension.repository);
  auto installed = connection.execute("install " + name + from);
  if (!installed) return fail(extension_error(extension, there.error(), installed.error(), version_));
  auto loaded = connection.execute("load " + name);
  if (!loaded) return fail(extension_error(extension, there.error(), loaded.error(), version_));
  return {};
}

Result<std::unique_ptr<Connection>> DuckDatabase::connect() {
  ConnectionHandle handle;
  if (duckdb_connect(handle_.get(), handle.out()) == DuckDBError) {
    return fail({.code = Code::engine_failed, .message = "DuckDB could not make a connection"});
  }
  auto connection = std::make_unique<DuckConnection>(std::move(handle), *lent_threads_);
  if (session_sql_.empty()) return connection;
  if (auto ready = connection->execute(session_sql_, {}); !ready) return fail(std::move(ready.error()));
  return connection;
}

Result<void> DuckDatabase::checkpoint() {
  auto connection = connect();
  if (!connection) return fail(std::move(connection.error()));
  auto done = (*connection)->execute("checkpoint");
  if (!done) return fail(std::move(done.error()));
  return {};
}

}  // namespace rynd::engine::duck
