select 1 as id, 6 as price
