-- Reserves all hits of one slot or none; a negative amount gives back, and no count falls below 0. A count is made of parts (count, end); there is room again when enough of them ended.
-- KEYS: the counters. ARGV: 1 now, then per hit: kind, index of its key, max, window ms (0 = for ever), amount, times to log, parts of
--   other keys as 'count:end,…'. Kinds: 's' log of times, 'f' failures in a window, 'r' failures in a row, 'c' count in a window.
-- Result: 0 and per hit the end of the window counted in, or the number of the refused hit and when it opens (-1 = never).
local now = tonumber(ARGV[1])
local function numbers(text)
  local list = {}
  for number in (text or ''):gmatch('[%d.]+') do list[#list + 1] = tonumber(number) end
  return list
end
local function whole(number) return string.format('%.14g', number) end
local function partsOf(kind, stored, window)
  local row, parts, live = numbers(stored), {}, window == 0 and 0 or now - window
  if kind == 's' then
    for _, time in ipairs(row) do
      if window == 0 or time > live then parts[#parts + 1] = { 1, window == 0 and math.huge or time + window } end
    end
  elseif #row > 0 and kind == 'f' then
    if window == 0 or row[1] > live then parts[1] = { row[3], window == 0 and math.huge or row[1] + window } end
  elseif #row > 0 and kind == 'r' then
    parts[1] = { row[4], math.huge }
  elseif #row > 0 and (row[2] == 0 or row[2] > now) then
    parts[1] = { row[1], row[2] == 0 and math.huge or row[2] }
  end
  return parts
end
local function opens(parts, max, left)
  for _, part in ipairs(parts) do left = left + part[1] end
  if left <= max then return nil end
  table.sort(parts, function(a, b) return a[2] < b[2] end)
  for _, part in ipairs(parts) do
    left = left - part[1]
    if left <= max then return part[2] end
  end
  return math.huge
end
local hits = (#ARGV - 1) / 7
for i = 1, hits do
  local a = 2 + (i - 1) * 7
  local kind, key, window = ARGV[a], KEYS[tonumber(ARGV[a + 1])], tonumber(ARGV[a + 3])
  local stored = redis.call('GET', key)
  local parts = partsOf(kind, stored, window)
  if kind == 'f' and stored and window > 0 then
    -- A longer window reaches further: its failures are kept as long.
    local keep = math.max(redis.call('PTTL', key), numbers(stored)[1] + window - now, 1000)
    redis.call('SET', key, (stored:gsub('^(%d+),%d+', '%1,' .. whole(window))), 'PX', whole(keep))
  end
  for count, ends in ARGV[a + 6]:gmatch('([%d.]+):(%d+)') do
    parts[#parts + 1] = { tonumber(count), ends == '0' and math.huge or tonumber(ends) }
  end
  local at = opens(parts, tonumber(ARGV[a + 2]), tonumber(ARGV[a + 4]))
  if at then return { i, at == math.huge and '-1' or whole(at) } end
end
local ends = {}
for i = 1, hits do
  local a = 2 + (i - 1) * 7
  local kind, key, window, amount = ARGV[a], KEYS[tonumber(ARGV[a + 1])], tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
  ends[i] = '0'
  if kind == 's' and tonumber(ARGV[a + 5]) > 0 then
    local keep, times, row = math.max(window, 86400000), {}, numbers(redis.call('GET', key))
    -- A start that another limit let through does not know this one's window: what was kept for longer stays so.
    if #row > 0 then keep = math.max(keep, redis.call('PTTL', key) - 60000 + math.max(0, now - row[#row])) end
    for _, time in ipairs(row) do
      if window == 0 or time > now - keep then times[#times + 1] = whole(time) end
    end
    for _ = 1, tonumber(ARGV[a + 5]) do times[#times + 1] = ARGV[1] end
    redis.call('SET', key, table.concat(times, ','), 'PX', window == 0 and 3153600000000 or keep + 60000)
  elseif kind == 'c' then
    local row = numbers(redis.call('GET', key))
    if #row == 0 or (row[2] ~= 0 and row[2] <= now) then row = { 0, window == 0 and 0 or now + window } end
    ends[i] = whole(row[2])
    local keep = row[2] == 0 and 3153600000000 or row[2] - now + 60000
    redis.call('SET', key, whole(math.max(0, row[1] + amount)) .. ',' .. ends[i], 'PX', whole(keep))
  end
end
return { 0, unpack(ends) }
