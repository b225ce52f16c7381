import { createHash } from 'node:crypto';

/** What Twilio's clients take for the SID of an account (`AC`) or a service (`VA`): a name of an id of ours, no secret. */
export function twilioSid(kind: 'AC' | 'VA', id: string): string {
  return `${kind}${createHash('sha256').update(`twilio/${kind}/${id}`).digest('hex').slice(0, 32)}`;
}
