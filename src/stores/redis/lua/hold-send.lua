-- Changes a lease that is still held: '2' = a provider is about to be asked, '0' = given back.
-- KEYS: 1 record, 2 long fields, 3 due sends. ARGV: 1 member, 2 send, 3 end of the lease held, 4 '2' or '0', 5 next due time, 6 generation.
-- Result: 1, or 0 when the lease was lost, the verification closed or a newer code is on its way.
local due = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not due or tonumber(due) ~= tonumber(ARGV[3]) then return 0 end
local held = redis.call('HGET', KEYS[2], 'p' .. ARGV[2])
if not held or held:sub(1, 1) == '0' then return 0 end
if ARGV[4] == '2' then
  local state = redis.call('HGET', KEYS[1], 's')
  local newest = redis.call('HGET', KEYS[2], 'g') or '0'
  if not state or state:byte(1) % 8 ~= 0 or tonumber(newest) > tonumber(ARGV[6]) then return 0 end
end
redis.call('HSET', KEYS[2], 'p' .. ARGV[2], ARGV[4] .. held:sub(2))
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
return 1
