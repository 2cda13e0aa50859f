// Parts: what a resource is loaded in: its partitions, its files, or all at once; and which files belong to each.
#include "parts.h"

#include "partition.h"
#include "placeholders.h"

namespace rynd::ingest {
namespace {

void add_path(Part& part, const std::string& path, const std::filesystem::path& project, Files& files) {
  if (is_url(path)) {
    part.urls.push_back(path);
    return;
  }
  for (auto& file : find_files(path, project, files)) {
    part.fingerprint += (part.fingerprint.empty() ? "" : "; ") + file.fingerprint;
    part.files.push_back(std::move(file));
  }
}

Part whole(const Resource& resource, const std::filesystem::path& project, Files& files) {
  Part part;
  for (const auto& path : resource.files.paths) add_path(part, path, project, files);
  return part;
}

Part partition_part(const Resource& resource, const std::string& name, const std::filesystem::path& project,
                    Files& files) {
  Part part{.name = name};
  auto value = [&](std::string_view placeholder) { return partition_value(placeholder, resource.partition->by, name); };
  for (const auto& path : resource.files.paths) add_path(part, fill(path, value), project, files);
  return part;
}

// Each file by itself. A path of the name itself is no pattern any more, whatever characters it has.
std::vector<Part> file_parts(Part all) {
  std::vector<Part> parts;
  for (auto& file : all.files) {
    std::string name = file.name, fingerprint = file.fingerprint;
    parts.push_back(
        {.name = std::move(name), .files = {std::move(file)}, .urls = {}, .fingerprint = std::move(fingerprint)});
  }
  for (auto& url : all.urls) parts.push_back({.name = url, .files = {}, .urls = {url}, .fingerprint = ""});
  if (parts.empty()) parts.emplace_back();
  return parts;
}

}  // namespace

bool is_loaded_in_parts(const Source& source, const Resource& resource) {
  return resource.partition || (source.type == SourceType::files && resource.disposition != Disposition::replace);
}

std::vector<Part> parts_of(const Source& source, const Resource& resource, const std::filesystem::path& project,
                           World& world) {
  bool rest = source.type == SourceType::rest;
  if (resource.partition) {
    std::vector<Part> parts;
    for (const auto& name : partition_names(*resource.partition, world.clock.now())) {
      parts.push_back(rest ? Part{.name = name} : partition_part(resource, name, project, world.files));
    }
    return parts;
  }
  if (rest) return {Part{}};
  Part all = whole(resource, project, world.files);
  if (resource.disposition == Disposition::replace) return {std::move(all)};
  return file_parts(std::move(all));
}

Part part_of(const Source& source, const Resource& resource, const std::string& name,
             const std::filesystem::path& project, World& world) {
  if (resource.partition && source.type == SourceType::files)
    return partition_part(resource, name, project, world.files);
  for (auto& part : parts_of(source, resource, project, world)) {
    if (part.name == name) return std::move(part);
  }
  return Part{.name = name};
}

}  // namespace rynd::ingest
