// Table: the insertion-ordered hash table behind dicts and sets.
#include <algorithm>

#include "errors.h"
#include "value.h"

namespace rynd::jinja {
namespace {

constexpr size_t few = 8;

bool same_key(const Table::Entry& entry, const Value& key, uint64_t hash) {
  if (entry.hash != hash || entry.key.is_missing()) return false;
  if (entry.key.is_string() && key.is_string()) return entry.key.as_string() == key.as_string();
  return entry.key.is_same(key) || entry.key == key;
}

}  // namespace

int32_t Table::position(const Value& key, uint64_t hash) const {
  if (slots_.empty()) {
    for (size_t at = 0; at < entries_.size(); ++at) {
      if (same_key(entries_[at], key, hash)) return static_cast<int32_t>(at);
    }
    return -1;
  }
  const size_t mask = slots_.size() - 1;
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const int32_t at = slots_[slot];
    if (at < 0) return -1;
    if (same_key(entries_[static_cast<size_t>(at)], key, hash)) return at;
  }
}

Value* Table::find(const Value& key, uint64_t hash) const {
  const int32_t at = position(key, hash);
  return at < 0 ? nullptr : const_cast<Value*>(&entries_[static_cast<size_t>(at)].value);
}

Outcome<Value*> Table::find(const Value& key) const {
  const Outcome<uint64_t> hashed = hash(key);
  if (!hashed) return std::unexpected(hashed.error());
  return find(key, *hashed);
}

Value* Table::find(std::string_view key) const { return find(key, hash_text(key)); }

Value* Table::find(std::string_view key, uint64_t hash) const {
  const auto matches = [&](const Entry& entry) {
    return entry.hash == hash && entry.key.is_string() && entry.key.as_string() == key;
  };
  if (slots_.empty()) {
    for (const Entry& entry : entries_) {
      if (matches(entry)) return const_cast<Value*>(&entry.value);
    }
    return nullptr;
  }
  const size_t mask = slots_.size() - 1;
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const int32_t at = slots_[slot];
    if (at < 0) return nullptr;
    const Entry& entry = entries_[static_cast<size_t>(at)];
    if (matches(entry)) return const_cast<Value*>(&entry.value);
  }
}

Outcome<void> Table::set(Value key, Value value) {
  const Outcome<uint64_t> hashed = hash(key);
  if (!hashed) return std::unexpected(hashed.error());
  set(std::move(key), *hashed, std::move(value));
  return {};
}

void Table::set(std::string_view key, Value value) { set(Value(key), hash_text(key), std::move(value)); }

void Table::set(Value key, uint64_t hash, Value value) {
  const int32_t at = position(key, hash);
  if (at >= 0) {
    entries_[static_cast<size_t>(at)].value = std::move(value);
    return;
  }
  entries_.push_back({std::move(key), std::move(value), hash});
  ++live_;
  if (entries_.size() <= few) return;
  if (entries_.size() * 2 > slots_.size()) {
    sweep();
    index();
    return;
  }
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  while (slots_[slot] >= 0) slot = (slot + 1) & mask;
  slots_[slot] = static_cast<int32_t>(entries_.size() - 1);
}

bool Table::erase(const Value& key, uint64_t hash) {
  const int32_t at = position(key, hash);
  if (at < 0) return false;
  Entry& entry = entries_[static_cast<size_t>(at)];
  entry.key = Value::missing();
  entry.value = Value();
  --live_;
  if (slots_.empty()) {
    entries_.erase(entries_.begin() + at);
  } else if (live_ == 0) {
    clear();
  }
  return true;
}

void Table::clear() {
  // Moved out first: a value's end may reach this table again.
  std::vector<Entry> old = std::move(entries_);
  entries_.clear();
  slots_.clear();
  live_ = 0;
}

void Table::sweep() {
  std::erase_if(entries_, [](const Entry& entry) { return entry.key.is_missing(); });
}

void Table::index() {
  size_t size = 32;
  while (size < entries_.size() * 4) size *= 2;
  slots_.assign(size, -1);
  const size_t mask = size - 1;
  for (size_t at = 0; at < entries_.size(); ++at) {
    size_t slot = entries_[at].hash & mask;
    while (slots_[slot] >= 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<int32_t>(at);
  }
}

uint64_t hash_text(std::string_view text) {
  uint64_t state = 0x9E3779B97F4A7C15ULL ^ text.size();
  const char* at = text.data();
  size_t left = text.size();
  const auto mix = [&state](uint64_t word) {
    state = (state ^ word) * 0xA0761D6478BD642FULL;
    state ^= state >> 32;
  };
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  uint64_t word = left << 56;
  std::memcpy(&word, at, left);
  mix(word ^ 0x51ED270B7F4A7C15ULL);
  return state;
}

}  // namespace rynd::jinja
