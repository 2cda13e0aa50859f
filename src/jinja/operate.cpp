// Operate: + - * / // % ** between all kinds, as Python has them.
#include "format.h"
#include "number.h"
#include "operations.h"

namespace rynd::jinja {
namespace {

std::string_view symbol(Operator op) {
  switch (op) {
    case Operator::add:
      return "+";
    case Operator::subtract:
      return "-";
    case Operator::multiply:
      return "*";
    case Operator::divide:
      return "/";
    case Operator::floor_divide:
      return "//";
    case Operator::modulo:
      return "%";
    case Operator::power:
      return "** or pow()";
  }
  return "";
}

size_t repeat_count(const Value& count, size_t size, size_t unit) {
  if (!count.is_int() && !count.is_bool()) throw_error("OverflowError", "cannot fit 'int' into an index-sized integer");
  if (count.as_int() <= 0 || size == 0) return 0;
  check_room(count.as_int(), size * unit);
  return static_cast<size_t>(count.as_int());
}

std::vector<Value> repeated(const std::vector<Value>& items, size_t count) {
  std::vector<Value> out;
  out.reserve(items.size() * count);
  for (size_t turn = 0; turn < count; ++turn) out.insert(out.end(), items.begin(), items.end());
  return out;
}

std::optional<Value> multiply_sequence(const Value& sequence, const Value& count) {
  if (!count.is_integer() && !count.is_bool()) return std::nullopt;
  if (sequence.is_string()) {
    const std::string_view unit = sequence.as_string();
    std::string out;
    const size_t turns = repeat_count(count, unit.size(), 1);
    out.reserve(unit.size() * turns);
    for (size_t turn = 0; turn < turns; ++turn) out += unit;
    return Value(std::move(out));
  }
  if (sequence.is_list()) {
    const std::vector<Value>& items = sequence.as_list().items;
    return Value::list(repeated(items, repeat_count(count, items.size(), sizeof(Value))));
  }
  if (sequence.is_tuple()) {
    const std::vector<Value>& items = sequence.as_tuple().items;
    return Value::tuple(repeated(items, repeat_count(count, items.size(), sizeof(Value))));
  }
  return std::nullopt;
}

std::vector<Value> joined(const std::vector<Value>& a, const std::vector<Value>& b) {
  std::vector<Value> out;
  out.reserve(a.size() + b.size());
  out.insert(out.end(), a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

Value add_sequences(const Value& a, const Value& b) {
  if (a.is_string() && b.is_string()) {
    std::string out;
    out.reserve(a.as_string().size() + b.as_string().size());
    return Value(std::move(out.append(a.as_string()).append(b.as_string())));
  }
  if (a.is_list() && b.is_list()) return Value::list(joined(a.as_list().items, b.as_list().items));
  if (a.is_tuple() && b.is_tuple()) return Value::tuple(joined(a.as_tuple().items, b.as_tuple().items));
  throw_type("can only concatenate " + std::string(a.type_name()) + " (not \"" + std::string(b.type_name()) +
             "\") to " + std::string(a.type_name()));
}

Value difference(const Set& a, const Set& b) {
  const Value result = Value::set();
  for (const Table::Entry& entry : a.entries()) {
    if (!entry.key.is_missing() && !b.find(entry.key, entry.hash)) result.as_set().set(entry.key, entry.hash, {});
  }
  return result;
}

std::string operand_type(const Value& value) { return std::string(value.type_name()); }

[[noreturn]] void throw_unsupported(Operator op, const Value& a, const Value& b) {
  if (op == Operator::multiply) {
    const bool left = a.is_string() || a.is_list() || a.is_tuple();
    const bool right = b.is_string() || b.is_list() || b.is_tuple();
    if (left || right) throw_type("can't multiply sequence by non-int of type '" + operand_type(left ? b : a) + "'");
  }
  throw_type("unsupported operand type(s) for " + std::string(symbol(op)) + ": '" + operand_type(a) + "' and '" +
             operand_type(b) + "'");
}

}  // namespace

void check_room(int64_t count, size_t unit) {
  constexpr size_t most = 1ULL << 28;
  if (count > 0 && unit > 0 && static_cast<uint64_t>(count) > most / unit)
    throw_error("MemoryError", "the result would be too large");
}

Value operate(Operator op, const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return number_operate(op, a, b);
  if (op == Operator::modulo && a.is_string()) return Value(percent_format(a.as_string(), b));
  if (a.is_undefined()) throw_undefined(a);
  if (b.is_undefined()) throw_undefined(b);
  if (a.is_object()) {
    if (std::optional<Value> found = take(a.as_object().operate(op, b, false))) return std::move(*found);
  }
  if (b.is_object()) {
    if (std::optional<Value> found = take(b.as_object().operate(op, a, true))) return std::move(*found);
  }
  if (op == Operator::add && (a.is_string() || a.is_list() || a.is_tuple())) return add_sequences(a, b);
  if (op == Operator::multiply) {
    if (std::optional<Value> found = multiply_sequence(a, b)) return std::move(*found);
    if (std::optional<Value> found = multiply_sequence(b, a)) return std::move(*found);
  }
  if (op == Operator::subtract && a.is_set() && b.is_set()) return difference(a.as_set(), b.as_set());
  throw_unsupported(op, a, b);
}

Value negate(const Value& value) {
  if (value.is_number()) return number_negate(value);
  if (value.is_undefined()) throw_undefined(value);
  if (value.is_object()) {
    if (std::optional<Value> found = take(value.as_object().negate())) return std::move(*found);
  }
  throw_type("bad operand type for unary -: '" + operand_type(value) + "'");
}

Value positive(const Value& value) {
  if (value.is_bool()) return value.as_int();
  if (value.is_number()) return value;
  if (value.is_undefined()) throw_undefined(value);
  if (value.is_object() && value.as_object().to_real()) return value;
  throw_type("bad operand type for unary +: '" + operand_type(value) + "'");
}

}  // namespace rynd::jinja
