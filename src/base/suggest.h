// Suggest: the names nearest to a misspelt one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rynd {

// At most `most` candidates within a third of the word's length (at least one edit, case ignored), nearest first.
std::vector<std::string> nearest(std::string_view word, std::span<const std::string> candidates, size_t most = 3);

// "did you mean 'a'?", "did you mean 'a' or 'b'?", or "" where nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace rynd
