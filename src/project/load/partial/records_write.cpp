// Records, written.
#include "load/partial/records.h"

namespace rynd::project {

namespace {

uint64_t bits(std::initializer_list<bool> flags) {
  uint64_t result = 0;
  int at = 0;
  for (bool flag : flags) result |= uint64_t{flag} << at++;
  return result;
}

// The text of a part of a source is not written a second time.
bool is_part(const std::string& text, const Span& span) {
  return span && span.end >= span.begin && span.end <= span.source->text().size() &&
         span.source->text().substr(span.begin, span.end - span.begin) == text;
}

}  // namespace

void RecordWriter::node(const Node& node) {
  bool has_place = node.begin != 0 || node.end != 0;
  number(static_cast<uint64_t>(node.kind) | bits({node.quoted, node.boolean, has_place}) << 3);
  if (has_place) {
    number(node.begin);
    integer(static_cast<int64_t>(node.end) - node.begin);
  }
  if (node.is_scalar() && !node.is_null()) text(node.text);
  switch (node.kind) {
    case Node::Kind::integer:
      return integer(node.integer);
    case Node::Kind::real:
      return real(node.real);
    case Node::Kind::sequence:
      number(node.items.size());
      for (const auto& item : node.items) this->node(item);
      return;
    case Node::Kind::mapping:
      number(node.entries.size());
      for (const auto& entry : node.entries) {
        text(entry.key);
        number(entry.key_begin);
        number(entry.key_end - entry.key_begin);
        this->node(entry.value);
      }
      return;
    default:
      return;
  }
}

void RecordWriter::texts(const std::vector<std::string>& values) {
  number(values.size());
  for (const auto& value : values) text(value);
}

void RecordWriter::source(const SourcePtr& source) {
  if (!source) return number(0);
  auto [known, is_new] = known_sources_.emplace(source.get(), known_sources_.size() + 1);
  number(known->second);
  if (!is_new) return;
  bool file = is_file_(*source);
  flag(file);
  text(source->name());
  if (!file) text(source->text());
}

void RecordWriter::span(const Span& span) {
  source(span.source);
  if (!span) return;
  number(span.begin);
  integer(static_cast<int64_t>(span.end) - span.begin);
}

void RecordWriter::refs(const std::vector<Ref>& refs) {
  number(refs.size());
  for (const auto& ref : refs) {
    text(ref.name);
    text(ref.package);
    text(ref.version);
    span(ref.span);
  }
}

void RecordWriter::sources(const std::vector<SourceRef>& sources) {
  number(sources.size());
  for (const auto& one : sources) {
    text(one.source);
    text(one.table);
    span(one.span);
  }
}

void RecordWriter::column(const Column& column) {
  text(column.name);
  text(column.description);
  text(column.data_type);
  number(!column.quote ? 0 : *column.quote ? 2 : 1);
  texts(column.tags);
  for (const Node* part : {&column.meta, &column.constraints, &column.config, &column.dimension, &column.entity})
    node(*part);
  text(column.granularity);
  texts(column.doc_blocks);
  span(column.span);
}

void RecordWriter::details(const Resource& resource) {
  number(bits({resource.model.has_value(), resource.test.has_value(), resource.source.has_value(),
               resource.unit_test.has_value(), resource.operation.has_value()}));
  if (const auto& model = resource.model) {
    for (const auto* one : {&model->version, &model->latest_version, &model->access, &model->deprecation_date})
      text(*one);
    node(model->constraints);
    node(model->time_spine);
  }
  if (const auto& test = resource.test) {
    for (const auto* one : {&test->name, &test->test_namespace, &test->column_name, &test->file_key_name}) text(*one);
    node(test->kwargs);
  }
  if (const auto& source = resource.source) {
    for (const auto* one : {&source->source_name, &source->source_description, &source->loader, &source->identifier,
                            &source->loaded_at_field, &source->loaded_at_query, &source->location})
      text(*one);
    flag(source->freshness.has_value());
    if (source->freshness) {
      for (const auto* threshold : {&source->freshness->warn_after, &source->freshness->error_after}) {
        flag(threshold->count.has_value());
        integer(threshold->count.value_or(0));
        text(threshold->period);
      }
      text(source->freshness->filter);
    }
    for (const Node* part : {&source->source_meta, &source->external, &source->quoting}) node(*part);
  }
  if (const auto& test = resource.unit_test) {
    for (const auto* one : {&test->model, &test->version, &test->fixture_checksum}) text(*one);
    for (const Node* part : {&test->given, &test->expect, &test->overrides, &test->versions}) node(*part);
    span(test->model_span);
  }
  if (const auto& operation = resource.operation) {
    flag(operation->on_run_end);
    integer(operation->index);
  }
}

void RecordWriter::resource(const Resource& resource) {
  byte(static_cast<uint8_t>(resource.type));
  span(resource.span);
  span(resource.name_span);
  span(resource.patch_span);
  for (const auto* one :
       {&resource.unique_id, &resource.name, &resource.package, &resource.path, &resource.original_file_path,
        &resource.alias, &resource.database, &resource.schema, &resource.relation_name, &resource.language,
        &resource.checksum.name, &resource.checksum.checksum, &resource.group, &resource.description,
        &resource.patch_path, &resource.contract.checksum, &resource.docs.node_color})
    text(*one);
  flag(resource.docs.show);
  flag(resource.contract.enforced);
  flag(resource.contract.alias_types);
  bool within = is_part(resource.raw_code, resource.span);
  flag(within);
  if (!within) text(resource.raw_code);
  flag(static_cast<bool>(resource.compiled));
  if (resource.compiled) {
    source(resource.compiled.source());
    number(resource.compiled.part().begin);
    number(resource.compiled.part().end);
  }
  for (const auto* list : {&resource.fqn, &resource.tags, &resource.doc_blocks}) texts(*list);
  for (const Node* part :
       {&resource.config.values(), &resource.unrendered_config, &resource.meta, &resource.properties})
    node(*part);
  number(resource.columns.size());
  for (const auto& one : resource.columns) column(one);
  details(resource);
}

void RecordWriter::draft(const Draft& draft) {
  resource(draft.resource);
  text(draft.file_name);
  text(draft.test_target);
  text(draft.test_version);
  texts(draft.measures);
  refs(draft.captured.refs);
  sources(draft.captured.sources);
  refs(draft.captured.metrics);
  refs(draft.captured.functions);
  number(draft.captured.macros.size());
  for (MacroId id : draft.captured.macros) text(project_.macros[id].unique_id);
}

void RecordWriter::macro(const MacroDraft& draft) {
  const Macro& macro = draft.macro;
  text(macro.name);
  span(macro.span);
  number(macro.index);
  texts(macro.supported_languages);
  number(macro.arguments.size());
  for (const auto& argument : macro.arguments) {
    text(argument.name);
    text(argument.type);
  }
  number(draft.calls.size());
  for (const auto& call : draft.calls) {
    text(call.name);
    text(call.macro_namespace);
    flag(call.dispatched);
  }
}

void RecordWriter::macro_patch(const MacroPatch& patch) {
  text(patch.package);
  text(patch.name);
  text(patch.description);
  text(patch.patch_path);
  node(patch.meta);
  node(patch.config);
  flag(patch.show);
  number(patch.arguments.size());
  for (const auto& argument : patch.arguments) {
    for (const auto* one : {&argument.name, &argument.type, &argument.description}) text(*one);
  }
}

void RecordWriter::doc(const Doc& doc) {
  text(doc.name);
  text(doc.contents);
  span(doc.span);
}

void RecordWriter::problem(const Diagnostic& problem) {
  byte(static_cast<uint8_t>(problem.severity));
  number(static_cast<uint64_t>(problem.code));
  for (const auto* one : {&problem.message, &problem.label, &problem.help}) text(*one);
  span(problem.span);
  texts(problem.notes);
  number(problem.related.size());
  for (const auto& label : problem.related) {
    span(label.span);
    text(label.text);
  }
}

void RecordWriter::unused(const UnusedEntry& entry) {
  flag(entry.is_macro);
  byte(static_cast<uint8_t>(entry.type));
  text(entry.name);
  span(entry.span);
}

}  // namespace rynd::project
