// Column: the object and its class.
#include "context/column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "transform.h"

namespace rynd::transform {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

template <size_t N>
bool is_one_of(const std::string& type, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, lower(type)) != names.end();
}

constexpr std::array<std::string_view, 5> string_types = {"text", "character varying", "character", "varchar",
                                                          "string"};
constexpr std::array<std::string_view, 17> integer_types = {
    "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint",
    "int1",    "int2",     "int4",    "int8",   "short",   "int",      "signed",    "long"};
constexpr std::array<std::string_view, 6> float_types = {"real",   "float4", "float", "double precision",
                                                         "float8", "double"};
constexpr std::array<std::string_view, 2> numeric_types = {"numeric", "decimal"};

std::string string_type(int64_t size) { return fmt::format("character varying({})", size); }

std::string numeric_type(const std::string& type, std::optional<int64_t> precision, std::optional<int64_t> scale) {
  return precision && scale ? fmt::format("{}({},{})", type, *precision, *scale) : type;
}

std::string optional_text(std::optional<int64_t> number) { return number ? std::to_string(*number) : "None"; }

Value optional_value(std::optional<int64_t> number) { return number ? Value(*number) : Value(); }

class ColumnObject final : public jinja::Object {
 public:
  explicit ColumnObject(ColumnName column) : column_(std::move(column)) {}
  const ColumnName& column() const { return column_; }
  std::string_view type_name() const override { return "DuckDBColumn"; }
  std::string repr() override {
    return fmt::format(
        "DuckDBColumn(column={}, dtype={}, char_size={}, numeric_precision={}, numeric_scale={}, fields={})",
        Value(column_.name).repr(), Value(column_.type).repr(), optional_text(column_.char_size),
        optional_text(column_.precision), optional_text(column_.scale), list_of(column_.fields()).repr());
  }
  std::string str() override { return repr(); }
  bool equals(const Value& other) override {
    const ColumnName* column = column_of(other);
    return column && column->name == column_.name && column->type == column_.type;
  }
  std::optional<uint64_t> hash() override { return jinja::hash_text(column_.name); }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "name" || name == "column") return Value(column_.name);
    if (name == "quoted") return Value("\"" + replace_all(column_.name, "\"", "\"\"") + "\"");
    if (name == "dtype") return Value(column_.type);
    if (name == "data_type" || name == "expanded_data_type") return Value(column_.data_type());
    if (name == "char_size") return optional_value(column_.char_size);
    if (name == "numeric_precision") return optional_value(column_.precision);
    if (name == "numeric_scale") return optional_value(column_.scale);
    if (name == "fields") return list_of(column_.fields());
    return question(name);
  }

 private:
  static Value list_of(const std::vector<ColumnName>& columns) {
    std::vector<Value> values;
    for (const ColumnName& column : columns) values.push_back(make_column(column));
    return Value::list(std::move(values));
  }

  std::optional<Value> question(std::string_view name) {
    auto answers = [&](bool answer) {
      return jinja::function(std::string(name), [answer](const Arguments&) -> Outcome<Value> { return Value(answer); });
    };
    if (name == "is_string") return answers(column_.is_string());
    if (name == "is_integer") return answers(column_.is_integer());
    if (name == "is_numeric") return answers(column_.is_numeric());
    if (name == "is_float") return answers(column_.is_float());
    if (name == "is_number") return answers(column_.is_integer() || column_.is_numeric() || column_.is_float());
    if (name == "is_struct") return answers(column_.is_struct());
    if (name == "flatten") {
      return jinja::function(
          "flatten", [flat = list_of(column_.flattened())](const Arguments&) -> Outcome<Value> { return flat; });
    }
    if (name == "literal") {
      return jinja::function("literal", {{"value"}},
                             [type = column_.data_type()](std::span<const Value> values) -> Outcome<Value> {
                               return Value(values[0].str() + "::" + type);
                             });
    }
    if (name == "string_size") {
      return jinja::function("string_size", [column = column_](const Arguments&) -> Outcome<Value> {
        if (!column.is_string())
          return jinja::raise("RuntimeError", "string_size() of a column that is no text: " + column.name);
        return Value(column.string_size());
      });
    }
    if (name == "can_expand_to") {
      return jinja::function("can_expand_to", {{"other_column"}},
                             [column = column_](std::span<const Value> values) -> Outcome<Value> {
                               const ColumnName* other = column_of(values[0]);
                               return Value(other && column.is_string() && other->is_string() &&
                                            other->string_size() > column.string_size());
                             });
    }
    return {};
  }

  ColumnName column_;
};

// Only texts have another name in the warehouse.
std::string translated(const std::string& type) { return iequals(type, "string") ? "TEXT" : type; }

std::optional<int64_t> optional_number(const Value& value) {
  return value.is_int() ? std::optional<int64_t>(value.as_int()) : std::nullopt;
}

// "character varying(7)", "decimal(10, 2)": the type, and its size or its precision and scale.
Outcome<Value> from_description(std::span<const Value> values) {
  const std::string text = values[1].str();
  const size_t open = text.find('(');
  ColumnName column{values[0].str(), text.substr(0, open)};
  if (open == std::string::npos || open == 0) return make_column(std::move(column));
  const std::string size = text.substr(open + 1, text.find(')', open) - open - 1);
  std::vector<int64_t> numbers;
  for (const std::string& part : split(size, ',')) {
    const std::string_view digits = trim(part);
    int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      return jinja::raise("DbtRuntimeError", fmt::format("Could not interpret data_type \"{}\": could not convert "
                                                         "\"{}\" to an integer",
                                                         text, part));
    }
    numbers.push_back(number);
  }
  if (numbers.size() == 1) column.char_size = numbers[0];
  if (numbers.size() == 2) {
    column.precision = numbers[0];
    column.scale = numbers[1];
  }
  return make_column(std::move(column));
}

class ColumnClass final : public jinja::Object {
 public:
  std::string_view type_name() const override { return "type"; }
  std::string repr() override { return "<class 'DuckDBColumn'>"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override {
    auto values = arguments.bind("Column", {{"column"},
                                            {"dtype"},
                                            {"char_size", Value()},
                                            {"numeric_precision", Value()},
                                            {"numeric_scale", Value()},
                                            {"fields", Value()}});
    if (!values) return std::unexpected(values.error());
    return make_column({(*values)[0].str(), (*values)[1].str(), optional_number((*values)[2]),
                        optional_number((*values)[3]), optional_number((*values)[4])});
  }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "create") {
      return jinja::function("create", {{"name"}, {"label_or_dtype"}},
                             [](std::span<const Value> values) -> Outcome<Value> {
                               return make_column({values[0].str(), translated(values[1].str())});
                             });
    }
    if (name == "translate_type") {
      return jinja::function("translate_type", {{"dtype"}}, [](std::span<const Value> values) -> Outcome<Value> {
        return Value(translated(values[0].str()));
      });
    }
    if (name == "from_description")
      return jinja::function("from_description", {{"name"}, {"raw_data_type"}}, from_description);
    if (name == "string_type") {
      return jinja::function("string_type", {{"size"}}, [](std::span<const Value> values) -> Outcome<Value> {
        return Value(fmt::format("character varying({})", values[0].str()));
      });
    }
    if (name == "numeric_type") {
      return jinja::function(
          "numeric_type", {{"dtype"}, {"precision"}, {"scale"}}, [](std::span<const Value> values) -> Outcome<Value> {
            return Value(numeric_type(values[0].str(), optional_number(values[1]), optional_number(values[2])));
          });
    }
    return std::optional<Value>();
  }
};

}  // namespace

bool ColumnName::is_string() const { return is_one_of(type, string_types); }
bool ColumnName::is_integer() const { return is_one_of(type, integer_types); }
bool ColumnName::is_numeric() const { return is_one_of(type, numeric_types); }
bool ColumnName::is_float() const { return is_one_of(type, float_types); }
bool ColumnName::is_struct() const { return lower(type).starts_with("struct"); }
std::vector<ColumnName> ColumnName::fields() const {
  const size_t open = type.find('(');
  if (!is_struct() || open == std::string::npos || !type.ends_with(')')) return {};
  const std::string inner = type.substr(open + 1, type.size() - open - 2) + ",";
  std::vector<ColumnName> found;
  int depth = 0;
  bool quoted = false;
  size_t begin = 0;
  for (size_t at = 0; at < inner.size(); ++at) {
    const char c = inner[at];
    quoted = quoted != (c == '"');
    if (quoted) continue;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ',' || depth > 0) continue;
    const std::string_view field = trim(std::string_view(inner).substr(begin, at - begin));
    const size_t name_end = field.starts_with('"') ? field.find("\" ") + 1 : field.find(' ');
    if (name_end < field.size())
      found.push_back({std::string(field.substr(0, name_end)), std::string(trim(field.substr(name_end)))});
    begin = at + 1;
  }
  return found;
}
std::vector<ColumnName> ColumnName::flattened() const {
  if (!is_struct()) return {*this};
  std::vector<ColumnName> flat;
  for (const ColumnName& field : fields())
    for (const ColumnName& below : field.flattened()) flat.push_back({name + "." + below.name, below.type});
  return flat;
}
std::string ColumnName::data_type() const {
  if (is_string()) return string_type(string_size());
  return is_numeric() ? numeric_type(type, precision, scale) : type;
}

Value make_column(ColumnName column) { return Value(jinja::make<ColumnObject>(std::move(column))); }

Value make_columns(const std::vector<engine::Column>& columns) {
  std::vector<Value> values;
  values.reserve(columns.size());
  for (const auto& column : columns) values.push_back(make_column({column.name, column.type}));
  return Value::list(std::move(values));
}

const ColumnName* column_of(const Value& value) {
  const auto* object = value.as<ColumnObject>();
  return object ? &object->column() : nullptr;
}

Value column_class() { return Value(jinja::make<ColumnClass>()); }

}  // namespace rynd::transform
