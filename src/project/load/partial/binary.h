// Binary: numbers and texts as bytes and back. A text that was written before is a number then; both sides count along.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rynd::project {

class BinaryWriter {
 public:
  void byte(uint8_t value) { bytes_ += static_cast<char>(value); }
  void flag(bool value) { byte(value ? 1 : 0); }
  void number(uint64_t value);  // small ones are short
  void integer(int64_t value);
  void real(double value);
  void fixed(uint64_t value);  // eight bytes
  void text(std::string_view value);

  const std::string& bytes() const { return bytes_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::string bytes_;
  std::unordered_map<std::string, uint64_t, Hash, std::equal_to<>> known_;
};

// Reads what a BinaryWriter wrote. Bytes that cannot be meant give zeros and empty texts, and ok() is false from then
// on. Texts are views into the bytes.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : bytes_(bytes) {}

  uint8_t byte();
  bool flag() { return byte() != 0; }
  uint64_t number();
  int64_t integer();
  double real();
  uint64_t fixed();
  std::string_view text();
  // A number of things to come, each of at least one byte: never more than there are bytes.
  size_t count();

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view take(size_t size);
  void give_up();

  std::string_view bytes_;
  size_t at_ = 0;
  bool ok_ = true;
  std::vector<std::string_view> known_;
};

}  // namespace rynd::project
