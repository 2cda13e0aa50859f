// Table diff: aligning and drawing.
#include "table_diff.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/json.h"
#include "base/text.h"

namespace rynd::quality {
namespace {

// As dbt's tables show values: Python's booleans, NULL, everything else as SQL prints it.
std::string shown(const engine::Value& value) {
  if (const bool* truth = value.get_if<bool>()) return *truth ? "True" : "False";
  return engine::to_text(value);
}

using Texts = std::vector<std::vector<std::string>>;

Texts texts_of(const Rows& rows) {
  Texts out;
  for (const auto& row : rows) {
    auto& cells = out.emplace_back();
    for (const engine::Value& value : row) cells.push_back((value.is_null() ? "n" : "v") + engine::to_text(value));
  }
  return out;
}

// Comparing all pairs costs their product: above this, rows are only told apart as missing and unexpected.
constexpr size_t most_pairs = 4'000'000;

struct Pair {
  size_t equal_cells, expected, actual;
};

// The best pairs first; of equally good ones those nearest to the beginning.
std::vector<Pair> candidate_pairs(const Texts& expected, const Texts& actual, const std::vector<size_t>& left,
                                  const std::vector<size_t>& right) {
  std::vector<Pair> pairs;
  if (left.size() * right.size() > most_pairs) return pairs;
  for (const size_t e : left) {
    for (const size_t a : right) {
      size_t equal = 0;
      for (size_t i = 0; i < expected[e].size(); ++i) equal += expected[e][i] == actual[a][i];
      if (equal > 0) pairs.push_back({equal, e, a});
    }
  }
  std::ranges::sort(pairs, [](const Pair& a, const Pair& b) {
    return std::tie(b.equal_cells, a.expected, a.actual) < std::tie(a.equal_cells, b.expected, b.actual);
  });
  return pairs;
}

std::string object_json(const std::vector<std::string>& columns, const std::vector<engine::Value>& row) {
  std::string text = "{";
  for (size_t i = 0; i < columns.size(); ++i) {
    text += (i == 0 ? "" : ", ") + json::quote(columns[i]) + ": " + engine::to_json(row[i]);
  }
  return text + '}';
}

std::vector<std::string> drawn_row(const DiffRow& row, const Rows& expected, const Rows& actual) {
  const auto& cells = row.expected ? expected[*row.expected] : actual[*row.actual];
  constexpr std::string_view marks[] = {"", "→", "---", "+++"};
  std::vector<std::string> out = {std::string(marks[static_cast<size_t>(row.kind)])};
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string text = shown(cells[i]);
    if (row.kind == DiffKind::changed) {
      const std::string other = shown(actual[*row.actual][i]);
      if (other != text) text += "→" + other;
    }
    out.push_back(std::move(text));
  }
  return out;
}

// Which rows are drawn: those that differ and their neighbours.
std::vector<bool> visible(const std::vector<DiffRow>& diff) {
  std::vector<bool> out(diff.size(), false);
  for (size_t i = 0; i < diff.size(); ++i) {
    if (diff[i].kind == DiffKind::same) continue;
    for (size_t k = i == 0 ? 0 : i - 1; k <= i + 1 && k < diff.size(); ++k) out[k] = true;
  }
  return out;
}

std::string aligned(const Texts& table) {
  std::vector<int> widths;
  for (const auto& row : table) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string out;
  for (const auto& row : table) {
    for (size_t i = 0; i < row.size(); ++i) {
      out += (i == 0 ? "" : ",") + row[i];
      if (i + 1 < row.size()) out.append(static_cast<size_t>(widths[i] - display_width(row[i])), ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::vector<DiffRow> diff_rows(const Rows& expected, const Rows& actual) {
  const Texts want = texts_of(expected), have = texts_of(actual);
  std::multimap<std::vector<std::string>, size_t> unclaimed;
  for (size_t a = 0; a < have.size(); ++a) unclaimed.emplace(have[a], a);
  std::vector<std::optional<size_t>> partner(want.size());
  std::vector<size_t> left, right;
  for (size_t e = 0; e < want.size(); ++e) {
    const auto found = unclaimed.lower_bound(want[e]);
    if (found == unclaimed.end() || found->first != want[e]) {
      left.push_back(e);
      continue;
    }
    partner[e] = found->second;
    unclaimed.erase(found);
  }
  for (const auto& [row, a] : unclaimed) right.push_back(a);
  std::ranges::sort(right);

  std::vector<bool> taken(have.size(), false);
  std::vector<bool> changed(want.size(), false);
  for (const Pair& pair : candidate_pairs(want, have, left, right)) {
    if (partner[pair.expected] || taken[pair.actual]) continue;
    partner[pair.expected] = pair.actual;
    taken[pair.actual] = changed[pair.expected] = true;
  }
  std::vector<DiffRow> out;
  for (size_t e = 0; e < want.size(); ++e) {
    const DiffKind kind = !partner[e] ? DiffKind::missing : changed[e] ? DiffKind::changed : DiffKind::same;
    out.push_back({kind, e, partner[e]});
  }
  for (const size_t a : right) {
    if (!taken[a]) out.push_back({DiffKind::unexpected, std::nullopt, a});
  }
  return out;
}

bool has_difference(const std::vector<DiffRow>& diff) {
  return std::ranges::any_of(diff, [](const DiffRow& row) { return row.kind != DiffKind::same; });
}

std::string render_diff(const std::vector<DiffRow>& diff, const std::vector<std::string>& columns, const Rows& expected,
                        const Rows& actual) {
  Texts table = {{"@@"}};
  table[0].insert(table[0].end(), columns.begin(), columns.end());
  const std::vector<bool> drawn = visible(diff);
  bool skipping = false;
  for (size_t i = 0; i < diff.size(); ++i) {
    if (drawn[i]) {
      table.push_back(drawn_row(diff[i], expected, actual));
    } else if (!skipping) {
      table.emplace_back(columns.size() + 1, "...");
    }
    skipping = !drawn[i];
  }
  return aligned(table);
}

std::string diff_json(const std::vector<DiffRow>& diff, const std::vector<std::string>& columns, const Rows& expected,
                      const Rows& actual, size_t most) {
  constexpr std::string_view names[] = {"same", "changed", "missing", "unexpected"};
  std::string text = "[";
  size_t count = 0;
  for (const DiffRow& row : diff) {
    if (row.kind == DiffKind::same || count == most) continue;
    text += (count++ == 0 ? "" : ", ") + std::string("{\"diff\": \"") +
            std::string(names[static_cast<size_t>(row.kind)]) + '"';
    if (row.expected) text += ", \"expected\": " + object_json(columns, expected[*row.expected]);
    if (row.actual) text += ", \"actual\": " + object_json(columns, actual[*row.actual]);
    text += '}';
  }
  return text + ']';
}

}  // namespace rynd::quality
