{% if execute %}
{% call statement('asked', fetch_result=true) %} select 7 as seven {% endcall %}
{% set first = load_result('asked') %}
{% do store_result('stored', response='done', agate_table=first.table) %}
{{ rows([
  ('execute', execute), ('which', flags.WHICH), ('full_refresh', flags.FULL_REFRESH), ('target', [target.name, target.schema, target.type, target.threads, target.database, target.profile_name]),
  ('target get', target.get('nothing', 'none')), ('project_name', project_name), ('model', [model.name, model.resource_type, model.package_name, model.path, model.original_file_path, model.unique_id]),
  ('model config', [model.config.materialized, model.fqn]), ('database and schema', [database, schema]),
  ('graph', [graph.nodes | length, graph.nodes['seed.surface.typed'].name, graph.sources | length]), ('graph keys', graph.keys() | list | sort | select('in', ['nodes', 'sources', 'exposures', 'metrics', 'groups']) | list),
  ('selected_resources', selected_resources | sort | join(' ')), ('invocation_args_dict', invocation_args_dict.which), ('env_var', env_var('SURFACE_NOT_SET', 'default')),
  ('var', [var('given'), var('scoped'), var('text'), var('missing', 'default')]), ('has_var', [var.has_var('given'), var.has_var('missing')]),
  ('statement', first.table.columns[0].values()), ('statement data', first.data), ('stored', load_result('stored').response), ('never made', load_result('nothing')),
  ('config.get', [config.get('materialized'), config.get('nothing', 'default'), config.require('materialized')]), ('config.persist', [config.persist_relation_docs(), config.persist_column_docs()]),
  ('config call', config(tags=['later'])), ('meta_get', config.meta_get('own')), ('fromjson', fromjson('{"a": [1, null]}')), ('fromjson default', fromjson('{', {'d': 1})), ('tojson', tojson({'b': 1, 'a': none}, sort_keys=true)),
  ('fromyaml', fromyaml('a: [1, x]')), ('toyaml', fromyaml(toyaml({'a': [1, 2]}))), ('set', set([1, 2, 2]) | length), ('set default', set(5, 'none')), ('zip', zip([1, 2], ['a', 'b']) | list),
  ('zip default', zip(5, default=[1])), ('diff_of_two_dicts', diff_of_two_dicts({'a': ['x', 'Y'], 'b': ['z']}, {'a': ['y'], 'c': ['x']})), ('local_md5', local_md5('x')), ('builtins', builtins.keys() | list | sort | select('in', ['ref', 'source', 'config']) | list),
  ('builtins.ref', builtins.ref('typed')), ('modules', [modules.datetime.date(2024, 1, 31) + modules.datetime.timedelta(days=1), modules.re.sub('x*', '-', 'abc'), modules.pytz.timezone('Asia/Tokyo') | string]),
  ('itertools', modules.itertools.combinations([1, 2, 3], 2) | list), ('render', render('{{ 1 + 1 }}')), ('return', two_values()[1]), ('as text', text_of_two()),
  ('context', [context['project_name'], context.get('nothing') is none]), ('dispatch', greet('you')), ('plain dispatch', plain('you')), ('namespaces', [surface.greet('a'), dbt.type_string(), context.dbt_duckdb is defined]),
  ('dbt macros', [dbt.type_timestamp(), dbt.type_int(), dbt.type_numeric(), dbt.type_boolean(), dbt.type_float(), dbt.type_bigint()]), ('adapter.type', adapter.type()),
  ('run_started_at', [run_started_at.tzinfo | string, run_started_at.strftime('%Y') | int > 2000]), ('invocation_id', invocation_id | length), ('dbt_metadata_envs', dbt_metadata_envs), ('hooks', [pre_hooks, post_hooks]), ('sql', sql is defined), ('column is', column is defined),
  ('print', print('')), ('log', log('nothing')), ('try', try_or_compiler_error('never', two_values)), ('thread_id', thread_id is string), ('source_column', 'none')
]) }}
{% else %} select 1 as x -- {{ ref('typed') }} {{ config(meta={'own': 'value'}) }}
{% endif %}
