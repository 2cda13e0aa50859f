// Assets: the browser app that is embedded in the binary.
#pragma once

#include "http.h"

namespace rynd::server {

// A file's media type, by its name's ending.
std::string_view type_of(std::string_view path);

// The file at the request's path, or the app's page for a path that names no file. Without the app, a page that says
// so.
Response asset(const Request& request);

}  // namespace rynd::server
