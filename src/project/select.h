// Select: dbt's selection language on the graph: --select, --exclude, selectors.yml, indirect selection of tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"
#include "project/project.h"

namespace rynd::project {

// Which tests come along with the nodes they check.
enum class IndirectSelection : uint8_t { eager, cautious, buildable, empty };

// What state:, result: and source_status: compare with; each may be absent.
struct StateInputs {
  const Node* manifest = nullptr;         // of --state
  const Node* run_results = nullptr;      // of --state
  const Node* sources = nullptr;          // of --state
  const Node* current_sources = nullptr;  // target/sources.json
};

struct SelectionRequest {
  std::vector<std::string> select = {};  // each an argument: spaces are union, commas intersection
  std::vector<std::string> exclude = {};
  std::string selector = {};  // a name in selectors.yml
  IndirectSelection indirect = IndirectSelection::eager;
  // Types the command is about (run: model; test: test, unit_test; ...); empty: all. Parents outside are still walked.
  std::vector<ResourceType> resource_types = {};
  std::vector<ResourceType> exclude_resource_types = {};
  StateInputs state = {};
};

struct Selection {
  std::vector<ResourceId> nodes;  // topological order
  std::vector<bool> contains;     // by ResourceId
  Diagnostics warnings;           // criteria that matched nothing
};

// Fails with every malformed criterion, unknown method or selector at once.
Checked<Selection> select(const Project& project, const SelectionRequest& request);

std::optional<IndirectSelection> indirect_selection_of(std::string_view name);

}  // namespace rynd::project
