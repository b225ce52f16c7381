-- Forgets a claim that has no answer. KEYS: 1 claim.
if redis.call('HEXISTS', KEYS[1], 'a') == 1 then return 0 end
return redis.call('DEL', KEYS[1])
