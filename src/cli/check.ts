import type { Given } from './command.ts';
import { EXITS } from './exit.ts';
import { refusal } from './failure.ts';
import { findApplication, operator, withService } from './open.ts';
import type { Output } from './output.ts';

const WORDS = {
  approved: 'Approved.',
  incorrect: 'The code is wrong.',
  expired: 'The code has expired.',
  exhausted: 'All checks are used up.',
  closed: 'The verification is closed.',
  context_mismatch: 'The context does not match.',
} as const;

/** Checks a code as a caller of the API would: a wrong one counts. */
export async function check({ values }: Given, output: Output): Promise<number> {
  return await withService(output, async (composition) => {
    const application = await findApplication(composition, values['application']);
    const checked = await composition.service.verify.check(operator(application), values['id'] ?? '', {
      code: values['code'] ?? '',
    });
    if (!checked.ok) throw refusal(checked.problem);
    const { result, verification } = checked.value;
    const left = result === 'incorrect' ? ` Checks left: ${verification.checks_remaining}.` : '';
    output.result(checked.value, [`${WORDS[result]}${left}`]);
    return result === 'approved' ? EXITS.ok.code : EXITS.failed.code;
  });
}
