import type { LimitName } from '../../core/limits.ts';

/** What each limit counts, as a heading. */
export const LIMIT_TITLES: Readonly<Record<LimitName, string>> = {
  destination_sends: 'Messages to one destination',
  destination_failures: 'Wrong codes for one destination',
  destination_consecutive_failures: 'Wrong codes in a row for one destination',
  known_device_sends: 'Messages to a destination, for a device it knows',
  signal_ip: 'Starts from one address of signals',
  hosted_ip: 'Starts from one browser’s address',
  suppressed_ip: 'Starts for suppressed destinations from one address',
  hook_ip: 'Questions to the risk hook about one address',
  captcha_ip: 'CAPTCHA answers from one browser’s address',
  hook_key: 'Questions to the risk hook about one API key',
  application_sends: 'Messages of the application',
  key_starts: 'Starts by one API key',
  country_sends: 'Messages to one calling code',
  range_unapproved: 'Starts in one number range, none verified',
  money_day: 'Budget of a day',
};
