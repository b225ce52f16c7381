import type { FormFields } from '../../form.ts';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { Confirmation } from './confirmation.tsx';
import type { Scope } from './scope.ts';

/** Stops every message of an application, and starts again. */
export const STOP: readonly StaffRoute[] = [applicationPage('/stop', question), applicationAct('/stop', answer)];

function question(visit: Visit, scope: Scope): Page {
  const { view, path } = scope;
  const on = view.sends_stopped;
  const body = (
    <Confirmation
      visit={visit}
      action={`${path}/stop`}
      back={`${path}/limits`}
      yes={on ? 'Start sending again' : 'Stop all sends'}
      no={on ? 'Leave them stopped' : 'Keep sending'}
    >
      <input type="hidden" name="stopped" value={on ? 'no' : 'yes'} />
      <p>
        {on
          ? 'Codes go out again within a second, on every instance.'
          : 'Starts and resends are refused with “sends_stopped”, and messages that wait are dropped, within a second on every instance. Agents can still sign in, and codes that people have can still be entered.'}
      </p>
    </Confirmation>
  );
  const title = on ? `Start the sends of ${view.name} again?` : `Stop all sends of ${view.name}?`;
  return framed(visit, scope, { tab: 'limits', title, body });
}

async function answer(visit: Visit, { caller, view, path }: Scope, fields: FormFields): Promise<Done> {
  const stopped = fields.text('stopped') === 'yes';
  const saved = await visit.service.applications.update(caller, view.id, { sends_stopped: stopped });
  const to = `${path}/limits`;
  if (!saved.ok) return { to, flash: { tone: 'bad', title: 'Nothing was changed.', text: saved.problem.detail } };
  return {
    to,
    flash: stopped ? { tone: 'warn', title: 'All sends are stopped.' } : { tone: 'good', title: 'Codes go out again.' },
  };
}
