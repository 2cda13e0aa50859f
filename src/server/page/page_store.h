// PageStore: the pages of a project as they are on disk now; a file is read again only when it changed.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "page/page.h"

namespace rynd::server {

using PagePtr = std::shared_ptr<const Page>;

// Any number of threads may call it.
class PageStore {
 public:
  // `folder` holds the pages; `printed` is what diagnostics call it ("pages").
  PageStore(Files& files, std::filesystem::path folder, std::string printed);

  // In the order of the menu: "index" first, then by sidebar_position, then by name.
  std::vector<PagePtr> all();
  PagePtr find(std::string_view name);  // nullptr where there is none
  // Changes when a page appears, changes or goes.
  uint64_t stamp();

 private:
  struct Entry {
    uint64_t size = 0;
    int64_t modified_us = 0;
    PagePtr page;
  };
  std::vector<FileInfo> look() const;
  void refresh();

  Files& files_;
  std::filesystem::path folder_;
  std::string printed_;
  std::mutex mutex_;  // of the entries
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace rynd::server
