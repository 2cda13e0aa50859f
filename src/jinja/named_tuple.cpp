// NamedTuple: see the header.
#include "named_tuple.h"

namespace rynd::jinja {
namespace {

class NamedTuple final : public Object {
 public:
  NamedTuple(std::string type_name, std::vector<std::pair<std::string, Value>> fields)
      : type_name_(std::move(type_name)), fields_(std::move(fields)) {}
  std::string_view type_name() const override { return type_name_; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    for (const auto& [field, value] : fields_) {
      if (field == name) return value;
    }
    return std::optional<Value>();
  }
  Outcome<std::optional<Value>> item(const Value& key) override {
    auto found = get_item(plain(), key);
    if (!found) return std::unexpected(found.error());
    return std::optional(std::move(*found));
  }
  Outcome<IteratorPtr> iterate() override { return jinja::iterate(values()); }
  bool is_iterable() const override { return true; }
  bool is_sequence() const override { return true; }
  std::optional<size_t> length() override { return fields_.size(); }
  bool truth() override { return !fields_.empty(); }
  bool equals(const Value& other) override {
    if (const auto* named = other.as<NamedTuple>()) return plain() == named->plain();
    return other.is_tuple() && plain() == other;
  }
  std::optional<uint64_t> hash() override {
    const auto hashed = jinja::hash(plain());
    return hashed ? std::optional(*hashed) : std::nullopt;
  }
  Outcome<std::optional<Value>> to_jsonable() override { return std::optional(plain()); }
  std::string repr() override {
    std::string text;
    for (const auto& [field, value] : fields_) text += (text.empty() ? "" : ", ") + field + "=" + value.repr();
    return type_name_ + "(" + text + ")";
  }

 private:
  std::vector<Value> values() const {
    std::vector<Value> values;
    for (const auto& [field, value] : fields_) values.push_back(value);
    return values;
  }
  Value plain() const { return Value::tuple(values()); }
  std::string type_name_;
  std::vector<std::pair<std::string, Value>> fields_;
};

}  // namespace

Value named_tuple(std::string type_name, std::vector<std::pair<std::string, Value>> fields) {
  return Value(make<NamedTuple>(std::move(type_name), std::move(fields)));
}

}  // namespace rynd::jinja
