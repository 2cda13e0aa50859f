// Version, compared: the rules of dbt's semver, whose bounds are values of the same kind as versions.
#include "packages/version.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace rynd::project {
namespace {

bool is_lower(const Version& version) {
  return version.matcher == Matcher::greater || version.matcher == Matcher::greater_or_equal;
}
bool is_upper(const Version& version) {
  return version.matcher == Matcher::less || version.matcher == Matcher::less_or_equal;
}
bool is_exact(const Version& version) { return version.matcher == Matcher::exact; }

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A number without leading zeros; what was read is taken off the text.
std::optional<uint64_t> number(std::string_view& text) {
  const size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  if (length == 0 || (length > 1 && text[0] == '0')) return std::nullopt;
  uint64_t value = 0;
  if (std::from_chars(text.data(), text.data() + length, value).ec != std::errc()) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

bool is_tag(std::string_view text, bool zeros_allowed) {
  for (const std::string& part : split(text, '.')) {
    const bool known = std::ranges::all_of(part, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
    if (part.empty() || !known) return false;
    if (!zeros_allowed && is_digits(part) && part.size() > 1 && part[0] == '0') return false;
  }
  return true;
}

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// "rc.2" before "rc.10"; numbers before words.
int compare_tags(const std::string& a, const std::string& b) {
  const std::vector<std::string> left = split(a, '.');
  const std::vector<std::string> right = split(b, '.');
  for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    const bool left_number = is_digits(left[i]);
    const bool right_number = is_digits(right[i]);
    int result = 0;
    if (left_number && right_number)
      result = order(std::pair(left[i].size(), left[i]), std::pair(right[i].size(), right[i]));
    else if (left_number != right_number)
      result = left_number ? -1 : 1;
    else
      result = order(left[i], right[i]);
    if (result != 0) return result;
  }
  return order(left.size(), right.size());
}

int compare_bounds(const Version& a, const Version& b) {
  using enum Matcher;
  const auto are = [&](Matcher first, Matcher second) { return a.matcher == first && b.matcher == second; };
  if (are(greater_or_equal, less_or_equal) || are(less_or_equal, greater_or_equal)) return 0;
  if (are(less, less_or_equal) || are(greater_or_equal, greater) || (is_upper(a) && is_lower(b))) return -1;
  if (are(less_or_equal, less) || are(greater, greater_or_equal) || (is_lower(a) && is_upper(b))) return 1;
  return 0;
}

// The stricter of two bounds of one side; nothing where an exact version is outside the other.
struct Combined {
  bool fits = true;
  std::optional<Version> bound;
};
Combined combine(const std::optional<Version>& a, const std::optional<Version>& b, bool lower_side) {
  if (!a) return {true, b};
  if (!b) return {true, a};
  if (is_exact(*a) || is_exact(*b)) {
    const Version& exact = is_exact(*a) ? *a : *b;
    const Version& bound = is_exact(*a) ? *b : *a;
    // The bound comes first: an upper one keeps prereleases of its own number out only where it is asked.
    const int found = lower_side ? compare(bound, exact) : -compare(bound, exact);
    const bool includes =
        bound.matcher == Matcher::greater_or_equal || bound.matcher == Matcher::less_or_equal || is_exact(bound);
    return {found < 0 || (found == 0 && includes), exact};
  }
  const int found = compare(*a, *b);
  return {true, (lower_side ? found < 0 : found > 0) ? b : a};
}

std::optional<VersionRange> both(const VersionRange& a, const VersionRange& b) {
  const Combined start = combine(a.start, b.start, true);
  const Combined end = combine(a.end, b.end, false);
  if (!start.fits || !end.fits) return std::nullopt;
  if (start.bound && end.bound && compare(*start.bound, *end.bound) > 0) return std::nullopt;
  return VersionRange{start.bound, end.bound};
}

VersionRange range_of(const Version& version) {
  if (is_exact(version)) return {version, version};
  return is_lower(version) ? VersionRange{version, {}} : VersionRange{{}, version};
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  for (const auto& [sign, matcher] : {std::pair{">=", Matcher::greater_or_equal},
                                      {"<=", Matcher::less_or_equal},
                                      {">", Matcher::greater},
                                      {"<", Matcher::less},
                                      {"=", Matcher::exact}}) {
    if (!text.starts_with(sign)) continue;
    version.matcher = matcher;
    text.remove_prefix(std::string_view(sign).size());
    break;
  }
  for (uint64_t* part : {&version.major, &version.minor, &version.patch}) {
    if (part != &version.major) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const std::optional<uint64_t> value = number(text);
    if (!value) return std::nullopt;
    *part = *value;
  }
  const size_t plus = text.find('+');
  if (plus != std::string_view::npos) {
    version.build = text.substr(plus + 1);
    if (!is_tag(version.build, true)) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (text.starts_with('-')) text.remove_prefix(1);
  version.prerelease = text;
  return text.empty() || is_tag(text, false) ? std::optional(version) : std::nullopt;
}

std::string to_string(const Version& version) {
  constexpr std::string_view signs[] = {"=", ">", ">=", "<", "<="};
  return std::string(signs[static_cast<size_t>(version.matcher)]) + std::to_string(version.major) + "." +
         std::to_string(version.minor) + "." + std::to_string(version.patch) +
         (version.prerelease.empty() ? "" : "-" + version.prerelease) +
         (version.build.empty() ? "" : "+" + version.build);
}

int compare(const Version& a, const Version& b) {
  for (uint64_t Version::*part : {&Version::major, &Version::minor, &Version::patch})
    if (const int found = order(a.*part, b.*part); found != 0) return found;
  if (a.prerelease.empty() != b.prerelease.empty()) {
    if (!a.prerelease.empty()) return -1;
    return a.matcher == Matcher::less ? -1 : 1;
  }
  if (const int found = a.prerelease.empty() ? 0 : compare_tags(a.prerelease, b.prerelease); found != 0) return found;
  return compare_bounds(a, b);
}

std::string to_string(const VersionRange& range) {
  if (!range.start && !range.end) return "ANY";
  if (!range.start || !range.end) return to_string(range.start ? *range.start : *range.end);
  return to_string(*range.start) + ", " + to_string(*range.end);
}

std::optional<VersionRange> reduce(std::span<const Version> asked) {
  VersionRange range;
  for (const Version& version : asked) {
    std::optional<VersionRange> smaller = both(range, range_of(version));
    if (!smaller) return std::nullopt;
    range = std::move(*smaller);
  }
  return range;
}

bool fits(const Version& version, const VersionRange& range) {
  std::vector<Version> all{version};
  if (range.start) all.push_back(*range.start);
  if (range.end) all.push_back(*range.end);
  return reduce(all).has_value();
}

std::optional<std::string> highest(const VersionRange& range, std::span<const std::string> available) {
  std::optional<Version> best;
  std::optional<std::string> text;
  for (const std::string& one : available) {
    const std::optional<Version> version = parse_version(one);
    if (!version || !fits(*version, range) || (best && compare(*best, *version) >= 0)) continue;
    best = version;
    text = one;
  }
  return text;
}

std::vector<std::string> installable(std::span<const std::string> versions, bool prereleases) {
  std::vector<std::pair<Version, std::string>> kept;
  for (const std::string& text : versions) {
    const std::optional<Version> version = parse_version(text);
    if (version && (prereleases || version->prerelease.empty())) kept.emplace_back(*version, text);
  }
  std::ranges::stable_sort(kept, [](const auto& a, const auto& b) { return compare(a.first, b.first) < 0; });
  std::vector<std::string> texts;
  for (auto& [version, text] : kept) texts.push_back(std::move(text));
  return texts;
}

}  // namespace rynd::project
