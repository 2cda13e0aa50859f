select
    {{ dbt.dateadd('day', 3, "cast('2024-02-27' as date)") }} as added,
    {{ dbt.datediff("cast('2024-01-31' as date)", "cast('2024-03-01' as date)", 'month') }} as months,
    {{ dbt.date_trunc('month', "cast('2024-02-27' as date)") }} as truncated,
    {{ dbt.last_day("cast('2024-02-10' as date)", 'month') }} as last_day,
    {{ dbt.safe_cast("'8'", api.Column.translate_type('integer')) }} as eight,
    {{ dbt.cast("'7'", dbt.type_int()) }} as seven,
    {{ dbt.hash("'abc'") }} as hashed,
    {{ dbt.split_part("'a-b-c'", "'-'", 2) }} as part,
    {{ dbt.concat(["'a'", "'b'", "'c'"]) }} as joined,
    {{ dbt.length("'four'") }} as four,
    {{ dbt.position("'b'", "'abc'") }} as place,
    {{ dbt.replace("'abc'", "'b'", "'x'") }} as replaced,
    {{ dbt.right("'abc'", 2) }} as tail,
    {{ dbt.string_literal(dbt.escape_single_quotes("it's")) }} as quoted,
    cast(1 as {{ dbt.type_string() }}) as a_string, cast(1 as {{ dbt.type_float() }}) as a_float, cast(1 as {{ dbt.type_bigint() }}) as a_bigint,
    cast(1 as {{ dbt.type_numeric() }}) as a_numeric, cast(1 as {{ dbt.type_boolean() }}) as a_boolean,
    {{ dbt.listagg('n', "','", 'order by n') }} as listed, {{ dbt.any_value('1') }} as any_one, {{ dbt.bool_or('n = 1') }} as some
from (values (1), (2)) as t(n)
