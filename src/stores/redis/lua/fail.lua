-- Counts one failed check of a destination, gives one back, or ends its row of failures.
-- KEYS: 1 'start,window ms,failures,in a row,epoch'. ARGV: 1 'add', 'back' or 'clear', 2 now, 3 window ms of a new row, 4 start and
--   5 epoch that a count to give back was made in. The epoch rises with every clear, so that nothing later is given back.
-- Result of 'add': start and epoch.
local start, window, failures, row, epoch = (redis.call('GET', KEYS[1]) or ''):match('^(%d+),(%d+),(%d+),(%d+),(%d+)$')
if not start and ARGV[1] ~= 'add' then return false end
local now = tonumber(ARGV[2])
if ARGV[1] == 'clear' then
  row, epoch = 0, epoch + 1
elseif ARGV[1] == 'back' then
  if start == ARGV[4] then failures = math.max(0, failures - 1) end
  if epoch == ARGV[5] then row = math.max(0, row - 1) end
elseif not start then
  start, window, failures, row, epoch = ARGV[2], ARGV[3], 1, 1, 0
elseif start + window <= now then
  start, failures, row = ARGV[2], 1, row + 1
else
  failures, row = failures + 1, row + 1
end
local keep = ARGV[1] == 'clear' and math.max(1000, start + window - now) or 31536000000
redis.call('SET', KEYS[1], table.concat({ start, window, failures, row, epoch }, ','), 'PX', string.format('%.0f', keep))
return { tostring(start), tostring(epoch) }
