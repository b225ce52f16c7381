/** PostgreSQL's time as it is now, not as the transaction began, in whole epoch ms. */
export const CLOCK = '(floor(extract(epoch from clock_timestamp()) * 1000))::bigint';
