// Value: what an expression of a template gives: Python's values in 24 bytes, with Python's rules.
//
// None, booleans, integers of any size, floats, strings (UTF-8; lengths and indexes count code points), lists, tuples,
// dicts and sets behave as Python 3's. Everything else (relations, decimals, dates, functions, macros, modules) is an
// Object (object.h). Copies of a list or dict are the same list or dict, as in Python. Reference counts are atomic, so
// values may be copied and read by several threads; changing one from several is a race.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <cstring>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::jinja {

// A Python exception as data: how an operation on values fails.
struct Exception {
  std::string type;     // "TypeError", "UndefinedError", ...
  std::string message;  // Python's words
  // Set where a host failed with a diagnostic of its own; it is what the user sees then.
  std::shared_ptr<const Diagnostic> diagnostic = {};
  // The places in templates it came through, innermost first; the machine adds them.
  std::vector<Label> trace = {};
};
template <class T>
using Outcome = std::expected<T, Exception>;

std::unexpected<Exception> raise(std::string type, std::string message);
std::unexpected<Exception> raise(Diagnostic diagnostic);

// What lives on the heap and is counted.
class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  virtual ~Counted() = default;

  void retain() const { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const {
    if (references_.load(std::memory_order_acquire) == 1 || references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      delete this;
    }
  }
  bool is_shared() const { return references_.load(std::memory_order_acquire) > 1; }

 private:
  mutable std::atomic<uint32_t> references_{1};
};

// A counted pointer. `Ref<T>::adopt(new T)` takes the first reference; prefer make<T>().
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(const Ref& other) : pointer_(other.pointer_) {
    if (pointer_) pointer_->retain();
  }
  Ref(Ref&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  template <class U>
  requires std::is_convertible_v<U*, T*> Ref(Ref<U> other) : pointer_(other.detach()) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  ~Ref() {
    if (pointer_) pointer_->release();
  }
  static Ref adopt(T* pointer) {
    Ref ref;
    ref.pointer_ = pointer;
    return ref;
  }
  static Ref share(T* pointer) {
    if (pointer) pointer->retain();
    return adopt(pointer);
  }
  T* get() const { return pointer_; }
  T* operator->() const { return pointer_; }
  T& operator*() const { return *pointer_; }
  explicit operator bool() const { return pointer_ != nullptr; }
  T* detach() { return std::exchange(pointer_, nullptr); }

 private:
  T* pointer_ = nullptr;
};

template <class T, class... Arguments>
Ref<T> make(Arguments&&... arguments) {
  return Ref<T>::adopt(new T(std::forward<Arguments>(arguments)...));
}

class Value;
class Object;
class List;
class Tuple;
class Dict;
class Set;
class LongText;
class LargeInteger;
class UndefinedName;

class Value {
 public:
  enum class Kind : uint8_t {
    missing,  // a slot that was never assigned; no host ever sees one
    none,
    boolean,
    integer,
    real,
    short_text,  // up to 22 bytes, in place
    long_text,
    large_integer,
    undefined,
    list,
    tuple,
    dict,
    set,
    object,
  };

  Value() : kind_(Kind::none), size_(0) {}
  Value(std::nullptr_t) : Value() {}
  Value(bool value) : kind_(Kind::boolean), size_(0) { store(static_cast<int64_t>(value)); }
  Value(int value) : Value(static_cast<int64_t>(value)) {}
  Value(int64_t value) : kind_(Kind::integer), size_(0) { store(value); }
  Value(long long value) : Value(static_cast<int64_t>(value)) {}
  Value(uint64_t value);
  Value(double value) : kind_(Kind::real), size_(0) { store(value); }
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(std::string_view text);
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(std::string&& text);
  Value(Ref<List> list);
  Value(Ref<Tuple> tuple);
  Value(Ref<Dict> dict);
  Value(Ref<Set> set);
  Value(Ref<LargeInteger> number);
  Value(Ref<UndefinedName> name);
  template <class T>
  requires std::is_base_of_v<Object, T> Value(Ref<T> object) : kind_(Kind::object), size_(0) {
    store_pointer(object.detach());
  }
  Value(const void*) = delete;

  static Value list(std::vector<Value> items = {});
  static Value tuple(std::vector<Value> items = {});
  static Value dict();
  static Value set();
  // An undefined value that names what was looked for: using it fails with "'name' is undefined".
  static Value undefined(std::string name = {});
  // One that fails with a message of its own.
  static Value undefined_because(std::string message);
  static Value missing() {
    Value value;
    value.kind_ = Kind::missing;
    return value;
  }

  Value(const Value& other) : kind_(other.kind_), size_(other.size_) {
    std::memcpy(bytes_, other.bytes_, sizeof(bytes_));
    if (kind_ >= Kind::long_text && pointer()) pointer()->retain();
  }
  Value(Value&& other) noexcept : kind_(other.kind_), size_(other.size_) {
    std::memcpy(bytes_, other.bytes_, sizeof(bytes_));
    other.kind_ = Kind::none;
  }
  Value& operator=(const Value& other) {
    if (this != &other) *this = Value(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    Value old(std::move(*this));
    std::memcpy(static_cast<void*>(this), &other, sizeof(Value));
    other.kind_ = Kind::none;
    return *this;
  }
  ~Value() {
    if (kind_ >= Kind::long_text && pointer()) pointer()->release();
  }

  Kind kind() const { return kind_; }
  bool is_missing() const { return kind_ == Kind::missing; }
  bool is_none() const { return kind_ == Kind::none; }
  bool is_undefined() const { return kind_ == Kind::undefined; }
  bool is_bool() const { return kind_ == Kind::boolean; }
  bool is_int() const { return kind_ == Kind::integer; }  // fits 64 bits; see is_integer()
  bool is_integer() const { return kind_ == Kind::integer || kind_ == Kind::large_integer; }
  bool is_real() const { return kind_ == Kind::real; }
  bool is_number() const { return is_integer() || is_real() || is_bool(); }
  bool is_string() const { return kind_ == Kind::short_text || kind_ == Kind::long_text; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_tuple() const { return kind_ == Kind::tuple; }
  bool is_dict() const { return kind_ == Kind::dict; }
  bool is_set() const { return kind_ == Kind::set; }
  bool is_object() const { return kind_ == Kind::object; }

  // Each needs the kind asked for. References live as long as the value is not assigned.
  bool as_bool() const { return load<int64_t>() != 0; }
  int64_t as_int() const { return load<int64_t>(); }  // also of a boolean
  double as_real() const { return load<double>(); }
  std::string_view as_string() const&;
  std::string_view as_string() const&& = delete;  // a short string would die with the temporary: use str()
  List& as_list() const;
  const Tuple& as_tuple() const;
  Dict& as_dict() const;
  Set& as_set() const;
  const LargeInteger& as_large() const;
  const UndefinedName* as_undefined() const;
  Object& as_object() const;
  // The object where this is one of class T, else nullptr.
  template <class T>
  T* as() const {
    return kind_ == Kind::object ? dynamic_cast<T*>(pointer()) : nullptr;
  }

  bool truth() const;        // Python's bool(x)
  std::string str() const;   // Python's str(x): what {{ x }} prints
  std::string repr() const;  // Python's repr(x)
  void write_str(std::string& out) const;
  void write_repr(std::string& out) const;
  // Python's name of the type: "str", "int", "NoneType", "datetime.datetime".
  std::string_view type_name() const;
  // The same thing, as Python's `is`.
  bool is_same(const Value& other) const;

  Counted* pointer() const { return load<Counted*>(); }

 private:
  template <class T>
  void store(T value) {
    static_assert(sizeof(T) == 8);
    std::memcpy(bytes_, &value, 8);
  }
  void store_pointer(Counted* pointer) { store(pointer); }
  template <class T>
  T load() const {
    T value;
    std::memcpy(&value, bytes_, 8);
    return value;
  }

  alignas(8) char bytes_[22] = {};
  Kind kind_;
  uint8_t size_;  // of a short text
};
static_assert(sizeof(Value) == 24, "a value is three words");

bool operator==(const Value& a, const Value& b);  // Python's ==
// Fails with TypeError where Python does ("'<' not supported between instances of ..."). NaN is unordered.
Outcome<std::partial_ordering> compare(const Value& a, const Value& b);
// Fails with TypeError for lists, dicts and sets.
Outcome<uint64_t> hash(const Value& value);

// As a template says it: `object.name` tries the attribute, then the item; undefined where there is neither.
Outcome<Value> get_attr(const Value& object, std::string_view name);
// `object[key]` tries the item, then the attribute.
Outcome<Value> get_item(const Value& object, const Value& key);
Outcome<size_t> length(const Value& value);
// All items of anything that can be iterated.
Outcome<std::vector<Value>> to_vector(const Value& iterable);
Outcome<bool> contains(const Value& container, const Value& item);  // Python's `item in container`
Outcome<Value> call(const Value& callee, std::vector<Value> positional = {},
                    std::vector<std::pair<std::string, Value>> named = {});

class List final : public Counted {
 public:
  List() = default;
  explicit List(std::vector<Value> values) : items(std::move(values)) {}
  std::vector<Value> items;
};

class Tuple final : public Counted {
 public:
  explicit Tuple(std::vector<Value> values) : items(std::move(values)) {}
  const std::vector<Value> items;
};

// Keys in the order of their insertion, with any hashable key. Up to eight entries are searched in order, more by hash.
class Table {
 public:
  struct Entry {
    Value key;  // missing: the entry was erased
    Value value;
    uint64_t hash = 0;
  };

  size_t size() const { return live_; }
  bool empty() const { return live_ == 0; }
  // The value's place, until the table changes; nullptr where there is none. Fails only for an unhashable key.
  Outcome<Value*> find(const Value& key) const;
  Value* find(std::string_view key) const;
  Value* find(const std::string& key) const { return find(std::string_view(key)); }
  Value* find(const char* key) const { return find(std::string_view(key)); }
  Value* find(std::string_view key, uint64_t hash) const;
  Value* find(const Value& key, uint64_t hash) const;
  Outcome<void> set(Value key, Value value);
  void set(std::string_view key, Value value);
  void set(const std::string& key, Value value) { set(std::string_view(key), std::move(value)); }
  void set(const char* key, Value value) { set(std::string_view(key), std::move(value)); }
  void set(Value key, uint64_t hash, Value value);
  bool erase(const Value& key, uint64_t hash);
  void clear();
  // All entries ever made and not yet swept, erased ones too: skip those whose key is missing.
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }

 private:
  int32_t position(const Value& key, uint64_t hash) const;
  void sweep();
  void index();

  std::vector<Entry> entries_;
  std::vector<int32_t> slots_;  // positions in entries_ by hash; empty while there are few; -1 free
  size_t live_ = 0;
};

class Dict final : public Counted, public Table {};
// A table whose values are None.
class Set final : public Counted, public Table {};

uint64_t hash_text(std::string_view text);

// What YAML and JSON say, as values. Mappings become dicts with string keys.
Value from_node(const Node& node);
// Back; what JSON has no word for (tuples, sets, dates, decimals) becomes as dbt's tojson makes it: lists, text,
// numbers. Fails with TypeError for what cannot be written.
Outcome<Node> to_node(const Value& value);
// Python's json.dumps(value): ", " and ": " between, non-ASCII escaped.
Outcome<std::string> to_json(const Value& value, bool sort_keys = false);

}  // namespace rynd::jinja
