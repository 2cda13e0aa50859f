// Artifacts: dbt's files in target/, from a project and what a command did to it. Schemas: manifest v12, run-results
// v6.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/node.h"
#include "engine/relation.h"
#include "project/project.h"
#include "transform/transform.h"

namespace rynd::catalog {

// What all artifacts say of their making.
struct Making {
  Instant generated_at;
  Node args = Node::map();  // of run_results: the command's options
};

// manifest.json, handed to `out` piece by piece: the whole of it is larger than the project. `results`: nodes that this
// command compiled or ran carry their compiled code.
void write_manifest(const project::Project& project, std::span<const transform::NodeResult> results,
                    const Making& making, const TextSink& out);

// run_results.json: every key of every result, null where there is nothing, as readers expect.
Node run_results(const project::Project& project, std::span<const transform::NodeResult> results,
                 double elapsed_seconds, const Making& making);

// catalog.json: columns and types of the relations among `details` that the project knows.
Node catalog_json(const project::Project& project, std::span<const engine::RelationDetail> details,
                  const Making& making);

// `metadata` of the artifact with this schema: "sources/v3", "catalog/v1", ...
Node metadata(const project::Project& project, std::string_view schema, const Making& making);

// Where dbt puts a node's compiled ("compiled") or sent ("run") SQL, below the project's folder.
std::string artifact_path(const project::Project& project, const project::Resource& resource, std::string_view folder);

// One node in the JSON of `dbt ls --output json`; `keys` empty: dbt's own choice.
Node listed(const project::Project& project, const project::Resource& resource, std::span<const std::string> keys);

}  // namespace rynd::catalog
