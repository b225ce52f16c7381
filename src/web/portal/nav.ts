import type { Right } from '../../core/staff.ts';
import type { IconName } from '../components/icon.tsx';

/** An entry of the side column. It shows when its page is there and the role has the right. */
interface NavEntry {
  readonly path: string;
  readonly word: string;
  readonly icon: IconName;
  readonly right: Right | 'staff';
}

export const NAV: Readonly<Record<'work' | 'setup', readonly NavEntry[]>> = {
  work: [
    { path: '/desk', word: 'Desk', icon: 'desk', right: 'staff' },
    { path: '/desk/records', word: 'Records', icon: 'records', right: 'records.view' },
    { path: '/desk/people', word: 'People', icon: 'people', right: 'people.view' },
    { path: '/desk/insights', word: 'Insights', icon: 'insights', right: 'insights.view' },
  ],
  setup: [
    { path: '/desk/applications', word: 'Applications', icon: 'applications', right: 'administration' },
    { path: '/desk/agents', word: 'Agents and roles', icon: 'agents', right: 'agents.manage' },
    { path: '/desk/audit', word: 'Audit log', icon: 'chain', right: 'audit.view' },
  ],
};
