-- Writes one commit, all or nothing: record, long fields, sends, answer, and one entry of the shard's stream.
-- KEYS: 1 record, 2 long fields, 3 stream, 4 due sends, 5 idempotent answer.
-- ARGV: 1 expected version (0 = new), 2 '1' when the records hold that version and Redis may not, 3 latest server time ('' = any),
--   4 state, 5 digest, 6 mask, 7 long fields ('=' = as they are), 8 sealed code ('=' likewise), 9 ms to keep, 10 now,
--   11 '1' drops queued sends, 12 answer, 13 ms to keep it, 14 verification, 15 sealed code for the records, 16 events,
--   17 sends and documents for the records, 18 send that is settled or put off, 19 newest generation, then per queued send: id, body, progress, due.
-- Result: 'ok', 'conflict', 'absent' or 'late'.
local stored = redis.call('HGET', KEYS[1], 's')
local version = stored and stored:byte(3) * 256 + stored:byte(4) or (ARGV[2] == '1' and tonumber(ARGV[1]) or 0)
if version ~= tonumber(ARGV[1]) then return stored and 'conflict' or 'absent' end
if ARGV[3] ~= '' then
  local time = redis.call('TIME')
  if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[3]) then return 'late' end
end
-- A server without memory refuses only the first write of a script: this one takes memory.
redis.call('HSET', KEYS[1], 's', ARGV[4], 'd', ARGV[5], 'm', ARGV[6])
for at, field in ipairs({ 'd', 'm' }) do
  if ARGV[4 + at] == '' then redis.call('HDEL', KEYS[1], field) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[9])
local function leave(id)
  redis.call('HDEL', KEYS[2], 's' .. id, 'p' .. id)
  redis.call('ZREM', KEYS[4], id .. '|' .. ARGV[14])
end
local dropped = {}
if ARGV[11] == '1' then
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    local id = field:sub(2)
    if field:sub(1, 1) == 's' and id ~= ARGV[18] then
      local asked = redis.call('HGET', KEYS[2], 'p' .. id):sub(1, 1) == '2'
      if not asked or tonumber(redis.call('ZSCORE', KEYS[4], id .. '|' .. ARGV[14])) <= tonumber(ARGV[10]) then
        dropped[#dropped + 1] = redis.call('HGET', KEYS[2], field)
        leave(id)
      end
    end
  end
end
if ARGV[18] ~= '' then leave(ARGV[18]) end
local long, code = ARGV[7], ARGV[8]
if long == '=' then long = redis.call('HGET', KEYS[2], 'l') or '' end
if long == '' then redis.call('HDEL', KEYS[2], 'l') else redis.call('HSET', KEYS[2], 'l', long) end
if code == '' then redis.call('HDEL', KEYS[2], 'c') elseif code ~= '=' then redis.call('HSET', KEYS[2], 'c', code) end
for i = 20, #ARGV, 4 do
  redis.call('HSET', KEYS[2], 's' .. ARGV[i], ARGV[i + 1], 'p' .. ARGV[i], ARGV[i + 2])
  redis.call('ZADD', KEYS[4], ARGV[i + 3], ARGV[i] .. '|' .. ARGV[14])
end
if ARGV[19] ~= '0' and redis.call('EXISTS', KEYS[2]) == 1 then redis.call('HSET', KEYS[2], 'g', ARGV[19]) end
redis.call('PEXPIRE', KEYS[2], ARGV[9])
if ARGV[12] ~= '' then redis.call('SET', KEYS[5], ARGV[12], 'PX', ARGV[13]) end
redis.call('XADD', KEYS[3], '*', 'v', ARGV[14], 's', ARGV[4], 'd', ARGV[5], 'm', ARGV[6], 'l', ARGV[7], 'c', ARGV[15],
  'e', ARGV[16], 'n', ARGV[17], 'x', '[' .. table.concat(dropped, ',') .. ']')
return 'ok'
