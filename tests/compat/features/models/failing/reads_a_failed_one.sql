select id from {{ ref('fails_to_build') }}
