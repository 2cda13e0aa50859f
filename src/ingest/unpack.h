// Unpack: members of zip files onto the disk, and the bytes of compressed files.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace rynd::ingest {

struct Member {
  std::string name;            // in the archive
  std::filesystem::path path;  // where it was written
};

// Writes the members for which `wanted` says so into `folder`, under names of our own choosing. RYND0212 where the file
// is no archive, or is damaged.
Result<std::vector<Member>> extract_members(const std::filesystem::path& archive, const std::filesystem::path& folder,
                                            const std::function<bool(std::string_view name)>& wanted);

// Hands out a file's bytes in pieces, decompressed where it is gzip, zstd, bzip2 or xz, until it ends or `take` says
// no.
Result<void> read_compressed(const std::filesystem::path& file, const std::function<bool(std::string_view)>& take);

}  // namespace rynd::ingest
