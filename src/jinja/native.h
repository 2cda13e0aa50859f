// Native: how the built-in functions, methods, filters and tests say their parameters, and get them bound.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "errors.h"
#include "object.h"
#include "value.h"

namespace rynd::jinja {

// Names of parameters: "s width= break_long_words=": '=' marks those that may be left out; "*" takes any arguments.
class Signature {
 public:
  static constexpr size_t most = 8;
  consteval Signature(const char* text) {
    for (const char* at = text; *at != 0;) {
      const char* begin = at;
      while (*at != 0 && *at != ' ') ++at;
      std::string_view word(begin, static_cast<size_t>(at - begin));
      if (word == "*") {
        open = true;
      } else {
        if (word.back() == '=') {
          word.remove_suffix(1);
        } else {
          required = static_cast<uint8_t>(count + 1);
        }
        names[count++] = word;
      }
      while (*at == ' ') ++at;
    }
  }
  std::array<std::string_view, most> names;
  uint8_t count = 0;
  uint8_t required = 0;
  bool open = false;  // the function looks at the arguments itself
};

// The arguments of one call by their parameter's number.
struct Bound {
  const Value& self;  // of a method
  std::array<const Value*, Signature::most> values = {};
  const Arguments& all;

  bool has(size_t index) const { return values[index] != nullptr; }
  const Value& operator[](size_t index) const { return *values[index]; }
  // Those left out, and None where it means the same, give the fallback.
  Value value(size_t index, Value fallback = {}) const { return has(index) ? *values[index] : std::move(fallback); }
  bool flag(size_t index, bool fallback = false) const { return has(index) ? values[index]->truth() : fallback; }
  int64_t integer(size_t index, int64_t fallback) const;
  // Fails with TypeError for what is no string.
  std::string_view string(size_t index, std::string_view fallback = {}) const;
  bool is_given(size_t index) const { return has(index) && !values[index]->is_none(); }
};

struct Native {
  std::string_view name;
  std::string_view python_name;  // in messages
  Signature signature;
  Value (*run)(const Bound& arguments);
};

Value call_native(const Native& native, const Value& self, const Arguments& arguments);
// A callable of a native and the value it is a method of.
Value bound_method(const Native& method, const Value& self);

// The one with that name in a list sorted by name; nullptr where there is none.
const Native* find_native(std::span<const Native> sorted, std::string_view name);

// Methods of strings, lists, tuples, dicts, sets and numbers.
const Native* find_method(Value::Kind kind, std::string_view name);
const Native* find_filter(std::string_view name);
const Native* find_test(std::string_view name);
std::vector<std::string> filter_names();
std::vector<std::string> test_names();
// range, dict, lipsum, cycler, joiner, namespace.
std::optional<Value> find_global(std::string_view name);

// One list a kind, each sorted by name.
std::span<const Native> string_methods();
std::span<const Native> string_format_methods();
std::span<const Native> list_methods();
std::span<const Native> tuple_methods();
std::span<const Native> dict_methods();
std::span<const Native> set_methods();
std::span<const Native> number_methods();

}  // namespace rynd::jinja
