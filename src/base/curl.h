// Curl: libcurl's functions, taken from its shared library at the first request. It brings 26 libraries with it
// (Kerberos, LDAP, TLS), whose loading would cost every start of the program 5 ms.
#pragma once

#include <curl/curl.h>

#include <expected>
#include <memory>
#include <string>

namespace rynd {

struct Curl {
  // The loader's own words where the library is not there. What is loaded stays so: it cannot be unloaded safely.
  static std::expected<std::unique_ptr<const Curl>, std::string> load();

  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_wakeup) multi_wakeup;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
};

}  // namespace rynd
