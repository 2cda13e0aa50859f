// World: the doors, together. A command gets one; tests put fakes in it.
#pragma once

#include "base/clock.h"
#include "base/files.h"
#include "base/http.h"
#include "base/process.h"
#include "base/random.h"

namespace rynd {

struct World {
  Clock& clock;
  Files& files;
  Process& process;
  Random& random;
  Http& http;
};

}  // namespace rynd
