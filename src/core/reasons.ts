/**
 * Why an agent verifies a caller, where the application names no reasons of its own: everything that a thief of a number or an
 * account would ask for. An application's own list replaces it.
 */
export const BUILT_IN_REASONS: readonly string[] = [
  'Cancel a service',
  'Block or suspend a service',
  'Add or remove a representative',
  'Disclose personal, business or security information',
  'Ongoing or large charge',
  'SIM swap',
  'Change from post-paid to prepaid',
  'Activation',
  'Change of ownership',
  'Change customer details',
  'Block a handset (IMEI)',
  'Buy an additional device',
  'Add a service',
];

/** The reasons an agent chooses from. */
export function reasonsOf(application: { readonly reasons: readonly string[] }): readonly string[] {
  return application.reasons.length > 0 ? application.reasons : BUILT_IN_REASONS;
}
