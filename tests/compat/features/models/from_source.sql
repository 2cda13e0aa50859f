select "Id" as id, "A b" as a_b from {{ source('outside', 'mixed') }}
