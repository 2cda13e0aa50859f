{{ config(schema=none, tags=['own']) }} select 1 as id
