-- The records hold a version: what only they need to keep goes from Redis.
-- KEYS: 1 record, 2 long fields. ARGV: 1 the recorded version, 2 ms to keep the record, 3 ms to keep sends that still wait.
local stored = redis.call('HGET', KEYS[1], 's')
if not stored or stored:byte(3) * 256 + stored:byte(4) ~= tonumber(ARGV[1]) then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  if field:sub(1, 1) == 's' then
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return redis.call('PEXPIRE', KEYS[2], ARGV[3])
  end
end
return redis.call('DEL', KEYS[2])
