/** Why no code was used, as an agent chooses it. Words are for pages; records keep the name. */
export const OVERRIDE_CAUSES = {
  phone_gone: 'Phone lost, stolen or broken',
  no_coverage: 'No coverage where the caller is',
  in_store: 'Caller is in store',
  provider_down: 'Provider not answering',
  accessibility: 'Accessibility need',
  other: 'Other',
} as const;
export type OverrideCause = keyof typeof OVERRIDE_CAUSES;

/** How the agent made sure of the caller instead. */
export const CONFIRMATIONS = {
  photo_identity: 'Photo identity seen',
  call_back: 'Call back to a number on file',
  known_representative: 'Authorised representative known to you',
  supervisor: 'Supervisor confirmed',
  other: 'Other',
} as const;
export type Confirmation = keyof typeof CONFIRMATIONS;

/** What an agent writes down: at least what was checked and with whom. */
export const NOTE_LENGTH = { min: 10, max: 500 } as const;
