// Objects: the built-in classes of the language that are not values themselves: ranges, views of dicts, generators.
#pragma once

#include <string>
#include <vector>

#include "object.h"
#include "operations.h"
#include "value.h"

namespace rynd::jinja {

class Range final : public Object {
 public:
  Range(int64_t start, int64_t stop, int64_t step) : start_(start), stop_(stop), step_(step) {}
  std::string_view type_name() const override { return "range"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  Outcome<std::optional<Value>> item(const Value& key) override;
  Outcome<IteratorPtr> iterate() override;
  bool is_iterable() const override { return true; }
  bool is_sequence() const override { return true; }
  std::optional<size_t> length() override { return size(); }
  Outcome<std::optional<bool>> contains(const Value& item) override;
  std::string repr() override;
  bool truth() override { return size() > 0; }
  bool equals(const Value& other) override;

  size_t size() const;
  int64_t at(size_t index) const { return start_ + static_cast<int64_t>(index) * step_; }
  Value slice(const SliceRange& part) const;

 private:
  const int64_t start_;
  const int64_t stop_;
  const int64_t step_;
};

// dict.keys(), dict.values(), dict.items(): what the dict has now.
class DictView final : public Object {
 public:
  enum class Part : uint8_t { keys, values, items };
  DictView(Value dict, Part part) : dict_(std::move(dict)), part_(part) {}
  std::string_view type_name() const override;
  Outcome<IteratorPtr> iterate() override;
  bool is_iterable() const override { return true; }
  std::optional<size_t> length() override { return dict_.as_dict().size(); }
  Outcome<std::optional<bool>> contains(const Value& item) override;
  std::string repr() override;
  bool truth() override { return !dict_.as_dict().empty(); }
  bool equals(const Value& other) override;
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  Outcome<std::optional<Value>> operate(Operator op, const Value& other, bool reflected) override;
  const Value& dict() const { return dict_; }
  Part part() const { return part_; }

 private:
  const Value dict_;
  const Part part_;
};

// What map, select and their like give: walked over once, always true.
class Generator final : public Object {
 public:
  Generator(std::string name, IteratorPtr items) : name_(std::move(name)), items_(std::move(items)) {}
  std::string_view type_name() const override { return "generator"; }
  Outcome<IteratorPtr> iterate() override;
  bool is_iterable() const override { return true; }
  std::string repr() override { return "<generator object " + name_ + ">"; }
  Iterator& items() { return *items_; }

 private:
  const std::string name_;
  IteratorPtr items_;
};

// b'...': what str.encode gives.
class Bytes final : public Object {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view type_name() const override { return "bytes"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  Outcome<std::optional<Value>> item(const Value& key) override;
  Outcome<IteratorPtr> iterate() override;
  bool is_iterable() const override { return true; }
  bool is_sequence() const override { return true; }
  std::optional<size_t> length() override { return bytes_.size(); }
  std::string repr() override;
  bool truth() override { return !bytes_.empty(); }
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override { return hash_text(bytes_); }

 private:
  const std::string bytes_;
};

// A generator over what a function gives until it gives nothing.
Value generator(std::string name, std::function<std::optional<Value>()> next);

}  // namespace rynd::jinja
