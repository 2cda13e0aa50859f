select ";", 'it''s' /* a /* b */ */ -- c
from t where x::int >= $1 and y = ?;