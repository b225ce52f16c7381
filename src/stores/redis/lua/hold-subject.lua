-- Claims a subject, or takes it over from the one holder named.
-- KEYS: 1 claim. ARGV: 1 verification, 2 claim that may be replaced ('' = none), 3 ms to keep.
-- Result: the claim that stands ('<verification>|<server time>'), the server's time, 1 when it is ours.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then return { held, now, 0 } end
local mine = ARGV[1] .. '|' .. now
redis.call('SET', KEYS[1], mine, 'PX', ARGV[3])
return { mine, now, 1 }
