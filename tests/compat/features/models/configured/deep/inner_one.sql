{{ config(pre_hook=["create table if not exists outside.pre (n integer)", {"sql": "insert into outside.pre values (1)", "transaction": true}]) }}
select '{{ model.config.tags | sort | join(",") }}' as tags, '{{ model.config.meta | dictsort | map("join", "=") | join(",") }}' as meta, '{{ this }}' as this_relation
