{% if execute %}
{% set text = api.Column('name', 'varchar', 20) %}
{% set number = api.Column('price', 'decimal', none, 10, 2) %}
{% set made = api.Column.create('id', 'integer') %}
{% set from = api.Column.from_description('code', 'character varying(7)') %}
{% set found = adapter.get_columns_in_relation(ref('typed')) %}
{{ rows([
  ('names', [text.name, text.column, text.quoted]), ('types', [text.dtype, text.data_type, number.data_type, made.data_type]),
  ('sizes', [text.char_size, text.string_size(), number.numeric_precision, number.numeric_scale]),
  ('is', [text.is_string(), number.is_numeric(), number.is_number(), made.is_integer(), made.is_float(), made.is_string()]),
  ('can_expand_to', text.can_expand_to(api.Column('name', 'varchar', 30))), ('literal', text.literal("'x'")),
  ('string_type', api.Column.string_type(5)), ('numeric_type', api.Column.numeric_type('numeric', 8, 3)),
  ('translate_type', [api.Column.translate_type('string'), api.Column.translate_type('integer'), api.Column.translate_type('timestamp')]),
  ('from_description', [from.dtype, from.char_size]), ('found', found | map(attribute='name') | join(' ')), ('found types', found | map(attribute='data_type') | join(' ')),
  ('of a query', adapter.get_column_schema_from_query('select 1 as a, {x: 1} as b') | map(attribute='name') | join(' ')),
  ('flatten', adapter.get_column_schema_from_query("select {x: 1, y: {z: 'a', w: 1.5}} as s, 1 as n") | map('string') | join(';')),
  ('flattened', adapter.get_column_schema_from_query("select {x: 1, y: {z: 'a', w: 1.5}} as s")[0].flatten() | map(attribute='name') | join(' ')),
  ('flattened types', adapter.get_column_schema_from_query("select {x: 1, y: {z: 'a', w: 1.5}} as s")[0].flatten() | map(attribute='dtype') | join(' ')),
  ('not a number', api.Column.from_description('a', 'decimal(10, 2)').numeric_scale),
  ('repr', made | string), ('equal', made == api.Column.create('id', 'integer'))
]) }}
{% else %} select 1 as x -- {{ ref('typed') }}
{% endif %}
