import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { ChannelName } from '../../../src/core/verification.ts';
import type { ReportReading, ReportRequest } from '../../../src/ports/channel.ts';
import { recordingTools } from './messages.ts';

/** A request as a provider posts it; names of headers in lower case. */
export function posted(
  body: string,
  headers: Readonly<Record<string, string>> = {},
  url = 'https://otp.acme.example/callbacks/x',
): ReportRequest {
  return { method: 'POST', url, body, header: (name) => headers[name] ?? null };
}

/** What the provider of a DSN makes of a request. Its clock stands at `NOW`. */
export async function readReport(
  dsn: string,
  request: ReportRequest,
  kind: ChannelName = 'email',
): Promise<ReportReading> {
  const channel = await createChannel(secret(dsn), kind, recordingTools());
  return (await channel.report?.(request)) ?? { type: 'refused', reason: 'it reads no reports' };
}

/** The reports of a reading; fails when it was refused. */
export function reportsOf(reading: ReportReading): readonly unknown[] {
  if (reading.type !== 'reports') throw new Error(`not read: ${JSON.stringify(reading)}`);
  return reading.reports;
}
