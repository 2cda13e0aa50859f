{% snapshot month_history %}
{{ config(
    unique_key='month_start',
    strategy='check',
    check_cols=['hours_seen', 'rides_total']
) }}
-- What was known of a month, and until when: June stays visible as the month that was missing.
select month_start, hours_seen, rides_total
from {{ ref('month_completeness') }}
{% endsnapshot %}
