// Event log: where events go: lines on the console as text or JSON, and logs/dbt.log.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include "base/world.h"
#include "event.h"

namespace rynd::cli {

class Console;
class Invocation;

enum class EventFormat : unsigned char { text, debug, json };

struct EventLogOptions {
  EventFormat console_format = EventFormat::text;
  Level console_level = Level::info;
  EventFormat file_format = EventFormat::debug;
  Level file_level = Level::debug;
  std::filesystem::path file = {};  // empty: none
  uint64_t file_bytes = 0;          // over this the file is moved aside; 0: never
  std::string invocation_id = {};
};

// What --log-format, --log-level, --quiet, --debug, --log-path and their like ask for; `file` only for dbt's commands.
EventLogOptions event_log_options(const Invocation& invocation, World& world, std::string invocation_id);

// Safe to use from several threads. A log that cannot be written is told once, on the console.
class EventLog {
 public:
  EventLog(EventLogOptions options, Console& console, World& world);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // `relayed`: what a template says goes to the console whatever its format.
  void fire(const Event& event, bool relayed = false);
  // Events are all that the console shows (json and debug), else people are told in rynd's own words besides.
  bool speaks() const { return options_.console_format != EventFormat::text; }
  Level console_level() const { return options_.console_level; }
  const std::string& invocation_id() const { return options_.invocation_id; }
  // Writes out what was kept back.
  void flush();

 private:
  std::string line(const Event& event, EventFormat format) const;
  void write_out();
  void rotate();

  EventLogOptions options_;
  Console& console_;
  World& world_;
  std::mutex mutex_;
  std::string pending_;
  bool begun_ = false;
  bool failed_ = false;
};

}  // namespace rynd::cli
