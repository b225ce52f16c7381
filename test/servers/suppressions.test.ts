import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import type { Store } from '../../src/ports/store.ts';
import { type FakeClock, onFreshData } from '../../src/testing/index.ts';
import { recordingTools } from '../channels/support/messages.ts';
import { serverSuite } from '../support/servers.ts';
import { createHttpWorld } from '../support/world.ts';
import { type Driver, DRIVERS } from './drivers.ts';
import { chosen } from './numbers.ts';

const PERSON = '+14155552671';
const LIST = '/v1/lists/suppressions';
const KEY = Buffer.from('0123456789abcdef0123456789abcdef');

for (const driver of chosen(DRIVERS)) {
  serverSuite(driver.needs, `suppressions on ${driver.name}`, () => suppressions(driver));
}

/** A service whose provider takes messages of people, on a store that others use too. */
async function serviceOn(store: Store, clock: FakeClock) {
  const time = {
    get now() {
      return clock.now();
    },
    set now(at: number) {
      clock.advance(at - clock.now());
    },
  };
  const dsn = `webhook://gateway.example/otp?secret=whsec_${KEY.toString('base64')}`;
  const channel = await createChannel(secret(dsn), 'sms', { ...recordingTools(), now: clock.now });
  return createHttpWorld({ store, clock: time, providers: { sms: [channel] } });
}

type World = Awaited<ReturnType<typeof serviceOn>>;

/** What the gateway tells of a person's message. */
async function write(world: World, text: string, id: string): Promise<number> {
  const body = JSON.stringify({ type: 'message.received', data: { from: PERSON, text } });
  const time = String(Math.floor(world.clock.now / 1000));
  const signature = createHmac('sha256', KEY).update(`${id}.${time}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
  return (await world.call('POST', '/callbacks/webhook', body, { ...headers, authorization: '' })).status;
}

const start = async (world: World): Promise<string> => {
  const { status, body } = await world.call('POST', '/v1/verifications', { to: PERSON });
  return status === 201 ? 'started' : String(body['code']);
};

function suppressions({ fresh }: Driver): void {
  it('hold on every instance within a second, once per message, and are lifted by whoever may', () =>
    onFreshData(fresh, expect, async ({ clock, open }) => {
      const [one, other] = [await serviceOn(await open(), clock), await serviceOn(await open(), clock)];
      expect(await start(other)).toBe('started');
      expect(await write(one, 'STOP', 'in-1')).toBe(200);
      clock.advance(1_001);
      expect(await start(one)).toBe('destination_suppressed');
      expect(await start(other)).toBe('destination_suppressed');
      expect((await other.call('GET', `${LIST}?to=${encodeURIComponent(PERSON)}`)).body['data']).toMatchObject([
        { reason: 'stop', by: 'webhook:gateway.example:443' },
      ]);
      await write(other, 'START', 'in-2');
      await write(one, 'STOP', 'in-3');
      // Posted twice, to another instance: it is the same message still.
      await write(one, 'START', 'in-2');
      clock.advance(1_001);
      expect(await start(other)).toBe('destination_suppressed');
      await one.call('POST', LIST, { to: PERSON, reason: 'manual' });
      await write(other, 'START', 'in-4');
      clock.advance(1_001);
      expect(await start(one)).toBe('destination_suppressed');
      expect((await other.call('DELETE', LIST, { to: PERSON })).status).toBe(200);
      clock.advance(1_001);
      expect(await start(one)).toBe('started');
      await one.close();
      await other.close();
    }));
}
