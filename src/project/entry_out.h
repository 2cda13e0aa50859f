// EntryOut: where the fields of a manifest entry go: to a Node, or to JSON text without a Node for each of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"

namespace rynd::project {

// Keys are written in the order of the calls, each once in a mapping; within a list they are not looked at.
class EntryOut {
 public:
  virtual ~EntryOut() = default;
  virtual void open(std::string_view key) = 0;  // a mapping
  virtual void open_list(std::string_view key) = 0;
  virtual void close() = 0;
  virtual void add(std::string_view key, const Node& value) = 0;
  virtual void text(std::string_view key, std::string_view value) = 0;
  virtual void flag(std::string_view key, bool value) = 0;
  virtual void number(std::string_view key, int64_t value) = 0;
  virtual void null(std::string_view key) = 0;

  void text_or_null(std::string_view key, std::string_view value) { value.empty() ? null(key) : text(key, value); }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    open_list(key);
    for (const auto& value : values) text({}, value);
    close();
  }
};

class NodeOut final : public EntryOut {
 public:
  explicit NodeOut(Node& root) : open_{&root} { root = Node::map(); }
  void open(std::string_view key) override { open_.push_back(&put(key, Node::map())); }
  void open_list(std::string_view key) override { open_.push_back(&put(key, Node::list())); }
  void close() override { open_.pop_back(); }
  void add(std::string_view key, const Node& value) override { put(key, value); }
  void text(std::string_view key, std::string_view value) override { put(key, Node::of(value)); }
  void flag(std::string_view key, bool value) override { put(key, Node::of(value)); }
  void number(std::string_view key, int64_t value) override { put(key, Node::of(value)); }
  void null(std::string_view key) override { put(key, Node()); }

 private:
  // What was opened last is the last thing of what is around it: nothing moves it while it is open.
  Node& put(std::string_view key, Node value) {
    Node& around = *open_.back();
    if (around.is_sequence()) return around.items.emplace_back(std::move(value));
    return around.entries.emplace_back(std::string(key), 0u, 0u, std::move(value)).value;
  }

  std::vector<Node*> open_;
};

// Appends to a text what json::write() would make of the same Node.
class JsonOut final : public EntryOut {
 public:
  explicit JsonOut(std::string& out) : out_(out) { out_ += '{'; }
  void finish() { out_ += '}'; }
  void open(std::string_view key) override { begin(key, '{', false); }
  void open_list(std::string_view key) override { begin(key, '[', true); }
  void close() override;
  void add(std::string_view key, const Node& value) override;
  void text(std::string_view key, std::string_view value) override;
  void flag(std::string_view key, bool value) override;
  void number(std::string_view key, int64_t value) override;
  void null(std::string_view key) override;

 private:
  void separate(std::string_view key);
  void begin(std::string_view key, char bracket, bool list);

  std::string& out_;
  std::vector<bool> lists_{false};  // of what is open, whether it is a list
  bool first_ = true;
};

}  // namespace rynd::project
