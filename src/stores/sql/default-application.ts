import { APPLICATION_DEFAULTS, type Application } from '../../ports/settings.ts';

/** The application every new database starts with. */
export function defaultApplication(id: string, createdAt: number): Application {
  return { ...APPLICATION_DEFAULTS, id, name: 'default', brand: 'Watchword', createdAt };
}
