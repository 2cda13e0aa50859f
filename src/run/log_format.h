// Log format: the bytes of a run log, for writer and reader alike; docs/formats/run-log.md says why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/node.h"
#include "base/secrets.h"

namespace rynd::run {

inline constexpr std::string_view log_version_line = "rynd-run-log 1\n";

// CRC-32C (Castagnoli).
uint32_t crc32c(std::string_view bytes);

// A record as its line, with the line feed; secrets are starred.
std::string encode_record(const Node& record, const Secrets& secrets = {});
// A line without its line feed; nothing where the checksum does not fit or there is no JSON object.
std::optional<Node> decode_record(std::string_view line);

}  // namespace rynd::run
