// Live: tells the browsers that listen when a page's file or the warehouse changed.
#pragma once

#include <stop_token>

#include "base/clock.h"
#include "http.h"
#include "site.h"

namespace rynd::server {

// Until `stop`. Looks twice a second, and only while somebody listens.
void watch_changes(HttpServer& http, Site& site, Clock& clock, std::stop_token stop);

}  // namespace rynd::server
