// Random: the door to randomness.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace rynd {

class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t next() = 0;
  // A version 4 UUID in lower case: "f81d4fae-7dec-4d00-a765-00a0c91e6bf6".
  std::string uuid();
  // In [0, 1).
  double uniform();
};

class RealRandom final : public Random {
 public:
  uint64_t next() override;  // from the system, safe to call from any thread
};

class SimRandom final : public Random {
 public:
  explicit SimRandom(uint64_t seed) : engine_(seed) {}
  uint64_t next() override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace rynd
