// PageStore: size and time of a file stand for its content, as make has it.
#include "page/page_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/hash.h"

namespace rynd::server {

PageStore::PageStore(Files& files, std::filesystem::path folder, std::string printed)
    : files_(files), folder_(std::move(folder)), printed_(std::move(printed)) {}

std::vector<FileInfo> PageStore::look() const {
  std::vector<FileInfo> found = files_.list(folder_);
  std::erase_if(found, [](const FileInfo& info) {
    return info.path.extension() != ".md" || info.path.generic_string().starts_with('.');
  });
  return found;
}

uint64_t PageStore::stamp() {
  std::string state;
  for (const FileInfo& info : look())
    state += fmt::format("{}:{}:{}\n", info.path.string(), info.size, info.modified_us);
  return fast_hash(state);
}

void PageStore::refresh() {
  std::set<std::string, std::less<>> there;
  for (const FileInfo& info : look()) {
    std::string name = info.path.generic_string();
    name.resize(name.size() - 3);
    there.insert(name);
    Entry& entry = entries_[name];
    if (entry.page && entry.size == info.size && entry.modified_us == info.modified_us) continue;
    const Result<std::string> text = files_.read(folder_ / info.path);
    if (!text) {
      there.erase(name);
      continue;
    }
    const std::string printed = printed_ + "/" + info.path.generic_string();
    entry = {info.size, info.modified_us, std::make_shared<const Page>(read_page(name, make_source(printed, *text)))};
  }
  std::erase_if(entries_, [&](const auto& entry) { return !there.contains(entry.first); });
}

std::vector<PagePtr> PageStore::all() {
  const std::lock_guard lock(mutex_);
  refresh();
  std::vector<PagePtr> pages;
  for (const auto& [name, entry] : entries_) pages.push_back(entry.page);
  std::ranges::stable_sort(pages, {}, [](const PagePtr& page) {
    return std::tuple(page->name != "index", page->position.value_or(INT64_MAX), page->name);
  });
  return pages;
}

PagePtr PageStore::find(std::string_view name) {
  const std::lock_guard lock(mutex_);
  refresh();
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second.page;
}

}  // namespace rynd::server
