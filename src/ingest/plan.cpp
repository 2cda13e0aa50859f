// Plan: which resources and which of their parts a selection asks for, and why; and the status of them all.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "ingest/ingest.h"
#include "partition.h"
#include "parts.h"
#include "selected.h"

namespace rynd::ingest {
namespace {

std::string full_name(const Source& source, const Resource& resource) { return source.name + "." + resource.name; }

// A child that never saw its parent loaded brings it along.
void add_parents(const Sources& sources, const State& state, std::vector<Selected>& chosen) {
  for (size_t i = 0; i < chosen.size(); ++i) {
    const Source& source = sources.all[chosen[i].source];
    const std::string& parent = source.resources[chosen[i].resource].parent;
    if (parent.empty()) continue;
    auto index = static_cast<size_t>(source.find(parent) - source.resources.data());
    bool here = std::any_of(chosen.begin(), chosen.end(), [&](const Selected& other) {
      return other.source == chosen[i].source && other.resource == index;
    });
    auto known = state.resources.find(full_name(source, *source.find(parent)));
    bool loaded = known != state.resources.end() && !known->second.partitions.empty();
    if (!here && !loaded) chosen.push_back({chosen[i].source, index, true});
  }
}

bool was_limited(const ResourceState& state) {
  return std::any_of(state.partitions.begin(), state.partitions.end(),
                     [](const auto& known) { return known.second.fingerprint == "limited"; });
}

// Why a part is loaded; "" where it is not.
std::string reason_for(const Source& source, const Resource& resource, const Part& part, const ResourceState& state) {
  auto known = state.partitions.find(part.name);
  if (known == state.partitions.end()) return "new";
  if (known->second.status == PartitionStatus::missing) return "was missing";
  if (known->second.status == PartitionStatus::failed) return "failed before";
  if (source.type == SourceType::rest) {
    if (resource.partition) return "";
    return resource.endpoint.incremental ? "what is new" : "loaded again";
  }
  if (!part.files.empty() && known->second.fingerprint != part.fingerprint) return "its file changed";
  bool from_network = part.files.empty() && !part.urls.empty();
  return from_network && resource.disposition == Disposition::replace ? "loaded again" : "";
}

// What --partition asks for of a resource: nothing where it is not given, an empty set where none is meant.
std::optional<std::set<std::string>> wanted_partitions(const Source& source, const Resource& resource,
                                                       const Selection& selection, World& world,
                                                       Diagnostics& problems) {
  if (!selection.partitions) return std::nullopt;
  if (!resource.partition) return std::set<std::string>();
  auto range =
      partition_range(*resource.partition, *selection.partitions, world.clock.now(), full_name(source, resource));
  if (range) return std::set<std::string>(range->begin(), range->end());
  problems.push_back(range.error());
  return std::set<std::string>();
}

bool has_quarantined(const ResourceState& state, const std::string& part) {
  const auto known = state.partitions.find(part);
  return known != state.partitions.end() && known->second.quarantined > 0;
}

// Loading a part again replaces its rows, and a table that is replaced or merged by key is made anew; an API that is
// only asked for what is new does not give the old rows again, and appending them would double the others.
bool can_be_loaded_again(const Source& source, const Resource& resource) {
  if (is_loaded_in_parts(source, resource) || resource.disposition == Disposition::replace) return true;
  return resource.disposition == Disposition::merge && !resource.endpoint.incremental;
}

Load plan_one(const Sources& sources, const Selected& chosen, const ResourceState& state, const Selection& selection,
              const std::filesystem::path& project, World& world, Diagnostics& problems) {
  const Source& source = sources.all[chosen.source];
  const Resource& resource = source.resources[chosen.resource];
  Load load{
      .source = chosen.source, .resource = chosen.resource, .partitions = {}, .after = {}, .limit = selection.limit};
  load.full_refresh = selection.full_refresh || was_limited(state);
  const std::optional<std::set<std::string>> wanted = wanted_partitions(source, resource, selection, world, problems);
  if (wanted && wanted->empty()) return load;
  for (const auto& part : parts_of(source, resource, project, world)) {
    if (selection.quarantined && has_quarantined(state, part.name) && !can_be_loaded_again(source, resource)) {
      problems.push_back({.code = Code::unsupported,
                          .message = "the quarantined rows of '" + full_name(source, resource) +
                                     "' cannot be loaded again: the API is asked for what is new only",
                          .span = resource.span,
                          .help = "'rynd ingest " + full_name(source, resource) + " --full-refresh' loads all anew"});
      continue;
    }
    std::string reason = load.full_refresh ? "full refresh" : reason_for(source, resource, part, state);
    if (wanted) reason = wanted->contains(part.name) ? "asked for" : "";
    if (selection.quarantined) reason = has_quarantined(state, part.name) ? "with quarantined rows" : "";
    if (!reason.empty()) load.partitions.push_back({part.name, std::move(reason)});
  }
  return load;
}

const ResourceState& state_of(const State& state, const std::string& name) {
  static const ResourceState none;
  auto known = state.resources.find(name);
  return known == state.resources.end() ? none : known->second;
}

}  // namespace

std::string_view to_text(PartitionStatus status) {
  switch (status) {
    case PartitionStatus::loaded:
      return "loaded";
    case PartitionStatus::missing:
      return "missing";
    case PartitionStatus::failed:
      return "failed";
  }
  return "";
}

Checked<std::vector<Load>> plan(const Sources& sources, const State& state, const Selection& selection,
                                const std::filesystem::path& project, World& world) {
  Diagnostics problems;
  auto chosen = select(sources, selection.names, problems);
  if (!selection.partitions) add_parents(sources, state, chosen);
  std::sort(chosen.begin(), chosen.end(), [](const Selected& a, const Selected& b) {
    return std::pair(a.source, a.resource) < std::pair(b.source, b.resource);
  });
  std::vector<Load> loads;
  bool any_partitioned = false;
  for (const auto& one : chosen) {
    const Source& source = sources.all[one.source];
    const Resource& resource = source.resources[one.resource];
    any_partitioned = any_partitioned || resource.partition;
    if (selection.partitions && !resource.partition) continue;
    loads.push_back(
        plan_one(sources, one, state_of(state, full_name(source, resource)), selection, project, world, problems));
  }
  if (selection.partitions && !any_partitioned && problems.empty()) {
    problems.push_back({.code = Code::ingest_partition, .message = "nothing that is selected has partitions"});
  }
  if (!problems.empty()) return fail_all(std::move(problems));
  if (selection.quarantined) std::erase_if(loads, [](const Load& load) { return load.partitions.empty(); });
  for (auto& load : loads) {
    const Source& source = sources.all[load.source];
    const std::string& parent = source.resources[load.resource].parent;
    for (size_t i = 0; i < loads.size() && !parent.empty(); ++i) {
      if (loads[i].source == load.source && source.resources[loads[i].resource].name == parent) load.after.push_back(i);
    }
  }
  return loads;
}

Checked<std::vector<StatusRow>> status(const Sources& sources, const State& state, const Selection& selection,
                                       const std::filesystem::path& project, World& world) {
  Diagnostics problems;
  std::vector<StatusRow> rows;
  for (const auto& one : select(sources, selection.names, problems)) {
    const Source& source = sources.all[one.source];
    const Resource& resource = source.resources[one.resource];
    const ResourceState& known = state_of(state, full_name(source, resource));
    const std::optional<std::set<std::string>> wanted = wanted_partitions(source, resource, selection, world, problems);
    std::set<std::string> told;
    auto tell = [&](const std::string& name) {
      if ((wanted && !wanted->contains(name)) || !told.insert(name).second) return;
      StatusRow row{.source = source.name, .resource = resource.name, .partition = name, .status = "pending"};
      if (auto part = known.partitions.find(name); part != known.partitions.end()) {
        row.status = to_text(part->second.status);
        row.rows = part->second.rows;
        row.quarantined = part->second.quarantined;
        row.updated_at = part->second.updated_at;
        row.message = part->second.message;
      }
      rows.push_back(std::move(row));
    };
    for (const auto& part : parts_of(source, resource, project, world)) tell(part.name);
    // Those that were loaded and are in the plan no more: files that went away, a narrowed range.
    for (const auto& [name, part] : known.partitions) tell(name);
  }
  if (!problems.empty()) return fail_all(std::move(problems));
  return rows;
}

}  // namespace rynd::ingest
