// Arrow: a column's cells to its buffers.
#include "arrow.h"

#include <algorithm>
#include <charconv>

#include "arrow_message.h"
#include "base/text.h"

namespace rynd::cli {
namespace {

using engine::TypeKind;
using engine::Value;
using Kind = ArrowType::Kind;

ArrowType integer_type(std::string_view name) {
  const bool is_signed = !name.starts_with("U");
  if (!is_signed) name.remove_prefix(1);
  const int bits = name == "TINYINT" ? 8 : name == "SMALLINT" ? 16 : name == "INTEGER" ? 32 : 64;
  // What needs more than 64 bits is a decimal without decimals; so are 64 unsigned ones, of which a cell has no type.
  if (name == "HUGEINT" || (name == "BIGINT" && !is_signed)) return {.kind = Kind::decimal};
  return {.kind = Kind::integer, .bits = bits, .is_signed = is_signed};
}

// "DECIMAL(18,3)"
ArrowType decimal_type(std::string_view name) {
  ArrowType type{.kind = Kind::decimal};
  const size_t open = name.find('(');
  const size_t comma = name.find(',');
  if (open == std::string_view::npos || comma == std::string_view::npos) return type;
  std::from_chars(name.data() + open + 1, name.data() + comma, type.precision);
  std::from_chars(name.data() + comma + 1, name.data() + name.size(), type.scale);
  return type;
}

ArrowType type_of(const engine::Column& column) {
  switch (column.kind) {
    case TypeKind::boolean:
      return {.kind = Kind::boolean};
    case TypeKind::integer:
      return integer_type(column.type);
    case TypeKind::real:
      return {.kind = Kind::real, .bits = column.type == "FLOAT" ? 32 : 64};
    case TypeKind::decimal:
      return decimal_type(column.type);
    case TypeKind::date:
      return {.kind = Kind::date};
    case TypeKind::time:
      return column.type == "TIME" ? ArrowType{.kind = Kind::time} : ArrowType{};
    case TypeKind::timestamp:
      return {.kind = Kind::timestamp};
    case TypeKind::timestamp_tz:
      return {.kind = Kind::timestamp, .zoned = true};
    default:
      return {.kind = column.kind == TypeKind::blob ? Kind::binary : Kind::text};
  }
}

template <class Number>
void append(std::string& bytes, Number value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// The cells of one column in one chunk.
class Cells {
 public:
  explicit Cells(const ArrowType& type) : type_(type) {
    if (has_offsets()) append<int32_t>(offsets_, 0);
  }

  void add(const Value& value) {
    set_bit(validity_, rows_, !value.is_null());
    nulls_ += value.is_null();
    write(value);
    ++rows_;
  }

  ArrowColumn take() {
    ArrowColumn column{nulls_, {nulls_ > 0 ? std::move(validity_) : std::string()}};
    if (has_offsets()) column.buffers.push_back(std::move(offsets_));
    column.buffers.push_back(std::move(data_));
    return column;
  }

 private:
  bool has_offsets() const { return type_.kind == Kind::text || type_.kind == Kind::binary; }

  static void set_bit(std::string& bits, size_t at, bool on) {
    if (at % 8 == 0) bits.push_back('\0');
    if (on) bits.back() = static_cast<char>(static_cast<unsigned char>(bits.back()) | 1U << (at % 8));
  }

  template <class Of>
  static Of or_none(const Value& value) {
    const Of* found = value.get_if<Of>();
    return found ? *found : Of();
  }

  void write(const Value& value) {
    switch (type_.kind) {
      case Kind::boolean:
        return set_bit(data_, rows_, or_none<bool>(value));
      case Kind::integer: {
        const int64_t whole = or_none<int64_t>(value);
        data_.append(reinterpret_cast<const char*>(&whole), static_cast<size_t>(type_.bits) / 8);
        return;
      }
      case Kind::real:
        return type_.bits == 32 ? append(data_, static_cast<float>(or_none<double>(value)))
                                : append(data_, or_none<double>(value));
      case Kind::decimal:
        return append(data_, unscaled(value));
      case Kind::date:
        return append(data_, or_none<engine::Date>(value).days);
      case Kind::time:
        return append(data_, or_none<engine::Time>(value).micros);
      case Kind::timestamp:
        return append(data_, or_none<engine::Timestamp>(value).micros);
      case Kind::text:
      case Kind::binary:
        break;
    }
    if (const engine::Blob* blob = value.get_if<engine::Blob>())
      data_ += blob->bytes;
    else if (!value.is_null())
      data_ += engine::to_text(value);
    append(offsets_, static_cast<int32_t>(data_.size()));
  }

  static engine::int128 unscaled(const Value& value) {
    if (const auto* decimal = value.get_if<engine::Decimal>()) return decimal->unscaled;
    if (const auto* wide = value.get_if<engine::int128>()) return *wide;
    return or_none<int64_t>(value);
  }

  const ArrowType& type_;
  size_t rows_ = 0;
  int64_t nulls_ = 0;
  std::string validity_;
  std::string offsets_;
  std::string data_;
};

}  // namespace

Result<void> print_arrow(engine::Rows& rows, Console& console) {
  std::vector<ArrowField> fields;
  for (const engine::Column& column : rows.columns()) fields.push_back({column.name, type_of(column)});
  console.out(arrow_schema(fields));
  while (true) {
    const Result<bool> more = rows.next();
    if (!more) return fail(more.error());
    if (!*more) break;
    std::vector<ArrowColumn> columns;
    for (size_t column = 0; column < fields.size(); ++column) {
      Cells cells(fields[column].type);
      for (size_t row = 0; row < rows.size(); ++row) cells.add(rows.at(row, column));
      columns.push_back(cells.take());
    }
    console.out(arrow_batch(static_cast<int64_t>(rows.size()), columns));
  }
  console.out(arrow_end());
  return {};
}

}  // namespace rynd::cli
