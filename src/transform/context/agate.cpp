// Agate: the table object with its rows and columns.
#include "context/agate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rynd::transform {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;
using Print = std::function<void(std::string_view)>;

Value texts(const std::vector<std::string>& names) {
  std::vector<Value> values(names.begin(), names.end());
  return Value::tuple(std::move(values));
}

// agate's MappedSequence: values in order, by place or by key.
class Mapped : public jinja::Object {
 public:
  virtual size_t size() const = 0;
  virtual Value at(size_t index) const = 0;
  virtual std::optional<size_t> place(std::string_view key) const = 0;
  virtual Value keys() const = 0;

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    auto self = jinja::Ref<Mapped>::share(this);
    if (name == "keys")
      return jinja::function("keys", [self](const Arguments&) -> Outcome<Value> { return self->keys(); });
    if (name == "values") {
      return jinja::function("values",
                             [self](const Arguments&) -> Outcome<Value> { return Value::tuple(self->all()); });
    }
    if (name == "items") {
      return jinja::function("items", [self](const Arguments&) -> Outcome<Value> { return self->items(); });
    }
    if (name == "dict") {
      return jinja::function("dict", [self](const Arguments&) -> Outcome<Value> { return self->dict(); });
    }
    if (name == "get") {
      return jinja::function(
          "get", {{"key"}, {"default", Value()}}, [self](std::span<const Value> values) -> Outcome<Value> {
            const auto found = values[0].is_string() ? self->place(values[0].as_string()) : std::nullopt;
            return found ? self->at(*found) : values[1];
          });
    }
    return std::optional<Value>();
  }
  Outcome<std::optional<Value>> item(const Value& key) override {
    if (key.is_int()) {
      const int64_t index = key.as_int() < 0 ? key.as_int() + static_cast<int64_t>(size()) : key.as_int();
      if (index < 0 || index >= static_cast<int64_t>(size())) return std::optional<Value>();
      return at(static_cast<size_t>(index));
    }
    if (!key.is_string()) return std::optional<Value>();
    const auto found = place(key.as_string());
    return found ? std::optional<Value>(at(*found)) : std::nullopt;
  }
  Outcome<jinja::IteratorPtr> iterate() override { return jinja::iterate(all()); }
  bool is_iterable() const override { return true; }
  bool is_sequence() const override { return true; }
  std::optional<size_t> length() override { return size(); }
  bool truth() override { return size() > 0; }
  bool equals(const Value& other) override {
    const auto* mapped = other.as<Mapped>();
    if (!mapped || mapped->size() != size()) return mapped == this;
    for (size_t i = 0; i < size(); ++i) {
      if (!(at(i) == mapped->at(i))) return false;
    }
    return true;
  }
  std::string repr() override {
    std::vector<std::string> shown;
    for (size_t i = 0; i < std::min<size_t>(size(), 5); ++i) shown.push_back(at(i).repr());
    if (size() > 5) shown.emplace_back("...");
    return fmt::format("<agate.{}: ({})>", type_name(), join(shown, ", "));
  }

  std::vector<Value> all() const {
    std::vector<Value> values;
    values.reserve(size());
    for (size_t i = 0; i < size(); ++i) values.push_back(at(i));
    return values;
  }

 private:
  Outcome<Value> items() const {
    auto names = jinja::to_vector(keys());
    if (!names) return std::unexpected(names.error());
    std::vector<Value> pairs;
    for (size_t i = 0; i < size() && i < names->size(); ++i) pairs.push_back(Value::tuple({(*names)[i], at(i)}));
    return Value::list(std::move(pairs));
  }
  Outcome<Value> dict() const {
    auto names = jinja::to_vector(keys());
    if (!names) return std::unexpected(names.error());
    Value result = Value::dict();
    for (size_t i = 0; i < size() && i < names->size(); ++i) {
      if (auto set = result.as_dict().set((*names)[i], at(i)); !set) return std::unexpected(set.error());
    }
    return result;
  }
};

std::optional<size_t> place_of(const AgateData& data, std::string_view name) {
  const auto found = std::find(data.names.begin(), data.names.end(), name);
  return found == data.names.end() ? std::nullopt : std::optional<size_t>(found - data.names.begin());
}

class Row final : public Mapped {
 public:
  Row(AgatePtr data, size_t index) : data_(std::move(data)), index_(index) {}
  std::string_view type_name() const override { return "Row"; }
  size_t size() const override { return data_->names.size(); }
  Value at(size_t index) const override { return data_->rows[index_][index]; }
  std::optional<size_t> place(std::string_view key) const override { return place_of(*data_, key); }
  Value keys() const override { return texts(data_->names); }

 private:
  AgatePtr data_;
  size_t index_;
};

class Column final : public Mapped {
 public:
  Column(AgatePtr data, size_t index) : data_(std::move(data)), index_(index) {}
  std::string_view type_name() const override { return "Column"; }
  size_t size() const override { return data_->rows.size(); }
  Value at(size_t index) const override { return data_->rows[index][index_]; }
  std::optional<size_t> place(std::string_view) const override { return {}; }
  Value keys() const override { return Value(); }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "name") return Value(data_->names[index_]);
    if (name == "index") return Value(static_cast<int64_t>(index_));
    if (name == "data_type") return agate_type(data_->types[index_]);
    auto self = jinja::Ref<Column>::share(this);
    if (name == "values_distinct") {
      return jinja::function("values_distinct",
                             [self](const Arguments&) -> Outcome<Value> { return self->distinct(); });
    }
    if (name == "values_without_nulls") {
      return jinja::function("values_without_nulls", [self](const Arguments&) -> Outcome<Value> {
        auto values = self->all();
        std::erase_if(values, [](const Value& value) { return value.is_none(); });
        return Value::tuple(std::move(values));
      });
    }
    if (name == "values_sorted") {
      return jinja::function("values_sorted", [self](const Arguments&) -> Outcome<Value> { return self->sorted(); });
    }
    return Mapped::attr(name);
  }

 private:
  Outcome<Value> distinct() const {
    std::vector<Value> seen;
    for (auto& value : all()) {
      if (std::find(seen.begin(), seen.end(), value) == seen.end()) seen.push_back(value);
    }
    return Value::tuple(std::move(seen));
  }
  Outcome<Value> sorted() const {
    auto values = all();
    std::stable_sort(values.begin(), values.end(), [](const Value& a, const Value& b) {
      if (a.is_none() || b.is_none()) return !a.is_none() && b.is_none();
      const auto order = jinja::compare(a, b);
      return order && *order == std::partial_ordering::less;
    });
    return Value::tuple(std::move(values));
  }

  AgatePtr data_;
  size_t index_;
};

class Rows final : public Mapped {
 public:
  explicit Rows(AgatePtr data) : data_(std::move(data)) {}
  std::string_view type_name() const override { return "MappedSequence"; }
  size_t size() const override { return data_->rows.size(); }
  Value at(size_t index) const override { return Value(jinja::make<Row>(data_, index)); }
  std::optional<size_t> place(std::string_view) const override { return {}; }
  Value keys() const override { return Value(); }

 private:
  AgatePtr data_;
};

class Columns final : public Mapped {
 public:
  explicit Columns(AgatePtr data) : data_(std::move(data)) {}
  std::string_view type_name() const override { return "MappedSequence"; }
  size_t size() const override { return data_->names.size(); }
  Value at(size_t index) const override { return Value(jinja::make<Column>(data_, index)); }
  std::optional<size_t> place(std::string_view key) const override { return place_of(*data_, key); }
  Value keys() const override { return texts(data_->names); }

 private:
  AgatePtr data_;
};

// A table of some of the columns, in the order of `kept`.
AgateData with_columns(const AgateData& data, const std::vector<size_t>& kept) {
  AgateData result;
  for (size_t column : kept) {
    result.names.push_back(data.names[column]);
    result.types.push_back(data.types[column]);
  }
  for (const auto& row : data.rows) {
    auto& values = result.rows.emplace_back();
    for (size_t column : kept) values.push_back(row[column]);
  }
  return result;
}

// Names and types of a table, without its rows.
AgateData shell(const AgateData& data) { return {data.names, data.types, {}}; }

class Table final : public jinja::Object {
 public:
  Table(AgatePtr data, Print print) : data_(std::move(data)), print_(std::move(print)) {}
  const AgatePtr& data() const { return data_; }
  std::string_view type_name() const override { return "Table"; }
  // As agate prints a table: its structure.
  std::string str() override;
  std::string repr() override { return "<agate.table.Table object>"; }
  Outcome<jinja::IteratorPtr> iterate() override { return Rows(data_).iterate(); }
  bool is_iterable() const override { return true; }
  std::optional<size_t> length() override { return data_->rows.size(); }
  bool truth() override { return !data_->rows.empty(); }
  // table[0] is its first row.
  Outcome<std::optional<Value>> item(const Value& key) override { return Rows(data_).item(key); }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "columns") return Value(jinja::make<Columns>(data_));
    if (name == "rows") return Value(jinja::make<Rows>(data_));
    if (name == "column_names") return texts(data_->names);
    if (name == "column_types") {
      std::vector<Value> types;
      for (AgateType type : data_->types) types.push_back(agate_type(type));
      return Value::tuple(std::move(types));
    }
    if (name == "row_names") return Value();
    return method(name);
  }

 private:
  using Method = Outcome<Value> (Table::*)(const Arguments&) const;
  std::optional<Value> method(std::string_view name) {
    static constexpr std::pair<std::string_view, Method> methods[] = {
        {"print_table", &Table::print_table}, {"select", &Table::select},     {"exclude", &Table::exclude},
        {"rename", &Table::rename},           {"where", &Table::where},       {"limit", &Table::limit},
        {"order_by", &Table::order_by},       {"distinct", &Table::distinct},
    };
    const auto* found = std::begin(methods);
    while (found != std::end(methods) && found->first != name) ++found;
    if (found == std::end(methods)) return {};
    auto self = jinja::Ref<Table>::share(this);
    return jinja::function(std::string(name), [self, body = found->second](const Arguments& arguments) {
      return (self.get()->*body)(arguments);
    });
  }

  Value made(AgateData data) const { return make_agate(std::make_shared<const AgateData>(std::move(data)), print_); }

  Outcome<std::vector<size_t>> places(const Value& key) const {
    std::vector<Value> names{key};
    if (!key.is_string()) {
      auto items = jinja::to_vector(key);
      if (!items) return std::unexpected(items.error());
      names = std::move(*items);
    }
    std::vector<size_t> result;
    for (const auto& name : names) {
      const auto found = place_of(*data_, name.str());
      if (!found) return jinja::raise("KeyError", name.repr());
      result.push_back(*found);
    }
    return result;
  }

  Outcome<Value> select(const Arguments& arguments) const {
    auto values = arguments.bind("select", {{"key"}});
    if (!values) return std::unexpected(values.error());
    auto kept = places((*values)[0]);
    if (!kept) return std::unexpected(kept.error());
    return made(with_columns(*data_, *kept));
  }
  Outcome<Value> exclude(const Arguments& arguments) const {
    auto values = arguments.bind("exclude", {{"key"}});
    if (!values) return std::unexpected(values.error());
    auto left_out = places((*values)[0]);
    if (!left_out) return std::unexpected(left_out.error());
    std::vector<size_t> kept;
    for (size_t i = 0; i < data_->names.size(); ++i) {
      if (std::find(left_out->begin(), left_out->end(), i) == left_out->end()) kept.push_back(i);
    }
    return made(with_columns(*data_, kept));
  }
  Outcome<Value> rename(const Arguments& arguments) const {
    auto values = arguments.bind("rename", {{"column_names", Value()},
                                            {"row_names", Value()},
                                            {"slug_columns", Value(false)},
                                            {"slug_rows", Value(false)}});
    if (!values) return std::unexpected(values.error());
    AgateData result = *data_;
    const Value& names = (*values)[0];
    if (names.is_dict()) {
      for (auto& name : result.names) {
        if (const Value* to = names.as_dict().find(std::string_view(name))) name = to->str();
      }
    } else if (!names.is_none()) {
      auto items = jinja::to_vector(names);
      if (!items) return std::unexpected(items.error());
      for (size_t i = 0; i < items->size() && i < result.names.size(); ++i) result.names[i] = (*items)[i].str();
    }
    return made(std::move(result));
  }
  Outcome<Value> where(const Arguments& arguments) const {
    auto values = arguments.bind("where", {{"test"}});
    if (!values) return std::unexpected(values.error());
    AgateData result = shell(*data_);
    for (size_t i = 0; i < data_->rows.size(); ++i) {
      auto kept = jinja::call((*values)[0], {Value(jinja::make<Row>(data_, i))});
      if (!kept) return std::unexpected(kept.error());
      if (kept->truth()) result.rows.push_back(data_->rows[i]);
    }
    return made(std::move(result));
  }
  Outcome<Value> limit(const Arguments& arguments) const {
    auto values = arguments.bind("limit", {{"start_or_stop"}, {"stop", Value()}, {"step", Value(1)}});
    if (!values) return std::unexpected(values.error());
    const bool pair = !(*values)[1].is_none();
    for (const auto& value : *values) {
      if (!value.is_none() && !value.is_int()) return jinja::raise("TypeError", "limit() takes whole numbers");
    }
    const size_t begin = pair ? static_cast<size_t>(std::max<int64_t>(0, (*values)[0].as_int())) : 0;
    const size_t end = static_cast<size_t>(std::max<int64_t>(0, (*values)[pair ? 1 : 0].as_int()));
    AgateData result = shell(*data_);
    for (size_t i = begin; i < std::min(end, data_->rows.size());
         i += static_cast<size_t>(std::max<int64_t>(1, (*values)[2].as_int()))) {
      result.rows.push_back(data_->rows[i]);
    }
    return made(std::move(result));
  }
  Outcome<Value> order_by(const Arguments& arguments) const {
    auto values = arguments.bind("order_by", {{"key"}, {"reverse", Value(false)}});
    if (!values) return std::unexpected(values.error());
    auto keys = places((*values)[0]);
    if (!keys) return std::unexpected(keys.error());
    AgateData result = *data_;
    std::stable_sort(result.rows.begin(), result.rows.end(), [&](const auto& a, const auto& b) {
      for (size_t key : *keys) {
        if (a[key].is_none() || b[key].is_none()) {
          if (a[key].is_none() != b[key].is_none()) return b[key].is_none();
          continue;
        }
        const auto order = jinja::compare(a[key], b[key]);
        if (order && *order != std::partial_ordering::equivalent) return *order == std::partial_ordering::less;
      }
      return false;
    });
    if ((*values)[1].truth()) std::reverse(result.rows.begin(), result.rows.end());
    return made(std::move(result));
  }
  Outcome<Value> distinct(const Arguments& arguments) const {
    auto values = arguments.bind("distinct", {{"key", Value()}});
    if (!values) return std::unexpected(values.error());
    auto keys = (*values)[0].is_none() ? places(texts(data_->names)) : places((*values)[0]);
    if (!keys) return std::unexpected(keys.error());
    AgateData result = shell(*data_);
    for (const auto& row : data_->rows) {
      const bool seen = std::ranges::any_of(result.rows, [&](const auto& other) {
        return std::ranges::all_of(*keys, [&](size_t key) { return row[key] == other[key]; });
      });
      if (!seen) result.rows.push_back(row);
    }
    return made(std::move(result));
  }
  Outcome<Value> print_table(const Arguments& arguments) const;

  AgatePtr data_;
  Print print_;
};

// A table in Markdown; numbers to the right.
std::string markdown(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                     const std::vector<bool>& right) {
  std::vector<int> widths;
  for (const auto& name : header) widths.push_back(display_width(name));
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  auto line = [&](const std::vector<std::string>& cells) {
    std::string out = "|";
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string pad(static_cast<size_t>(widths[i] - display_width(cells[i])), ' ');
      out += right[i] ? fmt::format(" {}{} |", pad, cells[i]) : fmt::format(" {}{} |", cells[i], pad);
    }
    return out + "\n";
  };
  std::string out = line(header);
  std::vector<std::string> rule;
  for (int width : widths) rule.emplace_back(static_cast<size_t>(width), '-');
  out += line(rule);
  for (const auto& row : rows) out += line(row);
  return out;
}

std::string Table::str() {
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < data_->names.size(); ++i)
    rows.push_back({data_->names[i], std::string(name_of(data_->types[i]))});
  return markdown({"column", "data_type"}, rows, {false, false});
}

Outcome<Value> Table::print_table(const Arguments& arguments) const {
  auto values = arguments.bind("print_table", {{"max_rows", Value(20)},
                                               {"max_columns", Value(6)},
                                               {"output", Value()},
                                               {"max_column_width", Value(20)},
                                               {"locale", Value()},
                                               {"max_precision", Value(3)}});
  if (!values) return std::unexpected(values.error());
  auto most = [&](size_t place, size_t all) {
    const Value& value = (*values)[place];
    return value.is_int() && value.as_int() >= 0 ? std::min(all, static_cast<size_t>(value.as_int())) : all;
  };
  const size_t columns = most(1, data_->names.size());
  const size_t rows = most(0, data_->rows.size());
  const size_t width = most(3, SIZE_MAX);
  auto cut = [&](std::string text) {
    return text.size() > width ? text.substr(0, width - std::min<size_t>(width, 3)) + "..." : text;
  };
  std::vector<std::string> header;
  std::vector<bool> right;
  for (size_t i = 0; i < columns; ++i) {
    header.push_back(cut(data_->names[i]));
    right.push_back(data_->types[i] != AgateType::text);
  }
  std::vector<std::vector<std::string>> cells;
  for (size_t row = 0; row < rows; ++row) {
    auto& line = cells.emplace_back();
    for (size_t i = 0; i < columns; ++i)
      line.push_back(data_->rows[row][i].is_none() ? "" : cut(data_->rows[row][i].str()));
  }
  auto more = [&](std::vector<std::string>& line) { line.emplace_back("..."); };
  if (columns < data_->names.size()) {
    more(header);
    right.push_back(false);
    for (auto& line : cells) more(line);
  }
  if (rows < data_->rows.size()) cells.emplace_back(header.size(), "...");
  if (print_) {
    std::string text = markdown(header, cells, right);
    text.pop_back();
    print_(text);
  }
  return Value();
}

}  // namespace

std::string_view name_of(AgateType type) {
  static constexpr std::string_view names[] = {"Integer", "Number", "Text", "Boolean", "Date", "DateTime"};
  return names[static_cast<size_t>(type)];
}

Value make_agate(AgatePtr data, Print print) { return Value(jinja::make<Table>(std::move(data), std::move(print))); }

AgatePtr agate_data(const Value& value) {
  const auto* table = value.as<Table>();
  return table ? table->data() : nullptr;
}

}  // namespace rynd::transform
