// Filters: what the files of filters share.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "native.h"
#include "object.h"
#include "value.h"

namespace rynd::jinja {

// One list a file, each sorted by name.
std::span<const Native> text_filters();
std::span<const Native> web_filters();
std::span<const Native> sequence_filters();
std::span<const Native> choosing_filters();
std::span<const Native> value_filters();

// A string that is safe as HTML: what escape gives, so that escaping twice does it once.
class Markup final : public Object {
 public:
  explicit Markup(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  std::string_view type_name() const override { return "Markup"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  Outcome<std::optional<Value>> item(const Value& key) override;
  Outcome<IteratorPtr> iterate() override;
  bool is_iterable() const override { return true; }
  bool is_sequence() const override { return true; }
  std::optional<size_t> length() override;
  Outcome<std::optional<bool>> contains(const Value& item) override;
  std::string repr() override;
  std::string str() override { return text_; }
  bool truth() override { return !text_.empty(); }
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override { return hash_text(text_); }
  std::optional<std::partial_ordering> compare(const Value& other) override;
  Outcome<std::optional<Value>> operate(Operator op, const Value& other, bool reflected) override;
  Outcome<std::optional<Value>> to_jsonable() override { return Value(text_); }

 private:
  const std::string text_;
};

// A value's text, as str() gives it; markup's own.
std::string soft_text(const Value& value);
std::string escape_html(std::string_view text);

// "a.b.0" walked from a value: items and attributes. `fallback` replaces what is undefined.
class AttributePath {
 public:
  // A string, an integer, or None for the value itself.
  explicit AttributePath(const Value& path, Value fallback = Value::missing());
  Value of(const Value& value) const;

 private:
  std::vector<Value> parts_;
  Value fallback_;
};

// Strings count in lower case where case does not matter.
Value fold_case(const Value& value, bool case_sensitive);
// Calls the filter or test with that name; fails with TemplateRuntimeError where there is none.
const Native& filter_called(std::string_view name);
const Native& test_called(std::string_view name);

}  // namespace rynd::jinja
