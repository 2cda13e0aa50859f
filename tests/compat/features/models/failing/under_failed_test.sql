select id from {{ ref('fails_its_test') }}
