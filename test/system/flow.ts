import { type Answer, createHttpWorld, type WorldOptions } from '../support/world.ts';
import type { Message } from '../../src/ports/channel.ts';

export type Flow = Awaited<ReturnType<typeof createFlow>>;

export interface StartedOne {
  readonly id: string;
  readonly path: string;
  readonly code: string;
  readonly message: Message;
  readonly answer: Answer;
}

/** The API with the words of a person who uses it: start and read the message, check, resend, wait. */
export async function createFlow(options: WorldOptions = {}) {
  const world = await createHttpWorld(options);

  async function begin(to: unknown, extra: Readonly<Record<string, unknown>> = {}): Promise<StartedOne> {
    const answer = await world.call('POST', '/v1/verifications', { to, ...extra });
    if (answer.status >= 300) throw new Error(`start refused: ${answer.text}`);
    await world.service.worker.tick();
    const message = world.sink.last();
    const id = String(answer.body['id']);
    return { id, path: `/v1/verifications/${id}`, code: message.code.reveal(), message, answer };
  }

  /** The status and the code of a problem, for starts that are refused. */
  async function refusal(body: Readonly<Record<string, unknown>>): Promise<string> {
    const answer = await world.call('POST', '/v1/verifications', body);
    return `${answer.status} ${String(answer.body['code'])}`;
  }

  function submit(
    one: { readonly path: string },
    code: string,
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    return world.call('POST', `${one.path}/checks`, { code, ...extra });
  }

  /** The word of a verdict, or the code of the problem. */
  async function verdict(
    one: { readonly path: string },
    code: string,
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const { body } = await submit(one, code, extra);
    return String(body['result'] ?? body['code']);
  }

  async function resend(one: { readonly path: string }, body: unknown = {}): Promise<Answer> {
    const answer = await world.call('POST', `${one.path}/sends`, body);
    await world.service.worker.tick();
    return answer;
  }

  async function statusOf(one: { readonly path: string }): Promise<string> {
    return String((await world.call('GET', one.path)).body['status']);
  }

  function pass(ms: number): void {
    world.clock.now += ms;
  }

  return { ...world, begin, refusal, submit, verdict, resend, statusOf, pass };
}
