// Search: a scan over all texts; ten thousand resources take a few milliseconds, so there is no index to keep fresh.
#include "search.h"

#include <algorithm>

#include "base/text.h"

namespace rynd::catalog {

namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// 0 where it is not in it; 1 a whole text, less for a word of it, a beginning, a middle.
double match(std::string_view text, std::string_view word) {
  double best = 0;
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !is_word(text[at - 1]);
    const size_t end = at + word.size();
    const bool ends = end == text.size() || !is_word(text[end]);
    const double found = word.size() == text.size() ? 1 : begins && ends ? 0.8 : begins ? 0.6 : 0.3;
    best = std::max(best, found);
  }
  return best;
}

std::string excerpt(const std::string& text, std::string_view word) {
  constexpr size_t before = 40;
  constexpr size_t length = 140;
  size_t at = lower(text).find(word);
  if (at == std::string::npos) return "";
  size_t begin = at > before ? text.find(' ', at - before) + 1 : 0;
  if (begin > at) begin = at;
  size_t end = std::min(text.size(), begin + length);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  return (begin > 0 ? "… " : "") + text.substr(begin, end - begin) + (end < text.size() ? " …" : "");
}

class Scorer {
 public:
  explicit Scorer(std::string_view query) {
    for (const std::string& word : split(lower(query), ' ')) {
      if (!word.empty()) words_.push_back(word);
    }
  }
  bool empty() const { return words_.empty(); }

  // The resource itself, and each column that is meant by name.
  void add_hits(uint32_t id, const SearchEntry& entry, std::vector<SearchHit>& hits) const {
    const std::string name = lower(entry.name);
    const std::string description = lower(entry.description);
    double total = 0;
    std::string shown;
    for (const std::string& word : words_) {
      double best = match(name, word) * 10;
      best = std::max(best, match(lower(entry.type), word) * 3);
      for (const std::string& tag : entry.tags) best = std::max(best, match(lower(tag), word) * 4);
      const double described = match(description, word) * 2;
      if (described > best) shown = excerpt(entry.description, word);
      total += best = std::max(best, described);
      if (best == 0) {
        total = 0;
        break;
      }
    }
    if (total > 0) hits.push_back({id, "", shown, total - static_cast<double>(name.size()) * 0.01});
    for (const SearchColumn& column : entry.columns) add_column(id, name, column, hits);
  }

 private:
  // A column is a hit where one word means it and the others it or its resource.
  void add_column(uint32_t id, const std::string& owner, const SearchColumn& column,
                  std::vector<SearchHit>& hits) const {
    const std::string name = lower(column.name);
    const std::string description = lower(column.description);
    double total = 0;
    bool named = false;
    std::string shown;
    for (const std::string& word : words_) {
      const double by_name = match(name, word) * 6;
      const double by_text = match(description, word) * 1.5;
      const double by_owner = match(owner, word) * 2;
      if (by_name > 0 || by_text > 0) named = true;
      if (by_text > 0 && by_name == 0) shown = excerpt(column.description, word);
      const double best = std::max({by_name, by_text, by_owner});
      if (best == 0) return;
      total += best;
    }
    if (named) hits.push_back({id, column.name, shown, total - static_cast<double>(name.size()) * 0.01});
  }

  std::vector<std::string> words_;
};

}  // namespace

std::vector<SearchHit> search(std::span<const SearchEntry> entries, std::string_view query, size_t most) {
  const Scorer scorer(query);
  std::vector<SearchHit> hits;
  if (scorer.empty()) return hits;
  for (uint32_t id = 0; id < entries.size(); ++id) scorer.add_hits(id, entries[id], hits);
  std::ranges::sort(hits, [&](const SearchHit& a, const SearchHit& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.entry != b.entry) return entries[a.entry].id < entries[b.entry].id;
    return a.column < b.column;
  });
  if (hits.size() > most) hits.resize(most);
  return hits;
}

}  // namespace rynd::catalog
