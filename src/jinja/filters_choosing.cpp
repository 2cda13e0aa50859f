// Filters that apply another filter, or a test, to each item: map, select, reject and their like.
#include <array>

#include "filters.h"
#include "objects.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

// The arguments that are left for the filter or test that is named.
struct Rest {
  std::vector<Value> positional, names, named;

  Rest(const Arguments& all, size_t used) {
    for (size_t i = used; i < all.size(); ++i) positional.push_back(all[i]);
    for (size_t i = 0; i < all.named_size(); ++i) {
      names.emplace_back(all.name(i));
      named.push_back(all.named(i));
    }
  }
  Arguments arguments() const { return Arguments(positional, names, named); }
};

using Step = std::function<std::optional<Value>(const Value&)>;

// A lazy walk: what the step gives for each item, without those for which it gives nothing.
Value each(const Bound& bound, std::string name, Step step) {
  if (bound.self.is_undefined() || (!bound.self.is_object() && !bound.self.truth()))
    return generator(std::move(name), [] { return std::nullopt; });
  return generator(
      std::move(name),
      [items = std::shared_ptr<Iterator>(iterator_of(bound.self)), step = std::move(step)]() -> std::optional<Value> {
        while (std::optional<Value> item = next(*items)) {
          if (std::optional<Value> kept = step(*item)) return kept;
        }
        return std::nullopt;
      });
}

Value map(const Bound& bound) {
  const Value* attribute = bound.all.find("attribute");
  if (bound.all.size() == 0 && attribute) {
    const Value* fallback = bound.all.find("default");
    for (size_t i = 0; i < bound.all.named_size(); ++i) {
      if (bound.all.name(i) != "attribute" && bound.all.name(i) != "default") {
        throw_error("FilterArgumentError", "Unexpected keyword argument " + text::repr(bound.all.name(i)));
      }
    }
    return each(bound, "do_map",
                [path = AttributePath(*attribute, fallback && !fallback->is_none() ? *fallback : Value::missing())](
                    const Value& item) { return std::optional(path.of(item)); });
  }
  if (bound.all.size() == 0) throw_error("FilterArgumentError", "map requires a filter argument");
  const Native& filter = filter_called(bound.all[0].str());
  return each(bound, "do_map", [&filter, rest = Rest(bound.all, 1)](const Value& item) {
    return std::optional(call_native(filter, item, rest.arguments()));
  });
}

Value choose(const Bound& bound, std::string name, bool by_attribute, bool wanted) {
  const size_t first = by_attribute ? 1 : 0;
  if (bound.all.size() < first) throw_error("FilterArgumentError", "Missing parameter for attribute name");
  const AttributePath path(by_attribute ? bound.all[0] : Value());
  if (bound.all.size() == first) {
    return each(bound, std::move(name), [path, wanted](const Value& item) {
      return path.of(item).truth() == wanted ? std::optional(item) : std::nullopt;
    });
  }
  const Native& test = test_called(bound.all[first].str());
  return each(bound, std::move(name), [path, wanted, &test, rest = Rest(bound.all, first + 1)](const Value& item) {
    return call_native(test, path.of(item), rest.arguments()).truth() == wanted ? std::optional(item) : std::nullopt;
  });
}

constexpr std::array<Native, 5> natives = {{
    {"map", "do_map", "*", map},
    {"reject", "do_reject", "*", [](const Bound& b) { return choose(b, "do_reject", false, false); }},
    {"rejectattr", "do_rejectattr", "*", [](const Bound& b) { return choose(b, "do_rejectattr", true, false); }},
    {"select", "do_select", "*", [](const Bound& b) { return choose(b, "do_select", false, true); }},
    {"selectattr", "do_selectattr", "*", [](const Bound& b) { return choose(b, "do_selectattr", true, true); }},
}};

}  // namespace

std::span<const Native> choosing_filters() { return natives; }

}  // namespace rynd::jinja
