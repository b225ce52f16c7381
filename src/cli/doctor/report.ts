import type { Finding } from './finding.ts';

const SIGNS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** One line per finding, its cure below. */
export function reportLines(findings: readonly Finding[]): string[] {
  const width = Math.max(0, ...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, status, detail, cure }) => [
    `${SIGNS[status]}  ${name.padEnd(width)}  ${detail}`,
    ...(cure === null ? [] : [`${' '.repeat(width + 8)}→ ${cure}`]),
  ]);
  return [...lines, '', summary(findings)];
}

function summary(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number => findings.filter((finding) => finding.status === status).length;
  const fails = count('fail');
  const warnings = count('warn');
  if (fails === 0) return warnings === 0 ? 'All is well.' : `Ready, with ${warnings} to look at.`;
  return `${fails} to repair${warnings > 0 ? `, ${warnings} to look at` : ''}.`;
}
