/** Signing in with a passkey. */
export const PASSKEY_PATH = '/desk/passkey';
/** The cookie of a question lasts as long as the question. */
export const QUESTION_SECONDS = 300;
