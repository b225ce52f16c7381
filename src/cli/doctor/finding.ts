/** What one check found. `cure` says what to do; null when there is nothing to do. */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly cure: string | null;
}

export function fine(name: string, detail: string): Finding {
  return { name, status: 'ok', detail, cure: null };
}

export function warn(name: string, detail: string, cure: string): Finding {
  return { name, status: 'warn', detail, cure };
}

export function fail(name: string, detail: string, cure: string): Finding {
  return { name, status: 'fail', detail, cure };
}
