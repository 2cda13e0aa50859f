// Selected: names with wildcards against sources and their tables.
#include "selected.h"

#include "base/suggest.h"
#include "base/text.h"

namespace rynd::ingest {

std::vector<Selected> select(const Sources& sources, const std::vector<std::string>& names, Diagnostics& problems) {
  std::vector<bool> used(names.size(), names.empty());
  std::vector<Selected> chosen;
  std::vector<std::string> known, all;
  for (size_t s = 0; s < sources.all.size(); ++s) {
    const Source& source = sources.all[s];
    known.push_back(source.name);
    for (size_t r = 0; r < source.resources.size(); ++r) {
      std::string name = source.name + "." + source.resources[r].name;
      all.push_back(name);
      known.push_back(name);
      known.push_back(source.resources[r].name);
      bool with_source = names.empty(), named = false;
      for (size_t i = 0; i < names.size(); ++i) {
        std::string_view wanted = names[i];
        if (wanted.starts_with("source:")) wanted.remove_prefix(7);
        // A table's own name is enough where no source has that name.
        bool by_table = !sources.find(wanted) && glob_match(wanted, source.resources[r].name);
        bool by_source = glob_match(wanted, source.name), by_name = glob_match(wanted, name) || by_table;
        used[i] = used[i] || by_source || by_name;
        with_source = with_source || by_source;
        named = named || by_name;
      }
      if (named || (with_source && source.resources[r].selected)) chosen.push_back({s, r, named});
    }
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i]) continue;
    Diagnostic unknown{.code = Code::ingest_unknown_name,
                       .message = "there is no source or resource '" + names[i] + "'",
                       .label = did_you_mean(names[i], known)};
    if (unknown.label.empty())
      unknown.notes = {all.empty() ? "the project has no ingest/*.yml" : "there are: " + join(all, ", ")};
    problems.push_back(std::move(unknown));
  }
  return chosen;
}

}  // namespace rynd::ingest
