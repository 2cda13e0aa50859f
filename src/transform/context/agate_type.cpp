// AgateType: the type of a column as templates see it.
#include <fmt/format.h>

#include <cstdlib>

#include "context/agate.h"

namespace rynd::transform {

namespace {

using jinja::Outcome;
using jinja::Value;

// A value as agate hands it to a JSON writer: a number as a float, a date or time as ISO text.
Outcome<Value> jsonified(AgateType type, const Value& value) {
  if (value.is_none()) return value;
  switch (type) {
    case AgateType::integer:
    case AgateType::boolean:
      return value;
    case AgateType::number:
      return Value(std::strtod(value.str().c_str(), nullptr));
    case AgateType::date:
    case AgateType::datetime: {
      auto isoformat = jinja::get_attr(value, "isoformat");
      return isoformat ? jinja::call(*isoformat) : isoformat;
    }
    case AgateType::text:
      return Value(value.str());
  }
  return value;
}

class TypeObject final : public jinja::Object {
 public:
  explicit TypeObject(AgateType type) : type_(type) {}
  std::string_view type_name() const override { return name_of(type_); }
  std::string repr() override { return fmt::format("<{} object>", name_of(type_)); }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "jsonify") {
      return jinja::function("jsonify", {{"d"}}, [type = type_](std::span<const Value> values) -> Outcome<Value> {
        return jsonified(type, values[0]);
      });
    }
    if (name == "csvify") {
      return jinja::function("csvify", {{"d"}}, [type = type_](std::span<const Value> values) -> Outcome<Value> {
        const bool plain = type == AgateType::number || type == AgateType::integer || type == AgateType::boolean;
        return plain ? Outcome<Value>(values[0]) : jsonified(type, values[0]);
      });
    }
    return std::optional<Value>();
  }

 private:
  AgateType type_;
};

}  // namespace

Value agate_type(AgateType type) { return Value(jinja::make<TypeObject>(type)); }

}  // namespace rynd::transform
