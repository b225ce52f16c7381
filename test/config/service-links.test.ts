import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/index.ts';

const LINKS = {
  WATCHWORD_SERVICE_HOST: '10.0.0.7',
  WATCHWORD_SERVICE_PORT: '7070',
  WATCHWORD_SERVICE_PORT_HTTP: '7070',
  WATCHWORD_PORT: 'tcp://10.0.0.7:7070',
  WATCHWORD_PORT_7070_TCP: 'tcp://10.0.0.7:7070',
  WATCHWORD_PORT_7070_TCP_PROTO: 'tcp',
  WATCHWORD_PORT_7070_TCP_PORT: '7070',
  WATCHWORD_PORT_7070_TCP_ADDR: '10.0.0.7',
  WATCHWORD_DB_SERVICE_HOST: '10.0.0.8',
};

function read(env: Record<string, string>): ReturnType<typeof readSettings> {
  return readSettings(env, () => '');
}

describe('variables that Kubernetes sets beside a service named “watchword”', () => {
  it.each(Object.entries(LINKS))('%s is no setting and no mistake', (name, value) => {
    expect(read({ [name]: value })).toMatchObject({ ok: true });
  });

  it('do not hide a port that somebody set under the wrong name', () => {
    expect(read({ WATCHWORD_PORT: '7070' })).toMatchObject({ ok: false, problems: [{ name: 'WATCHWORD_PORT' }] });
  });
});
