// Curl: where libcurl's functions are found.
#include "curl.h"

#include <dlfcn.h>

namespace rynd {
namespace {

constexpr const char* shared_library = "libcurl.so.4";

// Finds functions by their names, and keeps the name of one that is not there.
struct Library {
  void* handle;
  std::string missing = {};

  template <class Function>
  void find(const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(dlsym(handle, name));
    if (function == nullptr) missing = name;
  }
};

}  // namespace

std::expected<std::unique_ptr<const Curl>, std::string> Curl::load() {
  Library library = {dlopen(shared_library, RTLD_NOW | RTLD_LOCAL)};
  if (library.handle == nullptr) return std::unexpected(dlerror());
  auto curl = std::make_unique<Curl>();
  library.find("curl_global_init", curl->global_init);
  library.find("curl_easy_init", curl->easy_init);
  library.find("curl_easy_cleanup", curl->easy_cleanup);
  library.find("curl_easy_reset", curl->easy_reset);
  library.find("curl_easy_setopt", curl->easy_setopt);
  library.find("curl_easy_getinfo", curl->easy_getinfo);
  library.find("curl_easy_strerror", curl->easy_strerror);
  library.find("curl_multi_init", curl->multi_init);
  library.find("curl_multi_cleanup", curl->multi_cleanup);
  library.find("curl_multi_add_handle", curl->multi_add_handle);
  library.find("curl_multi_remove_handle", curl->multi_remove_handle);
  library.find("curl_multi_perform", curl->multi_perform);
  library.find("curl_multi_poll", curl->multi_poll);
  library.find("curl_multi_wakeup", curl->multi_wakeup);
  library.find("curl_multi_info_read", curl->multi_info_read);
  library.find("curl_slist_append", curl->slist_append);
  library.find("curl_slist_free_all", curl->slist_free_all);
  if (!library.missing.empty()) return std::unexpected(std::string(shared_library) + " has no " + library.missing);
  return curl;
}

}  // namespace rynd
