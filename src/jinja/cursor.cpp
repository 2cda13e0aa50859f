// Cursor: stepping over lists, tuples and ranges by index, over all else by an iterator with what it was asked ahead.
#include "cursor.h"

#include <array>

#include "machine.h"
#include "objects.h"

namespace rynd::jinja {

Cursor::Cursor(Value items, bool counts) : items_(std::move(items)), counts_(counts) {
  if (items_.is_list()) {
    sequence_ = &items_.as_list().items;
  } else if (items_.is_tuple()) {
    sequence_ = &items_.as_tuple().items;
  } else if (Range* range = items_.as<Range>()) {
    range_ = range;
    count_ = range->size();
  } else {
    iterator_ = iterator_of(items_);
  }
}

bool Cursor::pull(Value& item) {
  if (sequence_) {
    if (taken_ >= sequence_->size()) return false;
    item = (*sequence_)[taken_++];
    return true;
  }
  if (range_) {
    if (taken_ >= *count_) return false;
    item = Value(range_->at(taken_++));
    return true;
  }
  Outcome<std::optional<Value>> pulled = iterator_->next();
  if (!pulled) throw Raised{std::move(pulled.error())};
  if (!*pulled) return false;
  ++taken_;
  item = std::move(**pulled);
  return true;
}

bool Cursor::next(Value& item) {
  if (!counts_) {
    if (!pull(item)) return false;
    ++position_;
    return true;
  }
  if (!ahead_.empty()) {
    item = std::move(ahead_.front());
    ahead_.pop_front();
  } else if (!pull(item)) {
    return false;
  }
  ++position_;
  previous_ = std::move(current_);
  current_ = item;
  return true;
}

const Value* Cursor::peek() {
  if (ahead_.empty()) {
    Value item;
    if (!pull(item)) return nullptr;
    ahead_.push_back(std::move(item));
  }
  return &ahead_.front();
}

size_t Cursor::count() {
  if (count_) return *count_;
  if (sequence_) {
    count_ = sequence_->size();
  } else if (const auto known = items_.is_object() ? items_.as_object().length() : std::nullopt) {
    count_ = *known;
  } else {
    Value item;
    while (pull(item)) ahead_.push_back(std::move(item));
    count_ = position_ + ahead_.size();
  }
  return *count_;
}

Value Cursor::get(LoopAttribute attribute) {
  const auto index0 = static_cast<int64_t>(position_) - 1;
  switch (attribute) {
    case LoopAttribute::index:
      return index0 + 1;
    case LoopAttribute::index0:
      return index0;
    case LoopAttribute::first:
      return index0 == 0;
    case LoopAttribute::last:
      return peek() == nullptr;
    case LoopAttribute::length:
      return static_cast<int64_t>(count());
    case LoopAttribute::revindex:
      return static_cast<int64_t>(count()) - index0;
    case LoopAttribute::revindex0:
      return static_cast<int64_t>(count()) - index0 - 1;
    case LoopAttribute::previtem:
      return previous_.is_missing() ? Value::undefined_because("there is no previous item") : previous_;
    case LoopAttribute::nextitem: {
      const Value* item = peek();
      return item ? *item : Value::undefined_because("there is no next item");
    }
    case LoopAttribute::depth:
      return static_cast<int64_t>(depth_) + 1;
    case LoopAttribute::depth0:
      return static_cast<int64_t>(depth_);
  }
  return {};
}

Value Cursor::changed(const Arguments& arguments) {
  Value now = Value::tuple({arguments.positional().begin(), arguments.positional().end()});
  if (!last_checked_.is_missing() && last_checked_ == now) return false;
  last_checked_ = std::move(now);
  return true;
}

Value Cursor::cycle(const Arguments& arguments) {
  if (arguments.size() == 0) throw_type("no items for cycling given");
  return arguments[(position_ - 1) % arguments.size()];
}

Outcome<std::optional<Value>> Cursor::attr(std::string_view name) {
  static constexpr std::array<std::string_view, 11> names = {
      "index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem", "depth", "depth0"};
  for (size_t at = 0; at < names.size(); ++at) {
    if (names[at] == name) {
      return guard([&]() -> std::optional<Value> { return get(static_cast<LoopAttribute>(at)); });
    }
  }
  const Ref<Cursor> self = Ref<Cursor>::share(this);
  if (name == "changed") {
    return function("changed",
                    [self](const Arguments& arguments) -> Outcome<Value> { return self->changed(arguments); });
  }
  if (name == "cycle") {
    return function("cycle", [self](const Arguments& arguments) -> Outcome<Value> {
      return guard([&] { return self->cycle(arguments); });
    });
  }
  return std::nullopt;
}

Outcome<Value> Cursor::call(const Arguments& arguments) {
  if (body_.is_none()) return raise("TypeError", "The loop must have the 'recursive' marker to be called.");
  return guard([&] {
    if (arguments.size() != 1) throw_type("loop() takes exactly one argument");
    return static_cast<Macro&>(body_.as_object()).recurse(arguments[0], depth_ + 1, arguments);
  });
}

std::string Cursor::repr() { return "<LoopContext " + std::to_string(position_) + "/" + std::to_string(count()) + ">"; }

}  // namespace rynd::jinja
