{{ config(tags=['singular'], fail_calc='sum(n)', warn_if='>100', error_if='>200') }}
select 42 as n
