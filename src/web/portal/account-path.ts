export const ACCOUNT_PATH = '/desk/account';

/** Errors of the account's forms by field. */
export type AccountErrors = Readonly<Record<string, string>>;
