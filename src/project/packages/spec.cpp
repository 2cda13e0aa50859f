// Spec: the list of packages, read, and its hash.
#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/yaml.h"
#include "fields.h"
#include "packages/parts.h"
#include "project/context.h"

namespace rynd::project {
namespace {

constexpr FieldCodes codes = {Code::project_key_unknown, Code::package_wrong};

struct KindKey {
  std::string_view key;
  PackageKind kind;
};
constexpr std::array<KindKey, 4> kind_keys{{{"package", PackageKind::hub},
                                            {"git", PackageKind::git},
                                            {"local", PackageKind::local},
                                            {"tarball", PackageKind::tarball}}};

// json.dumps(value, sort_keys=True): ", " and ": ", and nothing but ASCII.
std::string python_json(const Node& node);

std::string python_text(const std::string& text) {
  std::string result = "\"";
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      const size_t known = std::string_view("\"\\\b\f\n\r\t").find(text[i]);
      if (known != std::string_view::npos)
        (result += '\\') += "\"\\bfnrt"[known];
      else
        result += byte < 0x20 || byte == 0x7f ? (byte == 0x7f ? std::string(1, text[i]) : unicode_escape(byte))
                                              : std::string(1, text[i]);
      ++i;
      continue;
    }
    const int more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    uint32_t point = byte & (0x3fU >> more);
    for (int part = 1; part <= more && i + static_cast<size_t>(part) < text.size(); ++part)
      point = (point << 6) | (static_cast<unsigned char>(text[i + static_cast<size_t>(part)]) & 0x3fU);
    result += unicode_escape(point);
    i += static_cast<size_t>(more) + 1;
  }
  return result + "\"";
}

std::string python_number(const Node& node) {
  if (node.kind == Node::Kind::integer) return std::to_string(node.integer);
  std::string text = node.text;
  return text.find_first_of(".eEn") == std::string::npos ? text + ".0" : text;
}

std::string python_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return node.boolean ? "true" : "false";
    case Node::Kind::integer:
    case Node::Kind::real:
      return python_number(node);
    case Node::Kind::string:
      return python_text(node.text);
    case Node::Kind::sequence: {
      std::vector<std::string> parts;
      for (const Node& item : node.items) parts.push_back(python_json(item));
      return "[" + join(parts, ", ") + "]";
    }
    case Node::Kind::mapping: {
      std::vector<std::pair<std::string, std::string>> parts;
      for (const Entry& entry : node.entries) parts.emplace_back(entry.key, python_json(entry.value));
      std::ranges::sort(parts);
      std::vector<std::string> texts;
      for (const auto& [key, value] : parts) texts.push_back(python_text(key) + ": " + value);
      return "{" + join(texts, ", ") + "}";
    }
  }
  return "";
}

// The entry with every key that dbt gives one of its kind.
Node canonical(const PackageSpec& spec) {
  Node node = Node::map();
  const auto take = [&](const char* key, Node fallback) {
    const Node* value = spec.rendered.find(key);
    node.set(key, value ? *value : std::move(fallback));
  };
  switch (spec.kind) {
    case PackageKind::hub:
      take("package", Node());
      take("version", Node());
      take("install_prerelease", Node::of(false));
      if (const Node* dashed = spec.rendered.find("install-prerelease")) node.set("install_prerelease", *dashed);
      break;
    case PackageKind::git:
      take("git", Node());
      take("revision", Node());
      take("warn-unpinned", Node());
      take("subdirectory", Node());
      break;
    case PackageKind::local:
      take("local", Node());
      break;
    case PackageKind::tarball:
      take("tarball", Node());
      break;
  }
  if (spec.rendered.find("name")) take("name", Node());
  node.set("unrendered", spec.written);
  return node;
}

void check_hub(const PackageSpec& spec, Problems& problems) {
  if (spec.versions.empty()) {
    problems
        .error(Code::package_wrong,
               spec.from +
                   " is missing the version. When installing from the Hub package index, version is a "
                   "required property",
               spec.span)
        .help = "version: [\">=1.0.0\", \"<2.0.0\"]";
  }
  if (spec.from.find('/') == std::string::npos) {
    problems.error(Code::package_wrong,
                   spec.from +
                       " was not found in the package index. Packages on the index require a namespace, e.g "
                       "dbt-labs/dbt_utils",
                   spec.span);
  }
  for (const std::string& version : spec.versions) {
    if (!parse_version(version))
      problems.error(Code::package_wrong, "\"" + version + "\" is not a valid semantic version.", spec.span).help =
          "three numbers: \"1.2.0\", \">=1.2.0\"";
  }
}

void read_entry(const SourcePtr& source, const Node& written, const Node& rendered, std::vector<PackageSpec>& into,
                Problems& problems) {
  Fields fields(source, rendered, "a package", problems, codes);
  PackageSpec spec;
  spec.written = written;
  spec.rendered = rendered;
  spec.span = {source, written.begin, written.end};
  const auto kind = std::ranges::find_if(kind_keys, [&](const KindKey& key) { return rendered.find(key.key); });
  if (kind == kind_keys.end()) {
    const bool is_private = rendered.find("private") != nullptr;
    problems
        .error(is_private ? Code::unsupported : Code::package_wrong,
               is_private ? "'private' packages cannot be installed"
                          : "a package needs one of 'package', 'git', 'local' and 'tarball'",
               spec.span)
        .help = is_private ? "name its repository with 'git:'" : "package: dbt-labs/dbt_utils";
    return;
  }
  spec.kind = kind->kind;
  spec.from = fields.text(kind->key).value_or("");
  spec.name = fields.text("name").value_or("");
  if (spec.from.empty()) {
    problems.error(Code::package_wrong,
                   "A " + std::string(kind->key) +
                       " package is missing the value. It is a "
                       "required property.",
                   spec.span);
  }
  if (spec.kind == PackageKind::hub) {
    spec.versions = fields.texts("version").value_or(std::vector<std::string>());
    spec.prereleases = fields.flag("install_prerelease").value_or(false);
    spec.prereleases = fields.flag("install-prerelease").value_or(spec.prereleases);
    if (!spec.from.empty()) check_hub(spec, problems);
  } else if (spec.kind == PackageKind::git) {
    if (const auto revision = fields.text("revision")) spec.versions = {*revision};
    spec.warn_unpinned = fields.flag("warn-unpinned").value_or(true);
    spec.subdirectory = fields.text("subdirectory").value_or("");
  } else if (spec.kind == PackageKind::tarball && spec.name.empty()) {
    problems.error(Code::package_wrong, "a tarball needs the 'name' of its package", spec.span);
  }
  fields.ignore({"unrendered"});
  fields.finish();
  into.push_back(std::move(spec));
}

}  // namespace

std::string unicode_escape(uint32_t point) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto unit = [&](uint32_t value) {
    std::string text = "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) text += digits[(value >> static_cast<unsigned>(shift)) & 0xf];
    return text;
  };
  if (point < 0x10000) return unit(point);
  return unit(0xd800 + ((point - 0x10000) >> 10)) + unit(0xdc00 + ((point - 0x10000) & 0x3ff));
}

std::vector<PackageSpec> read_specs(const SourcePtr& source, const Node& list, const Node& rendered,
                                    Problems& problems) {
  std::vector<PackageSpec> specs;
  for (size_t i = 0; i < list.items.size() && i < rendered.items.size(); ++i)
    read_entry(source, list.items[i], rendered.items[i], specs, problems);
  return specs;
}

std::string packages_hash(const std::vector<PackageSpec>& packages) {
  std::vector<std::string> texts;
  for (const PackageSpec& spec : packages) texts.push_back(python_json(canonical(spec)));
  std::ranges::sort(texts);
  return sha1(join(texts, "\n"));
}

}  // namespace rynd::project
