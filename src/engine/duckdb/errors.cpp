// Errors: reading DuckDB's messages.
#include "duckdb/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/suggest.h"
#include "base/text.h"

namespace rynd::engine::duck {
namespace {

struct Native {
  std::string type;     // "Binder"
  std::string message;  // without type; several lines
  std::string name;     // the name that was not found
  std::string candidates;
  std::optional<uint32_t> position;
};

struct Kind {
  std::string_view type;
  duckdb_error_type number;
  Code code;
  std::string_view help;
};

constexpr std::string_view extension_help =
    "list the extension under `extensions:` of the profile; it must be installed";
// DuckDB's exception types, by the name it prints and by their number.
constexpr Kind kinds[] = {
    {"Parser", DUCKDB_ERROR_PARSER, Code::sql_syntax, ""},
    {"Syntax", DUCKDB_ERROR_SYNTAX, Code::sql_syntax, ""},
    {"Binder", DUCKDB_ERROR_BINDER, Code::sql_binding, ""},
    {"Mismatch Type", DUCKDB_ERROR_MISMATCH_TYPE, Code::sql_binding, ""},
    {"Catalog", DUCKDB_ERROR_CATALOG, Code::sql_missing, ""},
    {"Conversion", DUCKDB_ERROR_CONVERSION, Code::sql_conversion,
     "use try_cast to get NULL where a value does not fit"},
    {"Constraint", DUCKDB_ERROR_CONSTRAINT, Code::sql_constraint, ""},
    {"TransactionContext", DUCKDB_ERROR_TRANSACTION, Code::sql_transaction,
     "roll back and run it again; let one statement at a time write a table"},
    {"INTERRUPT", DUCKDB_ERROR_INTERRUPT, Code::sql_interrupted, ""},
    {"Permission", DUCKDB_ERROR_PERMISSION, Code::sql_forbidden, ""},
    {"Out of Memory", DUCKDB_ERROR_OUT_OF_MEMORY, Code::sql_memory,
     "raise memory_limit, or set temp_directory to a disk with space"},
    {"IO", DUCKDB_ERROR_IO, Code::sql_outside, ""},
    {"HTTP", DUCKDB_ERROR_HTTP, Code::sql_outside, ""},
    {"Network", DUCKDB_ERROR_NETWORK, Code::sql_outside, ""},
    {"Not implemented", DUCKDB_ERROR_NOT_IMPLEMENTED, Code::sql_unsupported, ""},
    {"Dependency", DUCKDB_ERROR_DEPENDENCY, Code::sql_dependency,
     "drop with CASCADE, or drop what depends on it first"},
    {"Parameter Not Resolved", DUCKDB_ERROR_PARAMETER_NOT_RESOLVED, Code::sql_parameters, ""},
    {"Parameter Not Allowed", DUCKDB_ERROR_PARAMETER_NOT_ALLOWED, Code::sql_parameters, ""},
    {"Missing Extension", DUCKDB_ERROR_MISSING_EXTENSION, Code::engine_extension, extension_help},
    {"Extension Autoloading", DUCKDB_ERROR_AUTOLOAD, Code::engine_extension, extension_help},
    {"Settings", DUCKDB_ERROR_SETTINGS, Code::engine_setting, ""},
    {"FATAL", DUCKDB_ERROR_FATAL, Code::engine_failed, "close everything that uses the database and open it again"},
    {"INTERNAL", DUCKDB_ERROR_INTERNAL, Code::engine_failed, ""},
};

const Kind* find_kind(std::string_view type) {
  const auto found = std::ranges::find(kinds, type, &Kind::type);
  return found == std::end(kinds) ? nullptr : found;
}

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// A message that is not JSON: "Binder Error: ...".
Native read_plain(std::string_view message) {
  const size_t colon = message.find(" Error: ");
  if (colon == std::string_view::npos || message.substr(0, colon).find('\n') != std::string_view::npos) {
    return {.message = std::string(message)};
  }
  return {.type = std::string(message.substr(0, colon)), .message = std::string(message.substr(colon + 8))};
}

Native read(std::string_view native) {
  const size_t brace = native.find("{\"exception_type\"");
  if (brace == std::string_view::npos) return read_plain(native);
  const auto json = nlohmann::json::parse(native.substr(brace), nullptr, false);
  if (!json.is_object()) return read_plain(native);
  Native out{.type = text_of(json, "exception_type"),
             .message = text_of(json, "exception_message"),
             .name = text_of(json, "name"),
             .candidates = text_of(json, "candidates")};
  const std::string position = text_of(json, "position");
  uint32_t offset = 0;
  const auto parsed = std::from_chars(position.data(), position.data() + position.size(), offset);
  if (!position.empty() && parsed.ec == std::errc{}) out.position = offset;
  return out;
}

bool is_word_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80); }

// The place names where something begins; what it underlines is the word (or quoted name, or one character) there.
Span span_at(const SourcePtr& source, uint32_t begin) {
  const std::string_view text = source->text();
  begin = std::min<uint32_t>(begin, text.size());
  uint32_t end = begin;
  if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
    const size_t close = text.find(text[begin], begin + 1);
    end = close == std::string_view::npos ? text.size() : close + 1;
  } else {
    while (end < text.size() && (is_word_byte(text[end]) || text[end] == '.')) ++end;
  }
  return {source, begin, std::max(end, std::min<uint32_t>(begin + 1, text.size()))};
}

// Candidates come joined by commas, and those of functions hold commas in parentheses.
std::vector<std::string> split_candidates(std::string_view text) {
  std::vector<std::string> parts;
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      const std::string_view part = trim(text.substr(begin, i - begin));
      if (!part.empty()) parts.emplace_back(part);
      begin = i + 1;
    } else if (text[i] == '(' || text[i] == '[') {
      ++depth;
    } else if (text[i] == ')' || text[i] == ']') {
      --depth;
    }
  }
  return parts;
}

// Views of DuckDB's own catalogue: near to a misspelt name only by accident.
bool is_internal(const std::string& name) {
  constexpr std::string_view prefixes[] = {"pg_", "duckdb_", "sqlite_", "pragma_"};
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

void add_candidates(Diagnostic& diagnostic, const Native& native) {
  constexpr size_t most = 8;
  std::vector<std::string> names = split_candidates(native.candidates);
  std::erase_if(names, is_internal);
  if (names.empty()) return;
  if (!native.name.empty()) diagnostic.label = did_you_mean(native.name, names);
  const size_t more = names.size() > most ? names.size() - most : 0;
  names.resize(names.size() - more);
  std::string note = "candidates: " + join(names, ", ");
  if (more > 0) note += fmt::format(" and {} more", more);
  diagnostic.notes.push_back(std::move(note));
}

// DuckDB appends its candidates to the message; they stand in the notes here.
std::string_view first_line(std::string_view message) { return trim(message.substr(0, message.find('\n'))); }

// The rest of the message, where it is advice and not a list of candidates.
std::string_view advice(std::string_view message) {
  const size_t line = message.find('\n');
  if (line == std::string_view::npos) return {};
  const std::string_view rest = trim(message.substr(line));
  for (const std::string_view list : {"Candidate", "Did you mean", "LINE "}) {
    if (rest.starts_with(list)) return {};
  }
  return first_line(rest);
}

std::optional<std::string> between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t begin = text.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  const size_t end = text.find(after, begin + before.size());
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(begin + before.size(), end - begin - before.size()));
}

Diagnostic in_use(const Native& native, std::string_view path) {
  const auto program = between(native.message, "held in ", " (PID");
  const auto pid = between(native.message, "(PID ", ")");
  Diagnostic diagnostic{.code = Code::database_in_use,
                        .message = fmt::format("'{}' is in use by another process", path)};
  if (pid && program) {
    diagnostic.message = fmt::format("'{}' is in use by process {} ({})", path, *pid, *program);
    diagnostic.help =
        fmt::format("end process {}, or wait until it is done; only one process can have the file open", *pid);
  } else {
    diagnostic.help = "end that process, or wait until it is done; only one process can have the file open";
  }
  if (native.message.find("read-only mode") != std::string::npos) {
    diagnostic.notes.push_back("it is open for reading there, so it can be opened for reading here too");
  }
  return diagnostic;
}

}  // namespace

Diagnostic sql_error(std::string_view text, std::string_view sql) {
  const Native native = read(text);
  const Kind* kind = find_kind(native.type);
  Diagnostic diagnostic{.code = kind ? kind->code : Code::sql_runtime};
  diagnostic.message = native.type.empty() ? std::string(first_line(native.message))
                                           : fmt::format("{} Error: {}", native.type, first_line(native.message));
  if (native.position) {
    diagnostic.span = span_at(make_source("<sql>", std::string(sql)), *native.position);
  }
  add_candidates(diagnostic, native);
  diagnostic.help = kind && !kind->help.empty() ? std::string(kind->help) : std::string(advice(native.message));
  if (diagnostic.code == Code::sql_conversion && native.message.starts_with("Unimplemented")) diagnostic.help.clear();
  const bool lacks_file =
      native.message.starts_with("Extension \"") && native.message.find("not found") != std::string::npos;
  if (lacks_file || native.message.starts_with("Failed to download extension")) {
    diagnostic.code = Code::engine_extension;
    diagnostic.help = "list it under `extensions:` of the profile, or put its file into extension_directory";
  }
  if (native.message.find("is launched in read-only mode") != std::string::npos) {
    diagnostic.code = Code::sql_forbidden;
    diagnostic.help.clear();
  }
  return diagnostic;
}

Diagnostic append_error(duckdb_error_type number, std::string_view text) {
  const auto kind = std::ranges::find(kinds, number, &Kind::number);
  if (kind == std::end(kinds) || kind->code == Code::sql_conversion) {
    return {.code = Code::append_failed, .message = std::string(first_line(text))};
  }
  return {.code = kind->code,
          .message = fmt::format("{} Error: {}", kind->type, first_line(text)),
          .help = std::string(kind->help)};
}

Diagnostic open_error(std::string_view text, std::string_view path) {
  const Native native = read(text);
  const auto says = [&](std::string_view part) { return native.message.find(part) != std::string::npos; };
  if (says("Could not set lock") || says("Conflicting lock")) return in_use(native, path);
  if (says("not a valid DuckDB database file") || says("file is encrypted")) {
    return {.code = Code::database_foreign,
            .message = fmt::format("'{}' is not a DuckDB database", path),
            .help = "give another path in the profile, or move the file away; nothing in it was changed"};
  }
  if (says("but we can only read") || says("newer version of DuckDB") || says("older version of DuckDB")) {
    return {.code = Code::engine_version,
            .message = fmt::format("'{}' was written by another version of DuckDB", path),
            .notes = {std::string(first_line(native.message))},
            .help = "export it with that version and import it here (EXPORT DATABASE, IMPORT DATABASE)"};
  }
  if (says("orrupt") || says("checksum") || says("WAL file")) {
    return {.code = Code::database_foreign,
            .message = fmt::format("'{}' is damaged", path),
            .notes = {std::string(first_line(native.message))},
            .help = "restore it from a copy, or move it away and build again"};
  }
  return {.code = Code::database_unopenable,
          .message = fmt::format("'{}' cannot be opened", path),
          .notes = {std::string(first_line(native.message))}};
}

}  // namespace rynd::engine::duck
