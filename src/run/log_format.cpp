// Log format: checksum, encoding and decoding of one record.
#include "run/log_format.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/json.h"

namespace rynd::run {
namespace {

consteval std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) ? 0x82f63b78u : 0u);
    table[byte] = rest;
  }
  return table;
}
constexpr std::array<uint32_t, 256> crc_of_byte = crc_table();
constexpr size_t checksum_digits = 8;

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (char c : bytes) crc = (crc >> 8) ^ crc_of_byte[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

std::string encode_record(const Node& record, const Secrets& secrets) {
  const std::string text = secrets.hidden(json::write(record));
  return fmt::format("{:08x} {}\n", crc32c(text), text);
}

std::optional<Node> decode_record(std::string_view line) {
  if (line.size() <= checksum_digits + 1 || line[checksum_digits] != ' ') return std::nullopt;
  uint32_t written = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + checksum_digits, written, 16);
  if (error != std::errc() || end != line.data() + checksum_digits) return std::nullopt;
  const std::string_view text = line.substr(checksum_digits + 1);
  if (crc32c(text) != written) return std::nullopt;
  Result<Document> document = json::read(make_source("run log", std::string(text)));
  if (!document || !document->root.is_mapping()) return std::nullopt;
  return std::move(document->root);
}

}  // namespace rynd::run
