import { describe, expect, it } from 'vitest';
import { passwordProblem } from '../../src/core/password-rules.ts';
import { ALL_RIGHTS, may, mayManage, ROLES } from '../../src/core/staff.ts';

describe('what a role may do', () => {
  it('is the table of the contract, right by right', () => {
    const table = Object.fromEntries(
      ALL_RIGHTS.map((right) => [right, ROLES.filter((role) => may(role, right)).join(' ')]),
    );
    expect(table).toEqual({
      'desk.send': 'agent supervisor admin',
      'desk.verify': 'agent supervisor admin',
      'desk.skip': 'agent supervisor admin',
      'desk.review_skips': 'supervisor admin',
      'records.view': 'agent supervisor admin auditor',
      'records.note': 'agent supervisor admin',
      'records.print': 'agent supervisor admin auditor',
      'records.export': 'supervisor admin auditor',
      'records.reveal': 'supervisor admin',
      'people.view': 'agent supervisor admin auditor',
      'people.edit': 'agent supervisor admin',
      'people.deactivate': 'supervisor admin',
      'people.erase': 'admin',
      'insights.view': 'supervisor admin auditor',
      'costs.view': 'supervisor admin auditor',
      administration: 'admin',
      'agents.manage': 'supervisor admin',
      'audit.view': 'supervisor admin auditor',
      'audit.verify': 'auditor',
      'audit.export': 'auditor',
    });
  });

  it('lets an administrator manage everyone, a supervisor agents, nobody else anybody', () => {
    const managed = ROLES.map((role) => [role, ROLES.filter((other) => mayManage(role, other))]);
    expect(Object.fromEntries(managed)).toEqual({
      agent: [],
      supervisor: ['agent'],
      admin: ['agent', 'supervisor', 'admin', 'auditor'],
      auditor: [],
    });
  });
});

describe('a new password (S0.7, D2.8)', () => {
  const person = { name: 'Priya Raman', email: 'priya.raman@harbour.example' };
  const problem = (password: string) => passwordProblem(password, person)?.code ?? null;

  it.each([
    ['too_short', 'blue kettle 12'],
    ['too_long', 'x1 '.repeat(100)],
    ['only_digits', '1234 5678 9012 3456'],
    ['only_digits', '82749301857364'.repeat(2)],
    ['too_common', 'passwordpassword'],
    ['too_common', 'P@ssw0rd-P@ssw0rd!'],
    ['too_common', 'Welcome2024!Welcome'],
    ['too_common', 'qwertyuiopasdfghjkl'],
    ['too_common', 'aaaaaaaaaaaaaaaaaaaa'],
    ['too_common', 'abcdefghijklmnopqrst'],
    ['too_common', 'abcabcabcabcabcabc'],
    ['too_close', 'priyaraman2026!!'],
    ['too_close', 'Harbour-Priya-1999'],
  ])('is refused as %s: %s', (code, password) => {
    expect(problem(password)).toBe(code);
  });

  it.each([
    'violet kettle under nine bridges',
    'correct horse battery staple',
    'k3n7p-q9x2m-v5t8r-w1z4c',
    'Ein Fahrrad für Priya am Morgen',
    '日本語のとても長い合言葉をひとつ書く',
  ])('is taken: %s', (password) => {
    expect(problem(password)).toBeNull();
  });
});
