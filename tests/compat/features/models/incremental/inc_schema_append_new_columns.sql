{{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns') }}
select id, {% if var('step') == 1 %}price as old_price{% else %}price * 2 as new_price, 'x' as letter{% endif %} from {{ ref('things_now') }}
