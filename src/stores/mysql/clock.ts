/**
 * The server's time when the statement began, in whole epoch ms. Reckoned in UTC: in the hour that a summer time repeats,
 * the session's local time means two moments.
 */
export const CLOCK = "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)";
