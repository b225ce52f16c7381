-- Takes one due send for a lease; a lease that ran out after a provider was asked counts as a crash.
-- KEYS: 1 long fields, 2 due sends. ARGV: 1 member, 2 send, 3 now, 4 end of the lease.
-- Result: body, crashes, progress; nil when it is settled, not due or held.
local due = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not due or tonumber(due) > tonumber(ARGV[3]) then return false end
local held = redis.call('HMGET', KEYS[1], 's' .. ARGV[2], 'p' .. ARGV[2])
if not held[1] then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return false
end
local leased, crashes, progress = held[2]:match('^(%d) (%d+) (.*)$')
if leased == '2' then crashes = crashes + 1 end
redis.call('HSET', KEYS[1], 'p' .. ARGV[2], '1 ' .. crashes .. ' ' .. progress)
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
return { held[1], tostring(crashes), progress }
