// lineage: what a node is made from, and what is made from it.
#include <fmt/format.h>

#include "base/json.h"
#include "base/suggest.h"
#include "commands/all.h"
#include "opening.h"

namespace rynd::cli {
namespace {

using project::Project;
using project::ResourceId;

std::string label(const Project& project, ResourceId id) {
  const project::Resource& resource = project.at(id);
  return fmt::format("{} ({})", resource.unique_id, resource.original_file_path);
}

// A tree, each node once; what was shown above is only named.
void draw(const Project& project, ResourceId id, bool up, int depth, std::vector<bool>& shown, std::string& text) {
  for (const ResourceId next : up ? project.graph.parents(id) : project.graph.children(id)) {
    text += std::string(static_cast<size_t>(depth) * 2, ' ') + (up ? "<- " : "-> ");
    text += label(project, next) + (shown[next] ? " ..." : "") + "\n";
    if (shown[next]) continue;
    shown[next] = true;
    draw(project, next, up, depth + 1, shown, text);
  }
}

Node ids(const Project& project, std::span<const ResourceId> nodes) {
  Node list = Node::list();
  for (const ResourceId id : nodes) list.items.push_back(Node::of(project.at(id).unique_id));
  return list;
}

ResourceId find(const Project& project, const std::string& name) {
  if (const ResourceId id = project.find(name); id != project::no_resource) return id;
  const auto found = project.by_ref_name.find(name);
  if (found != project.by_ref_name.end() && !found->second.empty()) return found->second.front();
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    const project::Resource& resource = project.at(id);
    if (resource.source && resource.source->source_name + "." + resource.name == name) return id;
    if (resource.name == name) return id;
  }
  return project::no_resource;
}

Diagnostic unknown(const Project& project, const std::string& name) {
  std::vector<std::string> names;
  for (const project::Resource& resource : project.resources)
    names.push_back(resource.source ? resource.source->source_name + "." + resource.name : resource.name);
  return {.code = Code::usage,
          .message = "there is no node '" + name + "' in this project",
          .help = did_you_mean(name, names)};
}

int run_lineage(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  const auto project = open_project(invocation, session, nullptr);
  if (!project) return exit_unable;
  const ResourceId id = find(*project, invocation.arguments[0]);
  if (id == project::no_resource) {
    console.report(unknown(*project, invocation.arguments[0]));
    return exit_unable;
  }
  if (console.json) {
    Node node = Node::map();
    node.set("unique_id", Node::of(project->at(id).unique_id));
    node.set("parents", ids(*project, project->graph.parents(id)));
    node.set("children", ids(*project, project->graph.children(id)));
    console.out(json::write(node) + "\n");
    return exit_done;
  }
  std::string text = label(*project, id) + "\n";
  for (const bool up : {true, false}) {
    std::vector<bool> shown(project->resources.size(), false);
    draw(*project, id, up, 1, shown, text);
  }
  console.out(text);
  return exit_done;
}

}  // namespace

Command lineage_command() {
  return {.name = "lineage",
          .group = CommandGroup::look,
          .summary = "what a node is made from, and what is made from it",
          .arguments = "NODE",
          .least_arguments = 1,
          .most_arguments = 1,
          .flag_groups = reads_project,
          .details = "NODE is a name, 'source.table' or a unique id.",
          .examples = "rynd lineage orders\nrynd lineage model.shop.orders --output json",
          .run = run_lineage};
}

}  // namespace rynd::cli
