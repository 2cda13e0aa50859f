// modules.itertools: lazy iterators, as far as templates may use them.
#include <algorithm>
#include <functional>

#include "errors.h"
#include "modules.h"
#include "object.h"
#include "operations.h"

namespace rynd::jinja {
namespace {

using Given = std::span<const Value>;
using Step = std::function<std::optional<Value>()>;

class StepIterator final : public Iterator {
 public:
  explicit StepIterator(std::shared_ptr<Step> step) : step_(std::move(step)) {}
  Outcome<std::optional<Value>> next() override {
    return guard([&] { return (*step_)(); });
  }

 private:
  std::shared_ptr<Step> step_;
};

// Python's iterator objects are walked once: all loops over one share its place.
class Lazy final : public Object {
 public:
  Lazy(std::string name, Step step)
      : name_("itertools." + std::move(name)), step_(std::make_shared<Step>(std::move(step))) {}
  std::string_view type_name() const override { return name_; }
  bool is_iterable() const override { return true; }
  Outcome<IteratorPtr> iterate() override { return std::make_unique<StepIterator>(step_); }

 private:
  const std::string name_;
  const std::shared_ptr<Step> step_;
};

Value lazy(std::string name, Step step) { return make<Lazy>(std::move(name), std::move(step)); }

// A list that is walked once.
Value walk(std::string name, std::vector<Value> items) {
  return lazy(std::move(name), [items = std::move(items), at = size_t{0}]() mutable -> std::optional<Value> {
    if (at == items.size()) return std::nullopt;
    return items[at++];
  });
}

std::shared_ptr<Iterator> iterator(const Value& value) { return iterator_of(value); }

std::vector<std::vector<Value>> pools(Given values) {
  std::vector<std::vector<Value>> all;
  for (const Value& value : values) all.push_back(items_of(value));
  return all;
}

Value count(Given given) {
  return lazy("count", [next = given[0], step = given[1]]() mutable -> std::optional<Value> {
    Value now = next;
    next = operate(Operator::add, now, step);
    return now;
  });
}

Value cycle(Given given) {
  return lazy("cycle", [items = items_of(given[0]), at = size_t{0}]() mutable -> std::optional<Value> {
    if (items.empty()) return std::nullopt;
    return items[at++ % items.size()];
  });
}

Value repeat(Given given) {
  const bool endless = given[1].is_none();
  return lazy("repeat",
              [value = given[0], endless, left = endless ? 0 : given[1].as_int()]() mutable -> std::optional<Value> {
                if (!endless && left-- <= 0) return std::nullopt;
                return value;
              });
}

Value accumulate(Given given) {
  struct State {
    std::shared_ptr<Iterator> source;
    Value total;
    bool pending;  // the first value is still to be given
  };
  const bool seeded = !given[2].is_none();
  return lazy("accumulate",
              [state = State{iterator(given[0]), given[2], seeded}, function = given[1],
               started = seeded]() mutable -> std::optional<Value> {
                if (state.pending) {
                  state.pending = false;
                  return state.total;
                }
                const std::optional<Value> item = next(*state.source);
                if (!item) return std::nullopt;
                if (!started)
                  state.total = *item;
                else if (function.is_none())
                  state.total = operate(Operator::add, state.total, *item);
                else
                  state.total = take(call(function, {state.total, *item}));
                started = true;
                return state.total;
              });
}

Value chain_of(std::vector<Value> sources) {
  return lazy("chain",
              [sources = std::move(sources), at = size_t{0},
               current = std::shared_ptr<Iterator>()]() mutable -> std::optional<Value> {
                for (;;) {
                  if (!current) {
                    if (at == sources.size()) return std::nullopt;
                    current = iterator(sources[at++]);
                  }
                  if (std::optional<Value> item = next(*current)) return item;
                  current.reset();
                }
              });
}

Value compress(Given given) {
  return lazy("compress", [data = iterator(given[0]), selectors = iterator(given[1])]() -> std::optional<Value> {
    for (;;) {
      std::optional<Value> item = next(*data);
      const std::optional<Value> selector = next(*selectors);
      if (!item || !selector) return std::nullopt;
      if (selector->truth()) return item;
    }
  });
}

Value islice(const Arguments& arguments) {
  if (arguments.size() < 2 || arguments.size() > 4) throw_type("islice expected 2 to 4 arguments");
  const auto bound = [&](size_t index) -> std::optional<int64_t> {
    if (index >= arguments.size() || arguments[index].is_none()) return std::nullopt;
    if (!arguments[index].is_int() || arguments[index].as_int() < 0) {
      throw_value("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    }
    return arguments[index].as_int();
  };
  const bool only_stop = arguments.size() == 2;
  const int64_t start = only_stop ? 0 : bound(1).value_or(0);
  const std::optional<int64_t> stop = bound(only_stop ? 1 : 2);
  const int64_t step = std::max<int64_t>(1, bound(3).value_or(1));
  return lazy(
      "islice",
      [source = iterator(arguments[0]), at = int64_t{0}, wanted = start, stop, step]() mutable -> std::optional<Value> {
        while (!stop || wanted < *stop) {
          std::optional<Value> item = next(*source);
          if (!item) return std::nullopt;
          if (at++ < wanted) continue;
          wanted += step;
          return item;
        }
        return std::nullopt;
      });
}

Value starmap(Given given) {
  return lazy("starmap", [function = given[0], source = iterator(given[1])]() -> std::optional<Value> {
    const std::optional<Value> item = next(*source);
    if (!item) return std::nullopt;
    return take(call(function, items_of(*item)));
  });
}

Value tee(Given given) {
  const std::vector<Value> items = items_of(given[0]);
  std::vector<Value> copies;
  for (int64_t i = 0; i < given[1].as_int(); ++i) copies.push_back(walk("_tee", items));
  return Value::tuple(std::move(copies));
}

Value zip_longest(const Arguments& arguments) {
  const Value* fill = arguments.find("fillvalue");
  std::vector<std::shared_ptr<Iterator>> sources;
  for (const Value& source : arguments.positional()) sources.push_back(iterator(source));
  return lazy("zip_longest", [sources = std::move(sources), fill = fill ? *fill : Value()]() -> std::optional<Value> {
    std::vector<Value> row;
    bool any = false;
    for (const auto& source : sources) {
      const std::optional<Value> item = next(*source);
      any = any || item;
      row.push_back(item.value_or(fill));
    }
    return any ? std::optional(Value::tuple(std::move(row))) : std::nullopt;
  });
}

Value product(const Arguments& arguments) {
  const Value* repeats = arguments.find("repeat");
  std::vector<std::vector<Value>> sources;
  for (int64_t i = 0; i < (repeats ? repeats->as_int() : 1); ++i) {
    for (auto& pool : pools(arguments.positional())) sources.push_back(std::move(pool));
  }
  bool done = std::ranges::any_of(sources, [](const auto& pool) { return pool.empty(); });
  return lazy(
      "product",
      [at = std::vector<size_t>(sources.size()), sources = std::move(sources), done]() mutable -> std::optional<Value> {
        if (done) return std::nullopt;
        std::vector<Value> row;
        for (size_t i = 0; i < sources.size(); ++i) row.push_back(sources[i][at[i]]);
        size_t wheel = sources.size();
        while (wheel > 0 && ++at[wheel - 1] == sources[wheel - 1].size()) at[--wheel] = 0;
        done = wheel == 0;
        return Value::tuple(std::move(row));
      });
}

enum class Choice : uint8_t { permutations, combinations, with_replacement };

bool allowed(Choice choice, const std::vector<size_t>& chosen, size_t index) {
  switch (choice) {
    case Choice::permutations:
      return std::ranges::find(chosen, index) == chosen.end();
    case Choice::combinations:
      return chosen.empty() || index > chosen.back();
    case Choice::with_replacement:
      return chosen.empty() || index >= chosen.back();
  }
  return false;
}

// All ways to choose, in the order of the positions.
void choose(Choice choice, const std::vector<Value>& items, size_t size, std::vector<size_t>& chosen,
            std::vector<Value>& out) {
  if (chosen.size() == size) {
    std::vector<Value> row;
    for (const size_t index : chosen) row.push_back(items[index]);
    out.push_back(Value::tuple(std::move(row)));
    return;
  }
  for (size_t index = 0; index < items.size(); ++index) {
    if (!allowed(choice, chosen, index)) continue;
    chosen.push_back(index);
    choose(choice, items, size, chosen, out);
    chosen.pop_back();
  }
}

Value choices(std::string name, Choice choice, Given given) {
  const std::vector<Value> items = items_of(given[0]);
  if (given[1].is_int() && given[1].as_int() < 0) throw_value("r must be non-negative");
  const size_t size = given[1].is_none() ? items.size() : static_cast<size_t>(given[1].as_int());
  std::vector<Value> out;
  std::vector<size_t> chosen;
  if (size <= items.size() || (choice == Choice::with_replacement && !items.empty()))
    choose(choice, items, size, chosen, out);
  return walk(std::move(name), std::move(out));
}

// An iterator function with a signature.
Value with_signature(std::string name, std::vector<Parameter> parameters, std::function<Value(Given)> body) {
  return function(std::move(name), std::move(parameters), [body = std::move(body)](Given given) -> Outcome<Value> {
    return guard([&] { return body(given); });
  });
}

Value with_arguments(std::string name, std::function<Value(const Arguments&)> body) {
  return function(std::move(name), [body = std::move(body)](const Arguments& given) -> Outcome<Value> {
    return guard([&] { return body(given); });
  });
}

Value choosing(std::string name, Choice choice, bool size_optional) {
  Parameter size{"r"};
  if (size_optional) size.fallback = Value();
  return with_signature(name, {{"iterable"}, size},
                        [name, choice](Given given) { return choices(name, choice, given); });
}

}  // namespace

Value itertools_module() {
  return record(
      "module",
      {{"count", with_signature("count", {{"start", 0}, {"step", 1}}, count)},
       {"cycle", with_signature("cycle", {{"iterable"}}, cycle)},
       {"repeat", with_signature("repeat", {{"object"}, {"times", Value()}}, repeat)},
       {"accumulate",
        with_signature("accumulate", {{"iterable"}, {"func", Value()}, {"initial", Value()}}, accumulate)},
       {"chain", with_arguments("chain",
                                [](const Arguments& given) {
                                  return chain_of({given.positional().begin(), given.positional().end()});
                                })},
       {"compress", with_signature("compress", {{"data"}, {"selectors"}}, compress)},
       {"islice", with_arguments("islice", islice)},
       {"starmap", with_signature("starmap", {{"function"}, {"iterable"}}, starmap)},
       {"tee", with_signature("tee", {{"iterable"}, {"n", 2}}, tee)},
       {"zip_longest", with_arguments("zip_longest", zip_longest)},
       {"product", with_arguments("product", product)},
       {"permutations", choosing("permutations", Choice::permutations, true)},
       {"combinations", choosing("combinations", Choice::combinations, false)},
       {"combinations_with_replacement", choosing("combinations_with_replacement", Choice::with_replacement, false)}});
}

}  // namespace rynd::jinja
