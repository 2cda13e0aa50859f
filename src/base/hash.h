// Hash: digests as lower-case hex.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rynd {

std::string md5(std::string_view bytes);
std::string sha1(std::string_view bytes);
std::string sha256(std::string_view bytes);
// XXH3, 64 bits: for caches and content comparison inside one machine, never for security.
uint64_t fast_hash(std::string_view bytes);

}  // namespace rynd
