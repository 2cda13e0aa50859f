-- depends_on: {{ ref('things') }}

{% set columns = adapter.get_columns_in_relation(ref('typed')) %}
{%- set found = run_query('select id, name from ' ~ ref('things_now') ~ ' order by id') %}
{%- call statement('counted', fetch_result=true) -%} select count(*) as n from {{ ref('things') }} {%- endcall %}
{%- set counted = load_result('counted') %}
{%- set relation = adapter.get_relation(database=target.database, schema=target.schema, identifier='things') %}
select
    '{{ columns | map(attribute="name") | join("|") }}' as names,
    '{{ columns | map(attribute="data_type") | join("|") }}' as types,
    '{% if execute %}{{ found.columns[1].values() | join(",") }}{% endif %}' as found_names,
    {{ found.rows | length if execute else 0 }} as found_rows,
    {{ counted['data'][0][0] if execute else 0 }} as counted,
    '{{ relation.type if execute else "" }}' as relation_type,
    '{{ dbt_utils_like(relation) }}' as described,
    '{{ return_values() | join("/") }}' as returned,
    '{{ target.name }} {{ target.type }} {{ target.threads }}' as target_text,
    '{{ var("words") | join(" ") }} {{ var("missing", "default") }} {{ env_var("NOT_SET_ANYWHERE", "none") }}' as variables,
    {{ modules.datetime.date(2024, 2, 28).strftime('%Y%j') }} as day_of_year,
    '{{ tojson({"b": 1, "a": [true, none]}, sort_keys=true) }}' as json_text,
    '{{ fromyaml("a: [1, 2]").a | sum }}' as yaml_sum,
    '{{ local_md5("abc") }}' as digest,
    '{{ set([3, 1, 3]) | sort | list }}' as a_set,
    '{{ zip([1, 2], ["a", "b"]) | list | length }}' as zipped
