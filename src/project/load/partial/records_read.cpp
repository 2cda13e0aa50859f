// Records, read.
#include <algorithm>

#include "load/partial/records.h"

namespace rynd::project {

void RecordReader::node(Node& into) {
  uint64_t head = number();
  into.kind = static_cast<Node::Kind>(head & 7);
  into.quoted = head & 8;
  into.boolean = head & 16;
  if (head & 32) {
    into.begin = static_cast<uint32_t>(number());
    into.end = static_cast<uint32_t>(into.begin + integer());
  }
  if (into.is_scalar() && !into.is_null()) into.text = text();
  switch (into.kind) {
    case Node::Kind::integer:
      into.integer = integer();
      break;
    case Node::Kind::real:
      into.real = real();
      break;
    case Node::Kind::sequence: {
      size_t size = count();
      into.items.reserve(size);
      for (size_t i = 0; i < size && ok(); ++i) node(into.items.emplace_back());
      break;
    }
    case Node::Kind::mapping: {
      size_t size = count();
      into.entries.reserve(size);
      for (size_t i = 0; i < size && ok(); ++i) {
        Entry& entry = into.entries.emplace_back();
        entry.key = text();
        entry.key_begin = static_cast<uint32_t>(number());
        entry.key_end = static_cast<uint32_t>(entry.key_begin + number());
        node(entry.value);
      }
      break;
    }
    default:
      break;
  }
}

std::vector<std::string> RecordReader::texts() {
  std::vector<std::string> values(count());
  for (auto& value : values) value = text();
  return values;
}

// False where no source was written; `into` stays null where its file is gone.
bool RecordReader::source(SourcePtr& into) {
  uint64_t place = number();
  if (place == 0) return false;
  if (place > known_sources_.size()) {
    bool file = flag();
    std::string_view name = text();
    known_sources_.push_back(file ? world_.file(name)
                                  : std::make_shared<const Source>(std::string(name), text(), world_.owner));
  }
  into = known_sources_[std::min<uint64_t>(place, known_sources_.size()) - 1];
  return true;
}

Span RecordReader::span() {
  Span span;
  if (!source(span.source)) return span;
  auto begin = static_cast<uint32_t>(number());
  auto end = static_cast<uint32_t>(begin + integer());
  if (!span.source) return span;
  span.begin = begin;
  span.end = end;
  return span;
}

std::vector<Ref> RecordReader::refs() {
  std::vector<Ref> refs(count());
  for (auto& ref : refs) {
    ref.name = text();
    ref.package = text();
    ref.version = text();
    ref.span = span();
  }
  return refs;
}

std::vector<SourceRef> RecordReader::source_refs() {
  std::vector<SourceRef> sources(count());
  for (auto& one : sources) {
    one.source = text();
    one.table = text();
    one.span = span();
  }
  return sources;
}

std::vector<MacroId> RecordReader::macros() {
  std::vector<MacroId> ids;
  size_t size = count();
  for (size_t i = 0; i < size; ++i) {
    if (auto id = world_.macro(text())) ids.push_back(*id);
  }
  return ids;
}

Column RecordReader::column() {
  Column column;
  column.name = text();
  column.description = text();
  column.data_type = text();
  if (uint64_t quote = number()) column.quote = quote == 2;
  column.tags = texts();
  for (Node* part : {&column.meta, &column.constraints, &column.config, &column.dimension, &column.entity}) node(*part);
  column.granularity = text();
  column.doc_blocks = texts();
  column.span = span();
  return column;
}

void RecordReader::model(ModelDetails& model) {
  for (auto* one : {&model.version, &model.latest_version, &model.access, &model.deprecation_date}) *one = text();
  node(model.constraints);
  node(model.time_spine);
}

void RecordReader::source_table(SourceDetails& source) {
  for (auto* one : {&source.source_name, &source.source_description, &source.loader, &source.identifier,
                    &source.loaded_at_field, &source.loaded_at_query, &source.location})
    *one = text();
  if (flag()) {
    Freshness& freshness = source.freshness.emplace();
    for (auto* threshold : {&freshness.warn_after, &freshness.error_after}) {
      bool has_count = flag();
      int64_t value = integer();
      if (has_count) threshold->count = value;
      threshold->period = text();
    }
    freshness.filter = text();
  }
  for (Node* part : {&source.source_meta, &source.external, &source.quoting}) node(*part);
}

void RecordReader::details(Resource& resource) {
  uint64_t present = number();
  if (present & 1) model(resource.model.emplace());
  if (present & 2) {
    TestDetails& test = resource.test.emplace();
    for (auto* one : {&test.name, &test.test_namespace, &test.column_name, &test.file_key_name}) *one = text();
    node(test.kwargs);
  }
  if (present & 4) source_table(resource.source.emplace());
  if (present & 8) {
    UnitTestDetails& test = resource.unit_test.emplace();
    for (auto* one : {&test.model, &test.version, &test.fixture_checksum}) *one = text();
    for (Node* part : {&test.given, &test.expect, &test.overrides, &test.versions}) node(*part);
    test.model_span = span();
  }
  if (present & 16) {
    OperationDetails& operation = resource.operation.emplace();
    operation.on_run_end = flag();
    operation.index = static_cast<int>(integer());
  }
}

void RecordReader::code(Resource& resource) {
  if (flag()) {
    const Span& span = resource.span;
    if (span) resource.raw_code = span.source->text().substr(span.begin, span.end - span.begin);
  } else {
    resource.raw_code = text();
  }
  if (!flag()) return;
  SourcePtr source_of_code;
  source(source_of_code);
  jinja::Part part;
  part.begin = static_cast<uint32_t>(number());
  part.end = static_cast<uint32_t>(number());
  if (source_of_code) resource.compiled = jinja::Environment().compile_later(std::move(source_of_code), part);
}

void RecordReader::resource(Resource& resource) {
  resource.type = static_cast<ResourceType>(std::min<int>(byte(), resource_type_count - 1));
  resource.span = span();
  resource.name_span = span();
  resource.patch_span = span();
  for (auto* one :
       {&resource.unique_id, &resource.name, &resource.package, &resource.path, &resource.original_file_path,
        &resource.alias, &resource.database, &resource.schema, &resource.relation_name, &resource.language,
        &resource.checksum.name, &resource.checksum.checksum, &resource.group, &resource.description,
        &resource.patch_path, &resource.contract.checksum, &resource.docs.node_color})
    *one = text();
  resource.docs.show = flag();
  resource.contract.enforced = flag();
  resource.contract.alias_types = flag();
  code(resource);
  for (auto* list : {&resource.fqn, &resource.tags, &resource.doc_blocks}) *list = texts();
  resource.config = Config(resource.type, node());
  for (Node* part : {&resource.unrendered_config, &resource.meta, &resource.properties}) node(*part);
  size_t columns = count();
  resource.columns.reserve(columns);
  for (size_t i = 0; i < columns && ok(); ++i) resource.columns.push_back(column());
  details(resource);
}

void RecordReader::draft(Draft& draft) {
  resource(draft.resource);
  draft.package = world_.package(draft.resource.package);
  draft.file_name = text();
  draft.test_target = text();
  draft.test_version = text();
  draft.measures = texts();
  draft.captured.refs = refs();
  draft.captured.sources = source_refs();
  draft.captured.metrics = refs();
  draft.captured.functions = refs();
  draft.captured.macros = macros();
  draft.finished = true;
}

MacroDraft RecordReader::macro() {
  MacroDraft draft;
  Macro& macro = draft.macro;
  macro.name = text();
  macro.span = span();
  macro.index = static_cast<uint32_t>(number());
  macro.supported_languages = texts();
  size_t arguments = count();
  for (size_t i = 0; i < arguments; ++i) {
    MacroArgument& argument = macro.arguments.emplace_back();
    argument.name = text();
    argument.type = text();
  }
  draft.calls.resize(count());
  for (auto& call : draft.calls) {
    call.name = text();
    call.macro_namespace = text();
    call.dispatched = flag();
  }
  return draft;
}

MacroPatch RecordReader::macro_patch() {
  MacroPatch patch;
  patch.package = text();
  patch.name = text();
  patch.description = text();
  patch.patch_path = text();
  node(patch.meta);
  node(patch.config);
  patch.show = flag();
  patch.arguments.resize(count());
  for (auto& argument : patch.arguments) {
    for (auto* one : {&argument.name, &argument.type, &argument.description}) *one = text();
  }
  return patch;
}

Doc RecordReader::doc() {
  Doc doc;
  doc.name = text();
  doc.contents = text();
  doc.span = span();
  return doc;
}

Diagnostic RecordReader::problem() {
  Diagnostic problem;
  problem.severity = static_cast<Severity>(byte());
  problem.code = static_cast<Code>(number());
  for (auto* one : {&problem.message, &problem.label, &problem.help}) *one = text();
  problem.span = span();
  problem.notes = texts();
  problem.related.resize(count());
  for (auto& label : problem.related) {
    label.span = span();
    label.text = text();
  }
  return problem;
}

UnusedEntry RecordReader::unused() {
  UnusedEntry entry;
  entry.is_macro = flag();
  entry.type = static_cast<ResourceType>(std::min<int>(byte(), resource_type_count - 1));
  entry.name = text();
  entry.span = span();
  return entry;
}

}  // namespace rynd::project
