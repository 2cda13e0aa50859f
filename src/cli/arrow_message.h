// ArrowMessage: the metadata of Arrow's IPC stream: flatbuffers for a schema and for batches of rows.
// https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rynd::cli {

// A column's type, by Arrow's numbers and as far as results need it.
struct ArrowType {
  enum class Kind : uint8_t {
    integer = 2,
    real = 3,
    binary = 4,
    text = 5,
    boolean = 6,
    decimal = 7,
    date = 8,
    time = 9,
    timestamp = 10
  };
  Kind kind = Kind::text;
  int bits = 64;          // of integers (8..64) and reals (32, 64)
  bool is_signed = true;  // of integers
  int precision = 38;     // of decimals
  int scale = 0;
  bool zoned = false;  // of timestamps: UTC
};

struct ArrowField {
  std::string name;
  ArrowType type;
};

// The buffers of one column in a batch: validity bits ("" where nothing is null), offsets of texts, and the data.
struct ArrowColumn {
  int64_t nulls = 0;
  std::vector<std::string> buffers;
};

// The stream's first message.
std::string arrow_schema(const std::vector<ArrowField>& fields);
// A message with `rows` rows of all columns.
std::string arrow_batch(int64_t rows, const std::vector<ArrowColumn>& columns);
// What ends the stream.
std::string arrow_end();

}  // namespace rynd::cli
