import { Empty } from '../components/empty.tsx';
import { portalPage } from './page.tsx';

/** Where signing in leads. */
export const HOME = portalPage({
  path: '/desk',
  right: 'staff',
  async show({ application, agent }) {
    const body = (
      <section class="card">
        <Empty title="Nobody is waiting" icon="desk">
          <p>Codes that you send to callers of {application.brand} will stand here.</p>
        </Empty>
      </section>
    );
    return { title: 'Desk', lead: `Signed in as ${agent.name}.`, body };
  },
});
