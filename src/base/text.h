// Text: the few operations on strings that the standard library lacks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rynd {

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);  // ASCII only
std::string upper(std::string_view text);  // ASCII only
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
bool iequals(std::string_view a, std::string_view b);  // ASCII case ignored
// fnmatch as dbt's selectors use it: * ? [abc] [!abc]; '*' also matches '/'.
bool glob_match(std::string_view pattern, std::string_view text);
// Terminal columns of UTF-8 text: wide characters count two, combining ones none.
int display_width(std::string_view text);

}  // namespace rynd
