-- Reads one verification.
-- KEYS: 1 record, 2 its long fields. Result: state, digest, mask, long fields, sealed code (each nil when absent).
local short = redis.call('HMGET', KEYS[1], 's', 'd', 'm')
local long = redis.call('HMGET', KEYS[2], 'l', 'c')
return { short[1], short[2], short[3], long[1], long[2] }
