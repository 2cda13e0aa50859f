// Version: semantic versions and ranges of them, as dbt's packages ask for them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rynd::project {

enum class Matcher : unsigned char { exact, greater, greater_or_equal, less, less_or_equal };

// "1.2.0-rc1", or one side of a range: ">=1.2.0".
struct Version {
  uint64_t major = 0, minor = 0, patch = 0;
  std::string prerelease;  // "" without
  std::string build;       // "" without; never compared
  Matcher matcher = Matcher::exact;
};

// Nothing where it is no version: three numbers are needed.
std::optional<Version> parse_version(std::string_view text);
std::string to_string(const Version& version);

// Below, equal or above zero. Bounds that meet compare by what they let in: "<1.0.0" is less than ">=1.0.0", and an
// upper bound without a prerelease is less than a prerelease of its own number.
int compare(const Version& a, const Version& b);

// What fits all that was asked; a side that nobody bounds is empty.
struct VersionRange {
  std::optional<Version> start;
  std::optional<Version> end;
};
std::string to_string(const VersionRange& range);

// Nothing where no version can fit all of them.
std::optional<VersionRange> reduce(std::span<const Version> asked);
bool fits(const Version& version, const VersionRange& range);

// The highest of `available` that fits; nothing where none does. Texts that are no versions are passed over.
std::optional<std::string> highest(const VersionRange& range, std::span<const std::string> available);

// In ascending order; prereleases only where they are wanted.
std::vector<std::string> installable(std::span<const std::string> versions, bool prereleases);

}  // namespace rynd::project
