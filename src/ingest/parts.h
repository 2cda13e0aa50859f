// Parts: what a resource is loaded in: its partitions, its files, or all at once; and which files belong to each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/world.h"
#include "file_list.h"
#include "ingest/source.h"

namespace rynd::ingest {

struct Part {
  std::string name;              // "": the resource as a whole
  std::vector<FoundFile> files;  // local
  std::vector<std::string> urls;
  std::string fingerprint;  // of the local files; "" where there are none

  bool is_missing() const { return files.empty() && urls.empty(); }
};

// A resource whose rows carry the part they came from, in `_rynd_partition`.
bool is_loaded_in_parts(const Source& source, const Resource& resource);

// All parts that there are now, in order.
std::vector<Part> parts_of(const Source& source, const Resource& resource, const std::filesystem::path& project,
                           World& world);
// One of them by its name, which may be there no more.
Part part_of(const Source& source, const Resource& resource, const std::string& name,
             const std::filesystem::path& project, World& world);

}  // namespace rynd::ingest
