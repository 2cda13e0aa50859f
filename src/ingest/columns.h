// Columns: their names in the warehouse, and which of two types holds the values of both.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "engine/engine.h"
#include "ingest/source.h"

namespace rynd::ingest {

struct Column {
  std::string name;  // in the warehouse
  std::string type;  // as the engine prints it
};

// snake_case as dlt's naming convention of that name: camelCase is split, what is no letter, digit or underscore
// becomes one, a leading digit gets one before it, several become one, and one at the end an x.
std::string column_name(std::string_view name, Naming naming);

// The column of a nested field, whose names stand with `separator` between them: "address.city" is "address__city".
std::string column_path_name(std::string_view path, char separator, Naming naming);

// TINYINT to HUGEINT, signed or not.
bool is_integer_type(std::string_view type);

// The engine's types, asked for once each.
class Types {
 public:
  explicit Types(engine::Connection& connection) : connection_(connection) {}

  // As the engine prints it: "integer" is "INTEGER". nullopt: there is no such type.
  std::optional<std::string> canonical(const std::string& type);
  // The type that holds both: `known` where `incoming` fits in it, a wider number or time where that is enough; nullopt
  // where only a text could hold both.
  std::optional<std::string> widened(const std::string& known, const std::string& incoming);

 private:
  engine::Connection& connection_;
  std::map<std::string, std::optional<std::string>> canonical_;
};

}  // namespace rynd::ingest
