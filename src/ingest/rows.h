// Rows: JSON values become rows on the stage: nested objects flattened with "__", arrays kept as JSON, types found by
// looking.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "selector.h"
#include "stage.h"

namespace simdjson::dom {
class element;
}

namespace rynd::ingest {

// A JSON text that can be asked by path. It owns what was parsed until the next parse.
class Json {
 public:
  Json();
  ~Json();
  // RYND0212 with the place of the first error in the text where it is no JSON.
  Result<void> parse(std::string_view text, const std::string& what);
  // The scalar at a path as text, "" where there is none or null; booleans as "true" and "false".
  std::string text_at(const Selector& path) const;
  // Whether something other than null is there.
  bool has(const Selector& path) const;
  const simdjson::dom::element& root() const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

// Extra columns that every row of a page gets: fields of the parent.
using ExtraColumns = std::vector<std::pair<std::string, std::optional<std::string>>>;

class Rows {
 public:
  Rows(Stage& stage, engine::Connection& connection, std::string resource);

  // Finds the rows of an answer and adds them: what `selector` names (without one: the list itself, the one list in it,
  // or the object as a row). With `zip_arrays` an object of equally long arrays. The number of rows.
  Result<int64_t> add_page(const Json& json, const std::optional<Selector>& selector, bool zip_arrays,
                           const std::string& file, const ExtraColumns& extra, std::optional<int64_t> limit);
  // One object of an NDJSON file.
  Result<void> add_row(const Json& json, const std::string& file, int64_t line);
  // Gives the stage what is still held, and the types that were found.
  Result<void> finish();
  int64_t count() const { return count_; }

 private:
  enum class Found : uint8_t { nothing, boolean, bigint, real, date, timestamp, timestamp_tz, text, json };
  struct Cells {
    std::string name;
    Found found = Found::nothing;
    std::vector<std::optional<std::string>> values;  // as many as there are rows, filled up when flushed
  };

  Result<void> row(const simdjson::dom::element& element, const std::string& file, int64_t line,
                   const ExtraColumns& extra);
  Result<void> end_row(const std::string& file, int64_t line, const ExtraColumns& extra);
  Result<void> object(const simdjson::dom::element& element, const std::string& prefix);
  Result<void> field(const std::string& name, const simdjson::dom::element& element);
  Result<int64_t> zip(const simdjson::dom::element& element, const std::string& file, const ExtraColumns& extra,
                      std::optional<int64_t> limit);
  Result<Cells*> cells(const std::string& field);
  static Found join(Found a, Found b);
  static std::string type_of(Found found);
  Result<void> flush();

  Stage& stage_;
  engine::Connection& connection_;
  std::string resource_;
  std::vector<std::unique_ptr<Cells>> columns_;
  std::map<std::string, Cells*, std::less<>> by_field_;
  std::vector<std::pair<std::string, int64_t>> places_;  // file and line of each row that is held
  int64_t count_ = 0;
};

}  // namespace rynd::ingest
