// Text: code points, character classes and case over UTF-8.
#include "text.h"

#include <clocale>
#include <cwctype>
#include <functional>

namespace rynd::jinja::text {
namespace {

bool is_continuation(std::string_view text, size_t offset) {
  return offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80;
}

uint32_t byte_at(std::string_view text, size_t offset) { return static_cast<unsigned char>(text[offset]); }

// Classes of the C.UTF-8 locale follow Unicode; it is opened once and never changes the process's own locale.
locale_t unicode_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

uint32_t lower_point(uint32_t code) {
  if (code < 128) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  return static_cast<uint32_t>(towlower_l(static_cast<wint_t>(code), unicode_locale()));
}

uint32_t upper_point(uint32_t code) {
  if (code < 128) return code >= 'a' && code <= 'z' ? code - 32 : code;
  return static_cast<uint32_t>(towupper_l(static_cast<wint_t>(code), unicode_locale()));
}

template <class Change>
std::string changed(std::string_view text, Change&& change) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const Point here = point(text, at);
    if (here.code >= 0xDC80 && here.code <= 0xDCFF) {
      out.append(text.substr(at, here.size));
    } else {
      change(out, here.code);
    }
    at += here.size;
  }
  return out;
}

// \xhh, \uhhhh or \Uhhhhhhhh.
void append_escape(std::string& out, uint32_t code) {
  static constexpr char digits[] = "0123456789abcdef";
  const int width = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
  out += code < 0x100 ? "\\x" : code < 0x10000 ? "\\u" : "\\U";
  for (int shift = (width - 1) * 4; shift >= 0; shift -= 4) out += digits[code >> shift & 15];
}

// Unicode's format characters, which print nothing.
bool is_format(uint32_t code) {
  return code == 0xAD || (code >= 0x600 && code <= 0x605) || code == 0x61C || code == 0x6DD || code == 0x70F ||
         code == 0x180E || (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
         (code >= 0xE000 && code <= 0xF8FF) || code >= 0xE0000;
}

void append_upper(std::string& out, uint32_t code) {
  if (code == 0xDF) {
    out += "SS";
  } else {
    append(out, upper_point(code));
  }
}

}  // namespace

Point point(std::string_view text, size_t offset) {
  const uint32_t first = byte_at(text, offset);
  if (first < 0x80) return {first, 1};
  if (first >= 0xC2 && first < 0xE0 && is_continuation(text, offset + 1)) {
    return {(first & 0x1F) << 6 | (byte_at(text, offset + 1) & 0x3F), 2};
  }
  if (first >= 0xE0 && first < 0xF0 && is_continuation(text, offset + 1) && is_continuation(text, offset + 2)) {
    return {(first & 0x0F) << 12 | (byte_at(text, offset + 1) & 0x3F) << 6 | (byte_at(text, offset + 2) & 0x3F), 3};
  }
  if (first >= 0xF0 && first < 0xF5 && is_continuation(text, offset + 1) && is_continuation(text, offset + 2) &&
      is_continuation(text, offset + 3)) {
    return {(first & 0x07) << 18 | (byte_at(text, offset + 1) & 0x3F) << 12 | (byte_at(text, offset + 2) & 0x3F) << 6 |
                (byte_at(text, offset + 3) & 0x3F),
            4};
  }
  return {0xDC00 + first, 1};
}

void append(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

bool is_ascii(std::string_view text) {
  uint8_t seen = 0;
  for (const char c : text) seen |= static_cast<uint8_t>(c);
  return seen < 0x80;
}

size_t length(std::string_view text) {
  if (is_ascii(text)) return text.size();
  size_t count = 0;
  for (size_t at = 0; at < text.size(); at += point(text, at).size) ++count;
  return count;
}

size_t offset(std::string_view text, size_t index) {
  if (is_ascii(text)) return std::min(index, text.size());
  size_t at = 0;
  while (index > 0 && at < text.size()) {
    at += point(text, at).size;
    --index;
  }
  return at;
}

std::string_view part(std::string_view text, size_t begin, size_t end) {
  if (begin >= end) return {};
  const size_t from = offset(text, begin);
  return text.substr(from, offset(text.substr(from), end - begin));
}

bool is_space(uint32_t code) {
  if (code < 128) return code == ' ' || (code >= 9 && code <= 13) || (code >= 0x1C && code <= 0x1F);
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_decimal(uint32_t code) {
  if (code < 128) return code >= '0' && code <= '9';
  // Blocks of ten digits that text in the wild uses.
  static constexpr uint32_t zeros[] = {0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66,  0xAE6,  0xB66,  0xBE6, 0xC66,
                                       0xCE6, 0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10};
  for (const uint32_t zero : zeros) {
    if (code >= zero && code < zero + 10) return true;
  }
  return false;
}

bool is_digit(uint32_t code) {
  return is_decimal(code) || code == 0xB2 || code == 0xB3 || code == 0xB9 || code == 0x2070 ||
         (code >= 0x2074 && code <= 0x2079) || (code >= 0x2080 && code <= 0x2089) || (code >= 0x2460 && code <= 0x2468);
}

bool is_numeric(uint32_t code) {
  return is_digit(code) || (code >= 0xBC && code <= 0xBE) || (code >= 0x2150 && code <= 0x2189) ||
         (code >= 0x2460 && code <= 0x249B) || (code >= 0x3021 && code <= 0x3029) ||
         (code >= 0x4E00 && code <= 0x4E03 && code != 0x4E01 && code != 0x4E02) || code == 0x4E8C || code == 0x4E09;
}

bool is_alpha(uint32_t code) {
  if (code < 128) return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  return iswalpha_l(static_cast<wint_t>(code), unicode_locale()) != 0 && !is_numeric(code);
}

bool is_upper(uint32_t code) {
  if (code < 128) return code >= 'A' && code <= 'Z';
  return iswupper_l(static_cast<wint_t>(code), unicode_locale()) != 0;
}

bool is_lower(uint32_t code) {
  if (code < 128) return code >= 'a' && code <= 'z';
  return iswlower_l(static_cast<wint_t>(code), unicode_locale()) != 0;
}

bool is_printable(uint32_t code) {
  if (code < 128) return code >= 32 && code < 127;
  if (code >= 0xD800 && code <= 0xDFFF) return false;
  if (is_format(code) || is_space(code)) return false;
  return iswprint_l(static_cast<wint_t>(code), unicode_locale()) != 0;
}

bool is_word(uint32_t code) {
  if (code < 128) return is_alpha(code) || is_decimal(code) || code == '_';
  return iswalnum_l(static_cast<wint_t>(code), unicode_locale()) != 0;
}

std::string lower(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(lower_point(static_cast<unsigned char>(c)));
    return out;
  }
  return changed(text, [](std::string& out, uint32_t code) { append(out, lower_point(code)); });
}

std::string upper(std::string_view text) { return changed(text, append_upper); }

std::string casefold(std::string_view text) {
  return changed(text, [](std::string& out, uint32_t code) {
    if (code == 0xDF) {
      out += "ss";
    } else {
      append(out, lower_point(code));
    }
  });
}

std::string title(std::string_view text) {
  bool inside = false;
  return changed(text, [&](std::string& out, uint32_t code) {
    if (inside) {
      append(out, lower_point(code));
    } else {
      append(out, upper_point(code));
    }
    inside = is_upper(code) || is_lower(code);
  });
}

std::string capitalize(std::string_view text) {
  bool first = true;
  return changed(text, [&](std::string& out, uint32_t code) {
    append(out, first ? upper_point(code) : lower_point(code));
    first = false;
  });
}

std::string swapcase(std::string_view text) {
  return changed(text, [](std::string& out, uint32_t code) {
    if (is_upper(code)) {
      append(out, lower_point(code));
    } else {
      append_upper(out, code);
    }
  });
}

std::string_view strip_left(std::string_view text) {
  while (!text.empty()) {
    const Point here = point(text, 0);
    if (!is_space(here.code)) break;
    text.remove_prefix(here.size);
  }
  return text;
}

std::string_view strip_right(std::string_view text) {
  while (!text.empty()) {
    size_t last = text.size() - 1;
    while (last > 0 && is_continuation(text, last)) --last;
    if (!is_space(point(text, last).code)) break;
    text = text.substr(0, last);
  }
  return text;
}

void write_repr(std::string& out, std::string_view text) {
  const bool single = text.find('\'') != std::string_view::npos;
  const char quote = single && text.find('"') == std::string_view::npos ? '"' : '\'';
  out += quote;
  for (size_t at = 0; at < text.size();) {
    const Point here = point(text, at);
    const uint32_t code = here.code;
    if (code == static_cast<uint32_t>(quote) || code == '\\') {
      out += '\\';
      out += static_cast<char>(code);
    } else if (code == '\n') {
      out += "\\n";
    } else if (code == '\r') {
      out += "\\r";
    } else if (code == '\t') {
      out += "\\t";
    } else if (is_printable(code)) {
      out.append(text.substr(at, here.size));
    } else {
      append_escape(out, code);
    }
    at += here.size;
  }
  out += quote;
}

std::string ascii(std::string_view repr) {
  return changed(repr, [](std::string& out, uint32_t code) {
    if (code < 128) {
      out += static_cast<char>(code);
    } else {
      append_escape(out, code);
    }
  });
}

std::string repr(std::string_view text) {
  std::string out;
  write_repr(out, text);
  return out;
}

}  // namespace rynd::jinja::text
