// Validate: what is wrong with a project's pages, all of it, without a browser.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/world.h"
#include "engine/engine.h"
#include "project/project.h"

namespace rynd::server {

struct PageReport {
  std::string page;  // "index", "sales/regions"
  std::string file;  // below the project
  size_t queries = 0;
  Diagnostics problems;
};

// The pages named, all where none is; RYND0717 where there is no such page. With a database every query is run, its
// inputs standing as they do when the page is opened, and the columns that components name are compared with its rows.
Checked<std::vector<PageReport>> validate_pages(const project::Project& project, const std::vector<std::string>& names,
                                                engine::Database* database, World& world, std::stop_token stop);

}  // namespace rynd::server
