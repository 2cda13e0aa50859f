// Assets: the browser app that is embedded in the binary.
#pragma once

#include "http.h"

namespace rynd::server {

// The file at the request's path, or the app's page for a path that names no file. Without the app, a page that says
// so.
Response asset(const Request& request);

}  // namespace rynd::server
