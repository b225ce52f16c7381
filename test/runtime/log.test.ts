import { describe, expect, it, vi } from 'vitest';
import { createLogger, type Logger } from '../../src/runtime/log.ts';

function logger(
  format: 'json' | 'text',
  level: 'debug' | 'info' | 'warn' | 'error' = 'info',
): Logger & { readonly written: string[] } {
  const written: string[] = [];
  return {
    ...createLogger({ level, format, now: () => 1_700_000_000_123, write: (text) => written.push(text) }),
    written,
  };
}

describe('the log', () => {
  it('collects everyday lines for a moment, and at most 64 k characters', () => {
    vi.useFakeTimers();
    const { log, written } = logger('json');
    log({ event: 'a', level: 'info' });
    vi.advanceTimersByTime(24);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(written).toHaveLength(1);
    for (let i = 0; i < 2_000; i++) log({ event: 'b', level: 'info' });
    expect(written).toHaveLength(2);
    vi.useRealTimers();
  });

  it('writes one JSON object per event, a warning with what came before at the end of the turn', async () => {
    const { log, written } = logger('json');
    log({ event: 'a', level: 'info', count: 1 });
    log({ event: 'b', level: 'warn', reason: 'full' });
    expect(written).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual([
      '{"time":"2023-11-14T22:13:20.123Z","event":"a","level":"info","count":1}\n{"time":"2023-11-14T22:13:20.123Z","event":"b","level":"warn","reason":"full"}\n',
    ]);
  });

  it('leaves out what is below its level', () => {
    const { log, flush, written } = logger('json', 'warn');
    log({ event: 'a', level: 'info' });
    log({ event: 'b', level: 'error' });
    flush();
    expect(written.join('')).toContain('"event":"b"');
    expect(written.join('')).not.toContain('"event":"a"');
  });

  it('writes nothing twice', async () => {
    const { log, flush, written } = logger('json');
    log({ event: 'a', level: 'info' });
    flush();
    await new Promise((resolve) => setImmediate(resolve));
    flush();
    expect(written).toHaveLength(1);
  });

  it.each(['json', 'text'] as const)('lets no value forge a line or drive a terminal (%s)', (format) => {
    const { log, flush, written } = logger(format);
    log({ event: 'a', level: 'info', name: 'x\n{"event":"forged"}\u001b[2J\u0085\u2028\u007f' });
    flush();
    const text = written.join('');
    expect(text.endsWith('\n')).toBe(true);
    expect(text.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
  });

  it('reads like a sentence on a terminal', () => {
    const { log, flush, written } = logger('text');
    log({ event: 'request', level: 'info', method: 'GET', status: 200, from: null });
    log({ event: 'send.refused', level: 'warn', reason: 'no answer' });
    flush();
    expect(written.join('')).toBe(
      '22:13:20 request method=GET status=200\n22:13:20 warn send.refused reason="no answer"\n',
    );
  });
});
