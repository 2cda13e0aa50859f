// URLs: what may be printed of one, and how a value is put into one.
#include "base/http.h"

namespace rynd {

std::string url_encode(std::string_view text) {
  constexpr std::string_view hex_digits = "0123456789ABCDEF";
  std::string encoded;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
    if (letter || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += '%';
      encoded += hex_digits[byte >> 4];
      encoded += hex_digits[byte & 15];
    }
  }
  return encoded;
}

std::string printable_url(std::string_view url) {
  url = url.substr(0, url.find('#'));
  size_t query = url.find('?');
  std::string_view base = url.substr(0, query);
  size_t scheme = base.find("://");
  size_t authority = scheme == std::string_view::npos ? 0 : scheme + 3;
  size_t path = base.find('/', authority);
  size_t user = base.substr(0, path).rfind('@');
  std::string text(base.substr(0, authority));
  text += base.substr(user != std::string_view::npos && user >= authority ? user + 1 : authority);
  if (query == std::string_view::npos) return text;
  text += '?';
  for (size_t at = query + 1; at <= url.size();) {
    size_t end = std::min(url.find('&', at), url.size());
    std::string_view pair = url.substr(at, end - at);
    size_t equals = pair.find('=');
    text += pair.substr(0, equals);
    if (equals != std::string_view::npos) text += "=...";
    if (end < url.size()) text += '&';
    at = end + 1;
  }
  return text;
}

}  // namespace rynd
