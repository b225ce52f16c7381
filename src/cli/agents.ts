import { ROLE_NAMES, ROLES, type Role } from '../core/staff.ts';
import type { Given } from './command.ts';
import { deskPath } from './desk-path.ts';
import { CommandError, EXITS } from './exit.ts';
import { refusal } from './failure.ts';
import { findApplication, operator, withService } from './open.ts';
import type { Output } from './output.ts';

/** Makes an agent, and prints the password once when none was given. */
export async function createAgent({ values }: Given, output: Output): Promise<number> {
  const { email = '', name = '', password } = values;
  const role = roleOf(values['role'] ?? '');
  return await withService(output, async (composition) => {
    const application = await findApplication(composition, values['application']);
    const input = { email, name, role, ...(password === undefined ? {} : { password }) };
    const made = await composition.service.staff.agents.create(operator(application), input);
    if (!made.ok) throw refusal(made.problem);
    const { id, password: shown } = made.value;
    output.result({ id, email: made.value.email, role, ...(shown === undefined ? {} : { password: shown }) }, [
      ...(shown === undefined ? [] : [shown, '']),
      `${id}: ${made.value.name}, ${ROLE_NAMES[role]} of “${application.name}”, signs in at ${deskPath(application.name)} as ${made.value.email}.`,
      ...(shown === undefined ? [] : ['The password is not shown again.']),
    ]);
    return EXITS.ok.code;
  });
}

function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  throw new CommandError('usage', `There is no role “${text}”.`, { cure: `Use one of ${ROLES.join(', ')}.` });
}
