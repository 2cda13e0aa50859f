// Resource: anything in the graph, as plain data with dbt's names (manifest v12) and the places it came from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.h"
#include "base/node.h"
#include "base/source.h"
#include "jinja/jinja.h"
#include "project/config.h"

namespace rynd::project {

// Places in Project::resources and Project::macros.
using ResourceId = uint32_t;
using MacroId = uint32_t;
inline constexpr ResourceId no_resource = UINT32_MAX;

// What a template's ref('package', 'name', v=...) asked for.
struct Ref {
  std::string name;
  std::string package = {};  // "" where not given
  std::string version = {};  // "" where not given
  Span span = {};            // the call, or the YAML value
};

// What a template's source('name', 'table') asked for.
struct SourceRef {
  std::string source;
  std::string table;
  Span span = {};
};

// Whether both ask for the same, wherever they stand.
inline bool is_same(const Ref& a, const Ref& b) {
  return a.name == b.name && a.package == b.package && a.version == b.version;
}
inline bool is_same(const SourceRef& a, const SourceRef& b) { return a.source == b.source && a.table == b.table; }

struct Checksum {
  std::string name = "sha256";  // "none" where nothing is hashed, "path" for a seed over the size limit
  std::string checksum;
};

// A column as the properties file describes it.
struct Column {
  std::string name;
  std::string description = {};
  std::string data_type = {};  // "" where not given
  std::optional<bool> quote = {};
  std::vector<std::string> tags = {};
  Node meta = Node::map();
  Node constraints = Node::list();
  Node config = Node::map();  // as written under `config:`
  std::string granularity = {};
  Node dimension = {};
  Node entity = {};
  std::vector<std::string> doc_blocks = {};
  Span span = {};
};

// Shown in docs or not; how.
struct DocsOptions {
  bool show = true;
  std::string node_color = {};  // "" where not given
};

struct Contract {
  bool enforced = false;
  bool alias_types = true;
  std::string checksum = {};
};

// Only for a generic test.
struct TestDetails {
  std::string name;            // "unique"
  std::string test_namespace;  // package given as "pkg.name"; "" without
  Node kwargs = Node::map();   // as dbt's test_metadata.kwargs: strings may hold templates, `model` is one
  ResourceId attached = no_resource;
  std::string column_name;    // "" for a test on the whole relation
  std::string file_key_name;  // "models.orders"
};

// warn_after and error_after of a source; a missing one has no count.
struct FreshnessThreshold {
  std::optional<int64_t> count;
  std::string period;  // minute, hour, day
};
struct Freshness {
  FreshnessThreshold warn_after;
  FreshnessThreshold error_after;
  std::string filter;  // SQL; "" without
};

// Only for a source table.
struct SourceDetails {
  std::string source_name;
  std::string source_description;
  std::string loader;
  std::string identifier;
  std::string loaded_at_field;
  std::string loaded_at_query;
  std::optional<Freshness> freshness;
  Node source_meta = Node::map();
  Node external = {};
  std::string location;  // what SQL reads in place of a table: "'data/orders.csv'"; "" for a table
  Node quoting = Node::map();
  // True where ingest/*.yml loads it; `ingest_span` is its place there, `ingest_file` the file.
  bool ingested = false;
  std::string ingest_file;
  Span ingest_span;
};

// Only for a unit test.
struct UnitTestDetails {
  std::string model;                // the tested model's name
  std::string version;              // of the tested model; "" without
  ResourceId tested = no_resource;  // the tested model
  Node given = Node::list();        // [{input, rows, format, fixture}], fixtures already read into rows
  Node expect = Node::map();        // {rows, format, fixture}
  Node overrides = Node::map();     // {macros, vars, env_vars}
  Node versions = {};               // {include, exclude} of model versions
  std::string fixture_checksum;
  Span model_span;
};

// Only for a model that has versions, and models in general for access.
struct ModelDetails {
  std::string version;         // "" without
  std::string latest_version;  // "" without
  std::string access = "protected";
  std::string deprecation_date;
  Node constraints = Node::list();
  std::vector<std::string> primary_key;
  Node time_spine = {};
};

// Only for a function that SQL can call (a UDF).
struct FunctionOverload {
  std::string defined_in;         // the file's name, without its ending
  Node arguments = Node::list();  // as of FunctionDetails
  Node returns = {};              // null where it is the function's
  std::string description;
  std::string raw_body;
  jinja::Template compiled;
};
struct FunctionDetails {
  Node arguments = Node::list();  // [{name, data_type, description, default_value}]
  Node returns = {};              // {data_type, description}; null where nobody says
  std::vector<FunctionOverload> overloads;
};

// Only for an on-run-start or on-run-end hook.
struct OperationDetails {
  bool on_run_end = false;
  int index = 0;
};

struct Resource {
  ResourceType type = ResourceType::model;
  std::string unique_id;
  std::string name;
  std::string package;
  std::string path;                // relative to the folder of its kind: "staging/stg_orders.sql"
  std::string original_file_path;  // relative to its package: "models/staging/stg_orders.sql"
  std::vector<std::string> fqn;
  std::string alias;
  std::string database;
  std::string schema;
  std::string relation_name;  // quoted as the adapter writes it; "" where nothing is built (ephemeral, tests, ...)
  std::string language = "sql";
  std::string raw_code;
  Checksum checksum;

  Config config;
  Node unrendered_config = Node::map();
  std::vector<std::string> tags;
  Node meta = Node::map();
  std::string group;  // "" without
  std::string description;
  std::vector<Column> columns;
  DocsOptions docs;
  std::string patch_path;  // "package://models/schema.yml"; "" without properties
  Contract contract;

  std::vector<Ref> refs;
  std::vector<SourceRef> sources;
  std::vector<Ref> metrics;
  std::vector<Ref> functions;              // what function() calls name
  std::vector<std::string> doc_blocks;     // unique ids of docs the description uses
  std::vector<ResourceId> depends_on;      // in the order dbt lists them, each once
  std::vector<MacroId> depends_on_macros;  // macros the template calls itself, each once

  // Exactly the ones its type has are set.
  Boxed<ModelDetails> model;
  Boxed<TestDetails> test;
  Boxed<SourceDetails> source;
  Boxed<UnitTestDetails> unit_test;
  Boxed<OperationDetails> operation;
  Boxed<FunctionDetails> function;
  // Exposure, metric, semantic model, saved query, group, page: the mapping as written, templates rendered.
  Node properties = {};

  Span span;        // the whole definition: file, block or YAML entry
  Span name_span;   // where the name is said; the whole definition's first byte where it is the file's name
  Span patch_span;  // the properties entry
  // Compiled raw_code, spans into the file it came from; empty where nothing is rendered.
  jinja::Template compiled;

  bool is_relation() const;   // may be the target of ref() or source()
  bool is_ephemeral() const;  // a model that is inlined where it is used
};

// {% docs name %}
struct Doc {
  std::string unique_id;  // "doc.pkg.name"
  std::string name;
  std::string package;
  std::string path;
  std::string original_file_path;
  std::string contents;
  Span span;
};

}  // namespace rynd::project
