// Value: making and telling apart values.
#include "value.h"

#include "number.h"
#include "object.h"
#include "operations.h"

namespace rynd::jinja {
namespace {

constexpr size_t longest_short_text = 22;

}  // namespace

Value::Value(uint64_t value) : Value() {
  if (value <= INT64_MAX) {
    *this = Value(static_cast<int64_t>(value));
  } else {
    *this = make_integer(Big(value));
  }
}

Value::Value(std::string_view text) : kind_(Kind::short_text), size_(0) {
  if (text.size() <= longest_short_text) {
    size_ = static_cast<uint8_t>(text.size());
    if (!text.empty()) std::memcpy(bytes_, text.data(), text.size());
  } else {
    kind_ = Kind::long_text;
    store_pointer(new LongText(std::string(text)));
  }
}

Value::Value(std::string&& text) : kind_(Kind::short_text), size_(0) {
  if (text.size() <= longest_short_text) {
    size_ = static_cast<uint8_t>(text.size());
    std::memcpy(bytes_, text.data(), text.size());
  } else {
    kind_ = Kind::long_text;
    store_pointer(new LongText(std::move(text)));
  }
}

Value::Value(Ref<List> list) : kind_(Kind::list), size_(0) { store_pointer(list.detach()); }
Value::Value(Ref<Tuple> tuple) : kind_(Kind::tuple), size_(0) { store_pointer(tuple.detach()); }
Value::Value(Ref<Dict> dict) : kind_(Kind::dict), size_(0) { store_pointer(dict.detach()); }
Value::Value(Ref<Set> set) : kind_(Kind::set), size_(0) { store_pointer(set.detach()); }
Value::Value(Ref<LargeInteger> number) : kind_(Kind::large_integer), size_(0) { store_pointer(number.detach()); }

Value Value::list(std::vector<Value> items) { return Value(make<List>(std::move(items))); }
Value Value::tuple(std::vector<Value> items) { return Value(make<Tuple>(std::move(items))); }
Value Value::dict() { return Value(make<Dict>()); }
Value Value::set() { return Value(make<Set>()); }

Value Value::undefined(std::string name) { return make_undefined(std::move(name), false); }

Value Value::undefined_because(std::string message) {
  return Value(make<UndefinedName>(Value(""), Value(std::move(message)), "UndefinedError", false));
}

Value make_undefined(std::string name, bool permissive) {
  return Value(make<UndefinedName>(Value(std::move(name)), Value::missing(), "UndefinedError", permissive));
}

Value::Value(Ref<UndefinedName> name) : kind_(Kind::undefined), size_(0) { store_pointer(name.detach()); }

std::string_view Value::as_string() const& {
  return kind_ == Kind::short_text ? std::string_view(bytes_, size_)
                                   : std::string_view(static_cast<const LongText*>(pointer())->text);
}

List& Value::as_list() const { return *static_cast<List*>(pointer()); }
const Tuple& Value::as_tuple() const { return *static_cast<const Tuple*>(pointer()); }
Dict& Value::as_dict() const { return *static_cast<Dict*>(pointer()); }
Set& Value::as_set() const { return *static_cast<Set*>(pointer()); }
const LargeInteger& Value::as_large() const { return *static_cast<const LargeInteger*>(pointer()); }
const UndefinedName* Value::as_undefined() const { return static_cast<const UndefinedName*>(pointer()); }
Object& Value::as_object() const { return *static_cast<Object*>(pointer()); }

bool Value::truth() const {
  switch (kind_) {
    case Kind::missing:
    case Kind::none:
    case Kind::undefined:
      return false;
    case Kind::boolean:
    case Kind::integer:
      return as_int() != 0;
    case Kind::real:
      return as_real() != 0;
    case Kind::short_text:
      return size_ != 0;
    case Kind::long_text:
    case Kind::large_integer:
      return true;
    case Kind::list:
      return !as_list().items.empty();
    case Kind::tuple:
      return !as_tuple().items.empty();
    case Kind::dict:
      return !as_dict().empty();
    case Kind::set:
      return !as_set().empty();
    case Kind::object:
      return as_object().truth();
  }
  return false;
}

std::string_view Value::type_name() const {
  switch (kind_) {
    case Kind::missing:
    case Kind::undefined:
      return "Undefined";
    case Kind::none:
      return "NoneType";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
    case Kind::large_integer:
      return "int";
    case Kind::real:
      return "float";
    case Kind::short_text:
    case Kind::long_text:
      return "str";
    case Kind::list:
      return "list";
    case Kind::tuple:
      return "tuple";
    case Kind::dict:
      return "dict";
    case Kind::set:
      return "set";
    case Kind::object:
      return as_object().type_name();
  }
  return "";
}

bool Value::is_same(const Value& other) const {
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::missing:
    case Kind::none:
      return true;
    case Kind::boolean:
    case Kind::integer:
      return as_int() == other.as_int();
    case Kind::real:
      return as_real() == other.as_real();
    // Python shares equal short strings and literals; so do we, always.
    case Kind::short_text:
    case Kind::long_text:
      return as_string() == other.as_string();
    case Kind::large_integer:
      return as_large().value == other.as_large().value;
    default:
      return pointer() == other.pointer();
  }
}

}  // namespace rynd::jinja
