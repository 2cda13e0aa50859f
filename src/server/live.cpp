// Live: polls, because a change of a file's time and size is all that is asked, on any file system.
#include "live.h"

#include <fmt/format.h>

namespace rynd::server {

void watch_changes(HttpServer& http, Site& site, Clock& clock, std::stop_token stop) {
  constexpr auto interval = std::chrono::milliseconds(500);
  constexpr int most_waits = 6;  // a build that goes on shows what it has done so far
  uint64_t pages = site.pages().stamp();
  uint64_t told = site.warehouse().generation();
  uint64_t before = told;
  int waits = 0;
  while (clock.sleep(interval, stop)) {
    if (http.listeners() == 0) continue;
    if (const uint64_t now = site.pages().stamp(); now != pages) {
      pages = now;
      http.publish("pages", fmt::format("{}", now));
    }
    const uint64_t now = site.warehouse().generation();
    // Wait until a run has come to rest: its transactions come one after another.
    if (now != told && (now == before || ++waits >= most_waits)) {
      told = now;
      waits = 0;
      http.publish("data", fmt::format("{}", now));
    }
    before = now;
  }
}

}  // namespace rynd::server
