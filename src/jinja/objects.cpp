// Objects: ranges, views of dicts, generators, bytes.
#include "objects.h"

#include "native.h"
#include "text.h"

namespace rynd::jinja {
namespace {

class RangeIterator final : public Iterator {
 public:
  explicit RangeIterator(Ref<Range> range) : range_(std::move(range)), size_(range_->size()) {}
  Outcome<std::optional<Value>> next() override {
    if (at_ == size_) return std::nullopt;
    return Value(range_->at(at_++));
  }

 private:
  const Ref<Range> range_;
  const size_t size_;
  size_t at_ = 0;
};

class ViewIterator final : public Iterator {
 public:
  ViewIterator(Value dict, DictView::Part part) : dict_(std::move(dict)), part_(part), size_(dict_.as_dict().size()) {}
  Outcome<std::optional<Value>> next() override {
    const Dict& dict = dict_.as_dict();
    if (dict.size() != size_) return raise("RuntimeError", "dictionary changed size during iteration");
    while (at_ < dict.entries().size()) {
      const Table::Entry& entry = dict.entries()[at_++];
      if (entry.key.is_missing()) continue;
      switch (part_) {
        case DictView::Part::keys:
          return entry.key;
        case DictView::Part::values:
          return entry.value;
        case DictView::Part::items:
          return Value::tuple({entry.key, entry.value});
      }
    }
    return std::nullopt;
  }

 private:
  const Value dict_;
  const DictView::Part part_;
  const size_t size_;
  size_t at_ = 0;
};

// Gives what the generator still has.
class Rest final : public Iterator {
 public:
  explicit Rest(Ref<Generator> generator) : generator_(std::move(generator)) {}
  Outcome<std::optional<Value>> next() override { return generator_->items().next(); }

 private:
  const Ref<Generator> generator_;
};

class FunctionIterator final : public Iterator {
 public:
  explicit FunctionIterator(std::function<std::optional<Value>()> next) : next_(std::move(next)) {}
  Outcome<std::optional<Value>> next() override { return guard(next_); }

 private:
  const std::function<std::optional<Value>()> next_;
};

// The views of keys and items are sets to these operators.
Value view_set(const Value& iterable) {
  const Value result = Value::set();
  for (const Value& item : items_of(iterable)) take(result.as_set().set(item, {}));
  return result;
}

}  // namespace

size_t Range::size() const {
  if (step_ > 0) {
    return start_ >= stop_
               ? 0
               : (static_cast<uint64_t>(stop_) - static_cast<uint64_t>(start_) - 1) / static_cast<uint64_t>(step_) + 1;
  }
  return start_ <= stop_
             ? 0
             : (static_cast<uint64_t>(start_) - static_cast<uint64_t>(stop_) - 1) / (0 - static_cast<uint64_t>(step_)) +
                   1;
}

Outcome<std::optional<Value>> Range::attr(std::string_view name) {
  if (name == "start") return Value(start_);
  if (name == "stop") return Value(stop_);
  if (name == "step") return Value(step_);
  return std::nullopt;
}

Outcome<std::optional<Value>> Range::item(const Value& key) {
  if (!key.is_int() && !key.is_bool()) return std::nullopt;
  const int64_t index = key.as_int() < 0 ? key.as_int() + static_cast<int64_t>(size()) : key.as_int();
  if (index < 0 || static_cast<size_t>(index) >= size()) return std::nullopt;
  return Value(at(static_cast<size_t>(index)));
}

Outcome<IteratorPtr> Range::iterate() { return std::make_unique<RangeIterator>(Ref<Range>::share(this)); }

Outcome<std::optional<bool>> Range::contains(const Value& item) {
  if (!item.is_int() && !item.is_bool()) return std::nullopt;
  const int64_t number = item.as_int();
  const bool between = step_ > 0 ? number >= start_ && number < stop_ : number <= start_ && number > stop_;
  return between && (number - start_) % step_ == 0;
}

std::string Range::repr() {
  const std::string bounds = "range(" + std::to_string(start_) + ", " + std::to_string(stop_);
  return step_ == 1 ? bounds + ")" : bounds + ", " + std::to_string(step_) + ")";
}

bool Range::equals(const Value& other) {
  const Range* range = other.as<Range>();
  if (!range || range->size() != size()) return false;
  return size() == 0 || (at(0) == range->at(0) && at(size() - 1) == range->at(size() - 1));
}

Value Range::slice(const SliceRange& part) const {
  return Value(make<Range>(start_ + part.start * step_, start_ + part.stop * step_, step_ * part.step));
}

std::string_view DictView::type_name() const {
  return part_ == Part::keys ? "dict_keys" : part_ == Part::values ? "dict_values" : "dict_items";
}

Outcome<IteratorPtr> DictView::iterate() { return std::make_unique<ViewIterator>(dict_, part_); }

Outcome<std::optional<bool>> DictView::contains(const Value& item) {
  if (part_ != Part::keys) return std::nullopt;
  const Outcome<Value*> found = dict_.as_dict().find(item);
  if (!found) return std::unexpected(found.error());
  return *found != nullptr;
}

std::string DictView::repr() {
  return std::string(type_name()) + "(" + Value::list(items_of(Value(Ref<DictView>::share(this)))).repr() + ")";
}

bool DictView::equals(const Value& other) {
  if (part_ == Part::values) return other.is_object() && &other.as_object() == this;
  if (!other.is_set() && !other.as<DictView>()) return false;
  const Outcome<bool> same = guard([&] { return view_set(Value(Ref<DictView>::share(this))) == view_set(other); });
  return same && *same;
}

Outcome<std::optional<Value>> DictView::attr(std::string_view name) {
  if (name == "mapping") return dict_;
  if (part_ == Part::values || name != "isdisjoint") return std::nullopt;
  const Value self(Ref<DictView>::share(this));
  return guard([&] { return plain_attribute(view_set(self), name); });
}

Outcome<std::optional<Value>> DictView::operate(Operator op, const Value& other, bool reflected) {
  if (op != Operator::subtract || part_ == Part::values || !jinja::is_iterable(other)) return std::nullopt;
  return guard([&]() -> std::optional<Value> {
    const Value mine = view_set(Value(Ref<DictView>::share(this)));
    const Value theirs = view_set(other);
    return reflected ? jinja::operate(op, theirs, mine) : jinja::operate(op, mine, theirs);
  });
}

Outcome<IteratorPtr> Generator::iterate() { return std::make_unique<Rest>(Ref<Generator>::share(this)); }

Outcome<std::optional<Value>> Bytes::attr(std::string_view name) {
  if (name == "decode") {
    return function("decode", [text = bytes_](const Arguments&) -> Outcome<Value> { return Value(text); });
  }
  if (name == "hex") {
    std::string hex;
    for (const char c : bytes_) {
      constexpr char digits[] = "0123456789abcdef";
      hex += digits[static_cast<unsigned char>(c) >> 4];
      hex += digits[static_cast<unsigned char>(c) & 15];
    }
    return function("hex", [hex](const Arguments&) -> Outcome<Value> { return Value(hex); });
  }
  return std::nullopt;
}

Outcome<std::optional<Value>> Bytes::item(const Value& key) {
  if (!key.is_int()) return std::nullopt;
  const int64_t index = key.as_int() < 0 ? key.as_int() + static_cast<int64_t>(bytes_.size()) : key.as_int();
  if (index < 0 || static_cast<size_t>(index) >= bytes_.size()) return std::nullopt;
  return Value(static_cast<int64_t>(static_cast<unsigned char>(bytes_[static_cast<size_t>(index)])));
}

Outcome<IteratorPtr> Bytes::iterate() {
  std::vector<Value> items;
  for (const char c : bytes_) items.emplace_back(static_cast<int64_t>(static_cast<unsigned char>(c)));
  return jinja::iterate(std::move(items));
}

std::string Bytes::repr() {
  const char quote = bytes_.find('\'') != std::string::npos && bytes_.find('"') == std::string::npos ? '"' : '\'';
  std::string out = "b";
  out += quote;
  for (const char c : bytes_) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte >= 32 && byte < 127) {
      out += c;
    } else {
      constexpr char digits[] = "0123456789abcdef";
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  out += quote;
  return out;
}

bool Bytes::equals(const Value& other) {
  const Bytes* bytes = other.as<Bytes>();
  return bytes && bytes->bytes_ == bytes_;
}

Value generator(std::string name, std::function<std::optional<Value>()> next) {
  return Value(make<Generator>(std::move(name), std::make_unique<FunctionIterator>(std::move(next))));
}

}  // namespace rynd::jinja
