// A second process on one database, run by sqlite-faults.slow.test.ts against the build: node sqlite-process.mjs <dist> <file> <job>
const [, , dist, path, job] = process.argv;
const { openSqliteStore } = await import(`${dist}/stores/sqlite/index.js`);
const testing = await import(`${dist}/testing/index.js`);

const store = await openSqliteStore({ path });
await store.migrations.migrate();

const jobs = {
  /** Starts 60 verifications of one destination in bursts; says how many were let in. */
  async starts() {
    let inserted = 0;
    for (let burst = 0; burst < 6; burst++) {
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => start('k1.shared', 25)));
      inserted += outcomes.filter((outcome) => outcome.type === 'inserted').length;
    }
    return inserted;
  },
  /** Adds 200 checks to the one record there is; says how many swaps won. */
  async checks() {
    const id = process.argv[5];
    let won = 0;
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let i = 0; i < 20;) {
          const { record } = await store.verifications.get(id);
          const next = testing.nextRecord(record, { checks: record.checks + 1 });
          const outcome = await store.verifications.replace(next, record.version, testing.testChanges());
          if (outcome.type === 'replaced') {
            won++;
            i++;
          }
        }
      }),
    );
    return won;
  },
  /** Starts until killed, printing each id once it was acknowledged. */
  async endless() {
    for (;;) {
      const ids = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const outcome = await start(`k1.${Math.random()}`, 10);
          return outcome.id;
        }),
      );
      process.stdout.write(`${ids.join('\n')}\n`);
    }
  },
};

async function start(limitIndex, max) {
  const now = Date.now();
  const record = testing.testRecord(now, { limitIndex, id: randomId('vrf') });
  const send = testing.testSend(record, now, { id: randomId('snd') });
  const event = { ...testing.testEvent('started', now), id: randomId('evt') };
  const changes = testing.testChanges({ sends: [send], events: [event], take: [testing.sendsHit(record, max)] });
  return { ...(await store.verifications.insert(record, changes)), id: record.id };
}

/** Ids of several processes must differ. */
function randomId(prefix) {
  const tail = Array.from({ length: 20 }, () => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Math.floor(Math.random() * 32)]);
  return testing.testId(prefix, Date.now()).slice(0, 14) + tail.join('');
}

const answer = await jobs[job]();
await store.close();
process.stdout.write(`${JSON.stringify(answer)}\n`);
