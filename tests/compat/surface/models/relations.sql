{% if execute %}
{% set r = api.Relation.create(database='d', schema='s', identifier='i', type='view') %}
{% set t = r.incorporate(type='table', path={'identifier': 'j'}) %}
{{ rows([
  ('render', r.render()), ('text', r), ('include', r.include(database=false)), ('exclude the name', r.include(identifier=false)),
  ('incorporate', t), ('type', t.type), ('quote', r.quote(schema=false, identifier=false)), ('replace_path', r.replace_path(schema='z')),
  ('without_identifier', r.without_identifier()), ('information_schema', r.information_schema('columns')), ('information_schema only', r.information_schema()),
  ('matches', r.matches(database='d', schema='s', identifier='i')), ('matches not', r.matches(identifier='other')),
  ('parts', [r.database, r.schema, r.identifier, r.name, r.table]), ('is', [r.is_view, r.is_table, r.is_cte, r.is_materialized_view, t.is_table]),
  ('can', [r.can_be_renamed, t.can_be_replaced]), ('kinds', [r.View, r.Table, r.CTE, r.External, r.MaterializedView]),
  ('class kinds', [api.Relation.Table, api.Relation.View]), ('ephemeral', api.Relation.add_ephemeral_prefix('x')), ('get', r.path.get_part('schema') if r.path.get_part is defined else r.path.schema),
  ('equal', r == api.Relation.create(database='d', schema='s', identifier='i', type='view')), ('equal not', r == t),
  ('this', this), ('this parts', [this.schema, this.identifier, this.name]), ('ref', ref('agate')), ('of a seed', ref('typed').identifier),
  ('dict key', {r: 1}[r]), ('no identifier', api.Relation.create(schema='s')), ('in a list', [r] | length)
]) }}
{% else %} select 1 as x -- {{ ref('agate') }} {{ ref('typed') }}
{% endif %}
