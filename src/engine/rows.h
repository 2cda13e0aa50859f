// Rows: results, as a stream of chunks or held whole.
#pragma once

#include <cstddef>
#include <vector>

#include "base/diagnostic.h"
#include "engine/relation.h"
#include "engine/value.h"

namespace rynd::engine {

// A result, read in chunks so that a large one is never whole in memory. It belongs to its connection: the connection's
// next statement ends it.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual const std::vector<Column>& columns() const = 0;
  // Moves to the next chunk; false after the last. Before the first call there is no chunk.
  virtual Result<bool> next() = 0;
  virtual size_t size() const = 0;  // rows in the current chunk
  virtual Value at(size_t row, size_t column) const = 0;
};

// A result held whole.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;
};

}  // namespace rynd::engine
