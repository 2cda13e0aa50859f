// Globals: range, dict, lipsum, cycler, joiner, namespace.
#include <array>

#include "native.h"
#include "objects.h"
#include "operations.h"

namespace rynd::jinja {
namespace {

class Namespace final : public Object {
 public:
  explicit Namespace(Value attributes) : attributes_(std::move(attributes)) {}
  std::string_view type_name() const override { return "jinja2.utils.Namespace"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    const Value* found = attributes_.as_dict().find(name);
    return found ? std::optional<Value>(*found) : std::nullopt;
  }
  Outcome<void> set_attr(std::string_view name, const Value& value) override {
    attributes_.as_dict().set(name, value);
    return {};
  }
  std::string repr() override { return "<Namespace " + attributes_.repr() + ">"; }

 private:
  const Value attributes_;
};

class Cycler final : public Object {
 public:
  explicit Cycler(std::vector<Value> items) : items_(std::move(items)) {}
  std::string_view type_name() const override { return "jinja2.utils.Cycler"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "current") return items_[at_];
    if (name == "pos") return Value(static_cast<int64_t>(at_));
    if (name == "items") return Value::tuple(items_);
    const Ref<Cycler> self = Ref<Cycler>::share(this);
    if (name == "next" || name == "__next__") {
      return function("next", [self](const Arguments&) -> Outcome<Value> {
        const size_t given = self->at_;
        self->at_ = (given + 1) % self->items_.size();
        return self->items_[given];
      });
    }
    if (name == "reset") {
      return function("reset", [self](const Arguments&) -> Outcome<Value> {
        self->at_ = 0;
        return Value();
      });
    }
    return std::nullopt;
  }

 private:
  const std::vector<Value> items_;
  size_t at_ = 0;
};

class Joiner final : public Object {
 public:
  explicit Joiner(Value separator) : separator_(std::move(separator)) {}
  std::string_view type_name() const override { return "jinja2.utils.Joiner"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments&) override { return std::exchange(used_, true) ? separator_ : Value(""); }

 private:
  const Value separator_;
  bool used_ = false;
};

Value make_range(const Bound& bound) {
  constexpr size_t largest = 100'000;  // the sandbox's MAX_RANGE
  int64_t start = 0;
  int64_t stop = bound.integer(0, 0);
  if (bound.has(1)) {
    start = stop;
    stop = bound.integer(1, 0);
  }
  const int64_t step = bound.integer(2, 1);
  if (step == 0) throw_value("range() arg 3 must not be zero");
  Ref<Range> range = make<Range>(start, stop, step);
  if (range->size() > largest) {
    throw_error("OverflowError", "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
  }
  return Value(std::move(range));
}

Value make_dict(const Bound& bound) {
  if (bound.all.size() > 1) {
    throw_type("dict expected at most 1 argument, got " + std::to_string(bound.all.size()));
  }
  const Value result = Value::dict();
  Dict& dict = result.as_dict();
  if (bound.all.size() == 1) {
    const Value& source = bound.all[0];
    if (source.is_dict()) {
      for (const Table::Entry& entry : source.as_dict().entries()) {
        if (!entry.key.is_missing()) dict.set(entry.key, entry.hash, entry.value);
      }
    } else {
      size_t at = 0;
      for (const Value& pair : items_of(source)) {
        const std::vector<Value> parts = items_of(pair);
        if (parts.size() != 2) {
          throw_value("dictionary update sequence element #" + std::to_string(at) + " has length " +
                      std::to_string(parts.size()) + "; 2 is required");
        }
        take(dict.set(parts[0], parts[1]));
        ++at;
      }
    }
  }
  for (size_t at = 0; at < bound.all.named_size(); ++at) dict.set(bound.all.name(at), bound.all.named(at));
  return result;
}

Value make_namespace(const Bound& bound) { return Value(make<Namespace>(make_dict(bound))); }

Value make_cycler(const Bound& bound) {
  if (bound.all.size() == 0) throw_error("RuntimeError", "at least one item has to be provided");
  return Value(make<Cycler>(std::vector<Value>(bound.all.positional().begin(), bound.all.positional().end())));
}

Value make_joiner(const Bound& bound) { return Value(make<Joiner>(bound.value(0, ", "))); }

// Words in an order that looks random and is always the same: a build must not change by itself.
class Words {
 public:
  std::string_view word() {
    static constexpr std::array<std::string_view, 24> words = {
        "lorem", "ipsum", "dolor", "sit",    "amet",   "nullam",  "porta",  "vitae",
        "magna", "augue", "cras",  "felis",  "tempus", "viverra", "nisi",   "donec",
        "massa", "velit", "justo", "mauris", "urna",   "arcu",    "semper", "ante"};
    return words[number(words.size())];
  }
  size_t number(size_t below) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<size_t>(state_ >> 33) % below;
  }

 private:
  uint64_t state_ = 20110101;
};

Value make_lipsum(const Bound& bound) {
  const int64_t paragraphs = bound.integer(0, 5);
  const bool html = bound.flag(1, true);
  const auto least = static_cast<size_t>(std::max<int64_t>(bound.integer(2, 20), 1));
  const auto most = std::max(static_cast<size_t>(std::max<int64_t>(bound.integer(3, 100), 1)), least + 1);
  check_room(paragraphs, most * 8);
  Words words;
  std::string out;
  for (int64_t paragraph = 0; paragraph < paragraphs; ++paragraph) {
    if (paragraph > 0) out += html ? "\n" : "\n\n";
    if (html) out += "<p>";
    const size_t count = least + words.number(most - least);
    for (size_t at = 0; at < count; ++at) {
      std::string word(words.word());
      if (at == 0) word[0] = static_cast<char>(word[0] - 32);
      out += (at == 0 ? "" : " ") + word;
    }
    out += html ? ".</p>" : ".";
  }
  return Value(std::move(out));
}

constexpr std::array<Native, 6> natives = {{
    {"cycler", "Cycler", "*", make_cycler},
    {"dict", "dict", "*", make_dict},
    {"joiner", "Joiner", "sep=", make_joiner},
    {"lipsum", "generate_lorem_ipsum", "n= html= min= max=", make_lipsum},
    {"namespace", "Namespace", "*", make_namespace},
    {"range", "range", "start stop= step=", make_range},
}};

}  // namespace

std::optional<Value> find_global(std::string_view name) {
  const Native* native = find_native(natives, name);
  return native ? std::optional<Value>(bound_method(*native, {})) : std::nullopt;
}

}  // namespace rynd::jinja
