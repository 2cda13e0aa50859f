{% if execute %}
{% set t = run_query("select * from (values (1, 'a', 1.5), (2, 'b', 2.5), (3, 'a', null)) as t(id, word, price) order by id") %}
{% set row = t.rows[1] %}
{{ rows([
  ('column_names', t.column_names), ('columns', t.columns | length), ('column names', t.columns | map(attribute='name') | join(' ')),
  ('values', t.columns[0].values()), ('by name', t.columns['word'].values()), ('decimals', t.columns['price'].values()), ('rows', t.rows | length),
  ('row', [row[0], row['word'], row['price']]), ('row keys', row.keys()), ('row values', row.values()), ('row dict', row.dict().items() | list), ('row get', [row.get('word'), row.get('nothing', 'none')]),
  ('unpacked', t.rows[0][1] ~ t.rows[2][1]), ('types', t.column_types | map('string') | map('replace', 'agate.data_types.', '') | list | length),
  ('select', t.select(['word']).column_names), ('exclude', t.exclude(['word']).column_names), ('rename', t.rename(column_names={'id': 'key'}).column_names),
  ('limit', t.limit(2).rows | length), ('order_by', t.order_by('word').columns['id'].values()), ('distinct', t.distinct('word').rows | length),
   ('iterates', t.rows | map(attribute='word') | join('')), ('sum', t.columns['id'].values() | sum),
  ('truth', 1 if t else 0), ('no rows', run_query('select 1 as a where false').rows | length), ('ddl', run_query('create temporary table nothing_of_it (a int)') | string | length >= 0)
]) }}
{% else %} select 1 as x
{% endif %}
