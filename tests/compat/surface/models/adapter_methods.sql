{% if execute %}
{% set seed = ref('typed') %}
{% set found = adapter.get_relation(database=seed.database, schema=seed.schema, identifier=seed.identifier) %}
{{ rows([
  ('get_relation', found), ('type of it', found.type ~ found.is_table), ('get_relation of none', adapter.get_relation(database=seed.database, schema=seed.schema, identifier='nothing')),
  ('columns', adapter.get_columns_in_relation(seed) | map(attribute='column') | list), ('missing columns', adapter.get_missing_columns(seed, ref('agate')) | map(attribute='name') | list | length > 0),
  ('check_schema_exists', [adapter.check_schema_exists(seed.database, seed.schema), adapter.check_schema_exists(seed.database, 'nowhere')]),
  ('quote', adapter.quote('a b')), ('quote_as_configured', adapter.quote_as_configured('a', 'identifier')),
  ('quote_seed_column', [adapter.quote_seed_column('a', none), adapter.quote_seed_column('a', true), adapter.quote_seed_column('a', false)]),
  ('execute', adapter.execute('select 1 as one', fetch=true)[1].columns[0].values()), ('already_exists', adapter.already_exists(seed.schema, seed.identifier)), 
  ('strategies', adapter.valid_incremental_strategies() | sort), ('is_motherduck', adapter.is_motherduck()), ('is_ducklake', adapter.is_ducklake(seed)), ('external_root', adapter.external_root()), ('binding char', adapter.get_binding_char()),
  ('location_exists', adapter.location_exists('no/such/file')), ('disable_transactions', adapter.disable_transactions()), ('external_write_options', [adapter.external_write_options('a.csv', {}), adapter.external_write_options('a.parquet', {'codec': 'zstd'})]),
  ('external_read_location', [adapter.external_read_location('a.parquet', {}), adapter.external_read_location('a', {'partition_by': 'x, y', 'format': 'parquet'})]), ('hard_deletes', adapter.get_hard_deletes_behavior(config)), ('expand', adapter.expand_target_column_types(seed, seed)),
  ('parse_index', adapter.parse_index({'columns': ['a'], 'unique': true}).columns), ('standardize_grants', adapter.standardize_grants_dict(run_query("select 'x' as grantee, 'select' as privilege_type")) ), ('behavior', adapter.behavior is defined), ('in schema', load_relation(seed)),
  ('cached', load_cached_relation(seed)), ('make_temp', make_temp_relation(seed).identifier[:10]), ('intermediate', make_intermediate_relation(seed)), ('backup', make_backup_relation(seed, 'table')), ('get_or_create', get_or_create_relation(seed.database, seed.schema, 'nothing', 'view')),
  ('should_full_refresh', should_full_refresh()), ('is_incremental', is_incremental()), ('where', get_where_subquery(seed)), ('partitions', get_partitions is defined)
]) }}
{% else %} select 1 as x -- {{ ref('typed') }} {{ ref('agate') }}
{% endif %}
