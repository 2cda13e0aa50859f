// Operations: what expressions do to values, the throwing way.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "errors.h"
#include "object.h"
#include "value.h"

namespace rynd::jinja {

// What an undefined value looked for, and how it fails when it is used.
class UndefinedName final : public Counted {
 public:
  // `explanation` is the message, or the object that has no `name`, or missing: "'name' is undefined". The message is
  // only made when it is needed: most undefined values are asked for by `is defined`.
  UndefinedName(Value name, Value explanation, std::string_view type, bool permissive)
      : name(std::move(name)), explanation(std::move(explanation)), type(type), permissive(permissive) {}
  std::string message() const;
  const Value name;
  const Value explanation;
  const std::string_view type;  // the exception; a literal
  const bool permissive;        // attributes, items and calls give it again
  bool of_object = false;       // the explanation is the object
};
class LongText final : public Counted {
 public:
  explicit LongText(std::string value) : text(std::move(value)) {}
  const std::string text;
};

Value make_undefined(std::string name, bool permissive);
Value make_undefined_attr(const Value& object, const Value& name, bool permissive);
[[noreturn]] void throw_undefined(const Value& undefined);

enum class Comparison : uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

Value operate(Operator op, const Value& a, const Value& b);
Value negate(const Value& value);
Value positive(const Value& value);
bool compare_values(Comparison op, const Value& a, const Value& b);
bool less(const Value& a, const Value& b);  // a < b
bool in(const Value& item, const Value& container);
uint64_t hash_of(const Value& value);

size_t length_of(const Value& value);
IteratorPtr iterator_of(const Value& value);
std::vector<Value> items_of(const Value& value);
bool is_iterable(const Value& value);

// `name_hash` is hash_text(name).
Value attribute(const Value& object, std::string_view name, uint64_t name_hash, bool permissive);
// The attribute alone, as Python's getattr; nothing: AttributeError.
std::optional<Value> plain_attribute(const Value& object, std::string_view name);
Value subscript(const Value& object, const Value& key, bool permissive);
// Bounds and step are integers or None.
Value slice(const Value& object, const Value& start, const Value& stop, const Value& step);
Value call_value(const Value& callee, const Arguments& arguments);

// "dict object", "None", "datetime.date object": as undefined values name what they looked into.
std::string describe_type(const Value& value);
// An index of a list or the like: an integer, boolean, or TypeError.
int64_t to_index(const Value& value, std::string_view container);
std::optional<Value> next(Iterator& iterator);

// Throws MemoryError for a size that only a mistake asks for: more than 256 MB.
void check_room(int64_t count, size_t unit = 1);

// What slicing a sequence of a length means, with Python's clamping.
struct SliceRange {
  int64_t start = 0;
  int64_t stop = 0;
  int64_t step = 1;
  size_t count() const;
};
SliceRange slice_range(const Value& start, const Value& stop, const Value& step, size_t length);

}  // namespace rynd::jinja
