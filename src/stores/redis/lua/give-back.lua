-- Gives reservations of one slot back, unless their window has ended meanwhile. Must not be run twice for one reservation.
-- KEYS: the counters. ARGV: per reservation: kind ('s' or 'c'), index of its key, amount, then the time logged or the end of the window.
for a = 1, #ARGV, 4 do
  local key = KEYS[tonumber(ARGV[a + 1])]
  local stored = redis.call('GET', key) or ''
  if ARGV[a] == 's' then
    local times, left = {}, tonumber(ARGV[a + 2])
    for time in stored:gmatch('%d+') do
      if time == ARGV[a + 3] and left > 0 then left = left - 1 else times[#times + 1] = time end
    end
    if #times == 0 then redis.call('DEL', key) else redis.call('SET', key, table.concat(times, ','), 'KEEPTTL') end
  else
    local count, ends = stored:match('^([%d.]+),(%d+)$')
    if ends == ARGV[a + 3] then
      redis.call('SET', key, string.format('%.14g', math.max(0, count - ARGV[a + 2])) .. ',' .. ends, 'KEEPTTL')
    end
  end
end
return 1
