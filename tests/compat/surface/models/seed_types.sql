select column_name as what, data_type as answer from information_schema.columns where table_name = '{{ ref("typed").identifier }}'
union all select 'word', coalesce(word, 'is null') from {{ ref('typed') }}
union all select 'code', code::varchar from {{ ref('typed') }}
