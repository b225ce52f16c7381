-- Writes one field of a claim that is still there.
-- KEYS: 1 claim. ARGV: 1 field, 2 value.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
