import type { FailureKind } from '../../ports/channel.ts';

interface Status {
  readonly name: string;
  readonly kind: FailureKind;
}

/** Error statuses of SMPP 3.4 (section 5.1.3) that can answer a bind or a message. */
export const STATUSES: Readonly<Record<number, Status>> = {
  0x01: { name: 'ESME_RINVMSGLEN', kind: 'rejected' },
  0x02: { name: 'ESME_RINVCMDLEN', kind: 'rejected' },
  0x03: { name: 'ESME_RINVCMDID', kind: 'misconfigured' },
  0x04: { name: 'ESME_RINVBNDSTS', kind: 'unavailable' },
  0x05: { name: 'ESME_RALYBND', kind: 'unavailable' },
  0x06: { name: 'ESME_RINVPRTFLG', kind: 'rejected' },
  0x07: { name: 'ESME_RINVREGDLVFLG', kind: 'misconfigured' },
  0x08: { name: 'ESME_RSYSERR', kind: 'unavailable' },
  0x0a: { name: 'ESME_RINVSRCADR', kind: 'misconfigured' },
  0x0b: { name: 'ESME_RINVDSTADR', kind: 'invalid_destination' },
  0x0d: { name: 'ESME_RBINDFAIL', kind: 'misconfigured' },
  0x0e: { name: 'ESME_RINVPASWD', kind: 'misconfigured' },
  0x0f: { name: 'ESME_RINVSYSID', kind: 'misconfigured' },
  0x14: { name: 'ESME_RMSGQFUL', kind: 'rate_limited' },
  0x15: { name: 'ESME_RINVSERTYP', kind: 'misconfigured' },
  0x33: { name: 'ESME_RINVNUMDESTS', kind: 'rejected' },
  0x40: { name: 'ESME_RINVDESTFLAG', kind: 'rejected' },
  0x43: { name: 'ESME_RINVESMCLASS', kind: 'misconfigured' },
  0x44: { name: 'ESME_RCNTSUBDL', kind: 'rejected' },
  0x45: { name: 'ESME_RSUBMITFAIL', kind: 'rejected' },
  0x48: { name: 'ESME_RINVSRCTON', kind: 'misconfigured' },
  0x49: { name: 'ESME_RINVSRCNPI', kind: 'misconfigured' },
  0x50: { name: 'ESME_RINVDSTTON', kind: 'misconfigured' },
  0x51: { name: 'ESME_RINVDSTNPI', kind: 'misconfigured' },
  0x53: { name: 'ESME_RINVSYSTYP', kind: 'misconfigured' },
  0x54: { name: 'ESME_RINVREPFLAG', kind: 'rejected' },
  0x58: { name: 'ESME_RTHROTTLED', kind: 'rate_limited' },
  0x61: { name: 'ESME_RINVSCHED', kind: 'rejected' },
  0x62: { name: 'ESME_RINVEXPIRY', kind: 'rejected' },
  0x63: { name: 'ESME_RINVDFTMSGID', kind: 'rejected' },
  0x64: { name: 'ESME_RX_T_APPN', kind: 'unavailable' },
  0x65: { name: 'ESME_RX_P_APPN', kind: 'rejected' },
  0x66: { name: 'ESME_RX_R_APPN', kind: 'rejected' },
  0xc0: { name: 'ESME_RINVOPTPARSTREAM', kind: 'misconfigured' },
  0xc1: { name: 'ESME_ROPTPARNOTALLWD', kind: 'misconfigured' },
  0xc2: { name: 'ESME_RINVPARLEN', kind: 'rejected' },
  0xc3: { name: 'ESME_RMISSINGOPTPARAM', kind: 'misconfigured' },
  0xc4: { name: 'ESME_RINVOPTPARAMVAL', kind: 'misconfigured' },
  0xfe: { name: 'ESME_RDELIVERYFAILURE', kind: 'rejected' },
  0xff: { name: 'ESME_RUNKNOWNERR', kind: 'unavailable' },
};

/** The connection ended. `written` = a request had left and nobody knows what became of it. */
export class SmppLostError extends Error {
  override readonly name = 'SmppLostError';
  readonly written: boolean;

  constructor(written: boolean, cause?: unknown) {
    super('The connection to the message centre ended.', { cause });
    this.written = written;
  }
}

/** The message centre answered with an error. */
export class SmppStatusError extends Error {
  override readonly name = 'SmppStatusError';
  readonly status: number;

  constructor(status: number) {
    super(`The message centre answered ${statusName(status)}.`);
    this.status = status;
  }
}

/** The name of a status, or its number when the standard has none. */
export function statusName(status: number): string {
  return STATUSES[status]?.name ?? `0x${status.toString(16).padStart(8, '0')}`;
}
