// Random: numbers from the system, and numbers from a seed.
#include "base/random.h"

#include <sys/random.h>

#include <cstdio>

namespace rynd {

std::string Random::uuid() {
  uint64_t high = (next() & 0xFFFFFFFFFFFF0FFFULL) | 0x4000ULL;
  uint64_t low = (next() & 0x3FFFFFFFFFFFFFFFULL) | 0x8000000000000000ULL;
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16) & 0xFFFFU, static_cast<unsigned>(high) & 0xFFFFU,
                static_cast<unsigned>(low >> 48), static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
  return text;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

uint64_t RealRandom::next() {
  uint64_t value = 0;
  auto* bytes = reinterpret_cast<char*>(&value);
  for (size_t got = 0; got < sizeof value;) {
    ssize_t more = getrandom(bytes + got, sizeof value - got, 0);
    if (more > 0) got += static_cast<size_t>(more);
  }
  return value;
}

uint64_t SimRandom::next() {
  std::scoped_lock lock(mutex_);
  return engine_();
}

}  // namespace rynd
