// Binary: the encoding. Numbers are seven bits a byte, the lowest first; a text is its size times two and its bytes,
// or, where it stood before, its place among those that did times two plus one.
#include "load/partial/binary.h"

#include <bit>
#include <cstring>

namespace rynd::project {

namespace {

// Longer ones are hardly written twice.
constexpr size_t longest_known = 100;

}  // namespace

void BinaryWriter::number(uint64_t value) {
  while (value >= 0x80) {
    byte(static_cast<uint8_t>(value | 0x80));
    value >>= 7;
  }
  byte(static_cast<uint8_t>(value));
}

void BinaryWriter::integer(int64_t value) {
  number((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

void BinaryWriter::real(double value) { fixed(std::bit_cast<uint64_t>(value)); }

void BinaryWriter::fixed(uint64_t value) {
  for (int i = 0; i < 8; ++i) byte(static_cast<uint8_t>(value >> (8 * i)));
}

void BinaryWriter::text(std::string_view value) {
  if (!value.empty() && value.size() <= longest_known) {
    auto found = known_.find(value);
    if (found != known_.end()) return number(found->second * 2 + 1);
    known_.emplace(value, known_.size());
  }
  number(value.size() * 2);
  bytes_ += value;
}

void BinaryReader::give_up() {
  ok_ = false;
  at_ = bytes_.size();
}

std::string_view BinaryReader::take(size_t size) {
  if (size > bytes_.size() - at_) {
    give_up();
    return {};
  }
  std::string_view part = bytes_.substr(at_, size);
  at_ += size;
  return part;
}

uint8_t BinaryReader::byte() {
  if (at_ == bytes_.size()) {
    ok_ = false;
    return 0;
  }
  return static_cast<uint8_t>(bytes_[at_++]);
}

uint64_t BinaryReader::number() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    uint8_t next = byte();
    value |= static_cast<uint64_t>(next & 0x7F) << shift;
    if (next < 0x80) return value;
  }
  give_up();
  return 0;
}

int64_t BinaryReader::integer() {
  uint64_t value = number();
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

double BinaryReader::real() { return std::bit_cast<double>(fixed()); }

uint64_t BinaryReader::fixed() {
  std::string_view bytes = take(8);
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); ++i) value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
  return value;
}

std::string_view BinaryReader::text() {
  uint64_t head = number();
  if (head & 1) {
    if (head / 2 < known_.size()) return known_[head / 2];
    give_up();
    return {};
  }
  std::string_view value = take(head / 2);
  if (!value.empty() && value.size() <= longest_known) known_.push_back(value);
  return value;
}

size_t BinaryReader::count() {
  uint64_t value = number();
  if (value <= bytes_.size() - at_) return value;
  give_up();
  return 0;
}

}  // namespace rynd::project
