import type { Application } from '../../ports/settings.ts';

/** The application every new database starts with. */
export function defaultApplication(id: string, createdAt: number): Application {
  return {
    id,
    name: 'default',
    brand: 'Watchword',
    preset: 'default',
    default_country: null,
    countries: null,
    time_zone: 'UTC',
    locale: 'en',
    return_urls: [],
    reasons: [],
    limits: {},
    compat: [],
    frame_ancestors: [],
    accent: null,
    test_code: null,
    createdAt,
  };
}
