// Event log: one line an event; dbt's forms of it.
#include "event_log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "base/json.h"
#include "base/yaml.h"
#include "command.h"
#include "console.h"

namespace rynd::cli {
namespace {

constexpr size_t kept_back = 64 * 1024;
constexpr int older_files = 5;
constexpr std::array<std::string_view, 5> level_names{"debug", "info", "warn", "error", "none"};

EventFormat format_of(std::string_view name, EventFormat standard) {
  if (name == "json") return EventFormat::json;
  if (name == "debug") return EventFormat::debug;
  return name == "text" ? EventFormat::text : standard;
}

// dbt's log-path, which dbt_project.yml may still set.
std::filesystem::path log_folder(const Invocation& invocation, World& world) {
  if (invocation.given("log-path")) return invocation.text("log-path");
  const std::filesystem::path project = invocation.text("project-dir", ".");
  if (Result<std::string> text = world.files.read(project / "dbt_project.yml")) {
    const Checked<Document> document = yaml::read(make_source("dbt_project.yml", std::move(*text)));
    const Node* path = document ? document->root.find("log-path") : nullptr;
    if (path && path->is_string() && !path->text.empty()) return project / path->text;
  }
  return project / "logs";
}

// 11:32:00.123456 of 2026-11-21T11:32:00.123456Z
std::string time_of_day(const std::string& instant, size_t length) { return instant.substr(11, length); }

}  // namespace

std::string_view name_of(Level level) { return level_names[static_cast<size_t>(level)]; }

Level level_of(std::string_view name) {
  for (size_t level = 0; level < level_names.size(); ++level)
    if (level_names[level] == name) return static_cast<Level>(level);
  return Level::info;
}

EventLogOptions event_log_options(const Invocation& invocation, World& world, std::string invocation_id) {
  EventLogOptions options;
  options.invocation_id = std::move(invocation_id);
  options.console_format = format_of(invocation.text("log-format"), EventFormat::text);
  options.console_level = level_of(invocation.text("log-level"));
  if (invocation.toggle("debug")) options.console_level = Level::debug;
  if (invocation.toggle("quiet")) options.console_level = std::max(options.console_level, Level::error);
  const bool leads_format = invocation.given("log-format") && !invocation.given("log-format-file");
  const bool leads_level = invocation.given("log-level") && !invocation.given("log-level-file");
  options.file_format = format_of(invocation.text(leads_format ? "log-format" : "log-format-file"), EventFormat::debug);
  options.file_level = level_of(invocation.text(leads_level ? "log-level" : "log-level-file"));
  options.file_bytes = static_cast<uint64_t>(std::max(0, invocation.number("log-file-max-bytes").value_or(0)));
  const std::filesystem::path project = invocation.text("project-dir", ".");
  const bool in_project = world.files.exists(project / "dbt_project.yml") || world.files.exists(project / "rynd.yml");
  if (invocation.command->group == CommandGroup::transform && in_project && options.file_level != Level::none)
    options.file = log_folder(invocation, world) / "dbt.log";
  return options;
}

EventLog::EventLog(EventLogOptions options, Console& console, World& world)
    : options_(std::move(options)), console_(console), world_(world) {}

EventLog::~EventLog() { flush(); }

void EventLog::fire(const Event& event, bool relayed) {
  const bool to_console = event.level >= options_.console_level && options_.console_level != Level::none &&
                          // In rynd's own words people hear all but what only somebody who searches wants to know.
                          (speaks() || relayed || event.level == Level::debug);
  const bool to_file = !options_.file.empty() && event.level >= options_.file_level;
  if (!to_console && !to_file) return;
  const std::lock_guard lock(mutex_);
  if (to_console) console_.out(line(event, options_.console_format));
  if (!to_file || failed_) return;
  if (!begun_ && options_.file_format != EventFormat::json) {
    const std::string now = time_of_day(iso8601(world_.clock.now()), 15);
    const std::string bar(30, '=');
    pending_ = fmt::format("\n\n{} {} | {} {}\n", bar, now, options_.invocation_id, bar);
  }
  begun_ = true;
  pending_ += line(event, options_.file_format);
  if (pending_.size() > kept_back) write_out();
}

std::string EventLog::line(const Event& event, EventFormat format) const {
  const std::string now = iso8601(world_.clock.now());
  if (format == EventFormat::text) return fmt::format("{}  {}\n", local_time(world_.clock.now()), event.message);
  if (format == EventFormat::debug) {
    return fmt::format("{} [{:<5}] [{}]: {}\n", time_of_day(now, 15), name_of(event.level), event.thread.substr(0, 10),
                       event.message);
  }
  Node info = Node::map();
  info.set("category", Node::of(""));
  info.set("code", Node::of(event.code));
  info.set("extra", Node::map());
  info.set("invocation_id", Node::of(options_.invocation_id));
  info.set("level", Node::of(name_of(event.level)));
  info.set("msg", Node::of(event.message));
  info.set("name", Node::of(event.name));
  info.set("pid", Node::of(static_cast<int64_t>(::getpid())));
  info.set("thread", Node::of(event.thread));
  info.set("ts", Node::of(now));
  Node data = Node::map();
  if (event.data)
    data = event.data();
  else
    data.set("msg", Node::of(event.message));
  Node object = Node::map();
  object.set("data", std::move(data));
  object.set("info", std::move(info));
  return json::write(object) + "\n";
}

void EventLog::flush() {
  const std::lock_guard lock(mutex_);
  if (!pending_.empty()) write_out();
}

void EventLog::write_out() {
  rotate();
  if (const Result<void> written = world_.files.append(options_.file, pending_); !written) {
    failed_ = true;
    console_.print({written.error()});
  }
  pending_.clear();
}

// dbt.log becomes dbt.log.1, and so on; the oldest is let go.
void EventLog::rotate() {
  Files& files = world_.files;
  const std::optional<FileInfo> info = files.info(options_.file);
  if (options_.file_bytes == 0 || !info || info->size + pending_.size() <= options_.file_bytes) return;
  const auto older = [&](int number) { return options_.file.string() + "." + std::to_string(number); };
  for (int number = older_files; number > 0; --number) {
    const std::filesystem::path from = number == 1 ? options_.file : std::filesystem::path(older(number - 1));
    if (!files.exists(from)) continue;
    if (Result<std::string> text = files.read(from)) (void)files.write(older(number), *text);
  }
  (void)files.remove(options_.file);
}

}  // namespace rynd::cli
