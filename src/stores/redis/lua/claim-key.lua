-- Claims an idempotency key, or takes over a claim whose lease ran out.
-- KEYS: 1 claim. ARGV: 1 keyed hash of the body, 2 our id, 3 now, 4 end of the lease, 5 end of its life, 6 ms to keep.
-- Result: 'claimed', 'done', 'in_progress' or 'mismatch', the id, the answer, and the shard its answer would be in.
local held = redis.call('HMGET', KEYS[1], 'b', 'i', 'a', 'l', 'e', 'w')
if not held[1] or tonumber(held[5]) <= tonumber(ARGV[3]) then
  if held[1] then redis.call('DEL', KEYS[1]) end
  redis.call('HSET', KEYS[1], 'b', ARGV[1], 'i', ARGV[2], 'l', ARGV[4], 'e', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
  return { 'claimed', ARGV[2], '', '' }
end
if held[1] ~= ARGV[1] then return { 'mismatch', '', '', '' } end
if held[3] then return { 'done', held[2], held[3], '' } end
if tonumber(held[4]) > tonumber(ARGV[3]) then return { 'in_progress', held[2], '', held[6] or '' } end
redis.call('HSET', KEYS[1], 'l', ARGV[4])
return { 'claimed', held[2], '', held[6] or '' }
