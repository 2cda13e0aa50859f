// Zones: reads TZif files.
#include "modules/zones.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

namespace rynd::jinja {
namespace {

constexpr std::string_view zone_folder = "/usr/share/zoneinfo/";

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  bool has(size_t count) const { return at_ + count <= bytes_.size(); }
  void skip(size_t count) { at_ = std::min(bytes_.size(), at_ + count); }
  int64_t number(size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size && at_ < bytes_.size(); ++i)
      value = value << 8 | static_cast<unsigned char>(bytes_[at_++]);
    return size == 4 ? static_cast<int32_t>(static_cast<uint32_t>(value)) : static_cast<int64_t>(value);
  }
  uint8_t byte() { return at_ < bytes_.size() ? static_cast<uint8_t>(bytes_[at_++]) : 0; }
  std::string_view take(size_t count) {
    const std::string_view part = bytes_.substr(at_, count);
    skip(count);
    return part;
  }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

struct Counts {
  int64_t utc_flags, standard_flags, leaps, changes, rules, characters;
};

constexpr size_t header_size = 44;

bool read_header(Bytes& bytes, Counts& counts) {
  if (!bytes.has(header_size) || bytes.take(4) != "TZif") return false;
  bytes.skip(16);  // version and reserved
  counts = {bytes.number(4), bytes.number(4), bytes.number(4), bytes.number(4), bytes.number(4), bytes.number(4)};
  return counts.rules > 0 && counts.changes >= 0 && counts.characters >= 0;
}

size_t body_size(const Counts& c, size_t time_size) {
  return static_cast<size_t>(c.changes) * (time_size + 1) + static_cast<size_t>(c.rules) * 6 +
         static_cast<size_t>(c.characters) + static_cast<size_t>(c.leaps) * (time_size + 4) +
         static_cast<size_t>(c.standard_flags) + static_cast<size_t>(c.utc_flags);
}

// What of a rule's offset is daylight saving: the difference to the standard time around it.
void find_savings(Zone& zone) {
  for (size_t i = 0; i < zone.rule_after.size(); ++i) {
    ZoneRule& rule = zone.rules[zone.rule_after[i]];
    if (!rule.daylight || rule.saving != 0) continue;
    for (size_t before = i; before-- > 0;) {
      const ZoneRule& other = zone.rules[zone.rule_after[before]];
      if (!other.daylight) {
        rule.saving = rule.offset - other.offset;
        break;
      }
    }
    if (rule.saving <= 0) rule.saving = 3600;
  }
}

std::shared_ptr<const Zone> read_zone(std::string_view name, std::string_view text) {
  Bytes bytes(text);
  Counts counts{};
  if (!read_header(bytes, counts)) return nullptr;
  // The second block has 64-bit times and everything the first has.
  bytes.skip(body_size(counts, 4));
  if (!read_header(bytes, counts) || !bytes.has(body_size(counts, 8))) return nullptr;
  auto zone = std::make_shared<Zone>();
  zone->name = name;
  for (int64_t i = 0; i < counts.changes; ++i) zone->changes.push_back(bytes.number(8));
  for (int64_t i = 0; i < counts.changes; ++i) zone->rule_after.push_back(bytes.byte());
  std::vector<size_t> names;
  for (int64_t i = 0; i < counts.rules; ++i) {
    ZoneRule rule;
    const int64_t offset = bytes.number(4);
    rule.offset = static_cast<int>((offset + (offset >= -30 ? 30 : -29)) / 60 * 60);
    rule.daylight = bytes.byte() != 0;
    names.push_back(bytes.byte());
    zone->rules.push_back(rule);
  }
  const std::string_view characters = bytes.take(static_cast<size_t>(counts.characters));
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] < characters.size()) zone->rules[i].name = characters.data() + names[i];
  }
  for (const uint8_t rule : zone->rule_after) {
    if (rule >= zone->rules.size()) return nullptr;
  }
  find_savings(*zone);
  return zone;
}

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find("..") != name.npos) return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
}

}  // namespace

const ZoneRule& Zone::rule_at(int64_t utc_seconds) const {
  const auto after = std::ranges::upper_bound(changes, utc_seconds);
  if (after == changes.begin()) return rules.front();
  return rules[rule_after[static_cast<size_t>(after - changes.begin()) - 1]];
}

std::shared_ptr<const Zone> find_zone(std::string_view name) {
  if (!is_zone_name(name)) return nullptr;
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Zone>, std::less<>> zones;
  const std::lock_guard lock(mutex);
  if (const auto found = zones.find(name); found != zones.end()) return found->second;
  std::ifstream file(std::string(zone_folder) + std::string(name), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return zones.emplace(name, read_zone(name, text)).first->second;
}

}  // namespace rynd::jinja
