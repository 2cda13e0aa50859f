// Text: Python's view of a string, code point by code point, over UTF-8. Bytes that are not UTF-8 count as one each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rynd::jinja::text {

// The code point at a byte, and how many bytes it takes.
struct Point {
  uint32_t code = 0;
  uint32_t size = 1;
};
Point point(std::string_view text, size_t offset);
void append(std::string& out, uint32_t code);

bool is_ascii(std::string_view text);
size_t length(std::string_view text);
// The byte of the n-th code point; text.size() where there are fewer.
size_t offset(std::string_view text, size_t index);
// Code points [begin, end).
std::string_view part(std::string_view text, size_t begin, size_t end);

bool is_space(uint32_t code);  // str.isspace, str.strip, str.split
bool is_alpha(uint32_t code);
bool is_decimal(uint32_t code);
bool is_digit(uint32_t code);
bool is_numeric(uint32_t code);
bool is_upper(uint32_t code);
bool is_lower(uint32_t code);
bool is_printable(uint32_t code);  // repr shows it as it is
bool is_word(uint32_t code);       // can stand in a name

std::string lower(std::string_view text);
std::string upper(std::string_view text);
std::string casefold(std::string_view text);
std::string title(std::string_view text);
std::string capitalize(std::string_view text);
std::string swapcase(std::string_view text);

std::string_view strip_left(std::string_view text);
std::string_view strip_right(std::string_view text);

// Python's repr of a string.
void write_repr(std::string& out, std::string_view text);
std::string repr(std::string_view text);
// Python's ascii(): what is not ASCII in a repr becomes an escape.
std::string ascii(std::string_view repr);

}  // namespace rynd::jinja::text
