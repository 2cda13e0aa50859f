// Hash: digests as lower-case hex.
#include "base/hash.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include <array>

namespace rynd {
namespace {

// Looked up once: OpenSSL would search its providers each time, which takes longer than a short text's digest.
const EVP_MD* fetched(const char* name) { return EVP_MD_fetch(nullptr, name, nullptr); }

std::string digest(const EVP_MD* method, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), value.data(), &size, method, nullptr);
  constexpr std::string_view hex_digits = "0123456789abcdef";
  std::string text;
  text.reserve(size * 2);
  for (unsigned int i = 0; i < size; ++i) {
    text += hex_digits[value[i] >> 4];
    text += hex_digits[value[i] & 15];
  }
  return text;
}

}  // namespace

std::string md5(std::string_view bytes) {
  static const EVP_MD* const method = fetched("MD5");
  return digest(method, bytes);
}

std::string sha1(std::string_view bytes) {
  static const EVP_MD* const method = fetched("SHA1");
  return digest(method, bytes);
}

std::string sha256(std::string_view bytes) {
  static const EVP_MD* const method = fetched("SHA256");
  return digest(method, bytes);
}

uint64_t fast_hash(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace rynd
