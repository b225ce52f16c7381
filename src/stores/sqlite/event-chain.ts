/** The rows of a verification's events, from the newest back; bind the verification's id. */
const CHAIN = `WITH RECURSIVE chain (seq, previous, body) AS (
  SELECT seq, previous, body FROM events WHERE seq = (SELECT last_event FROM verifications WHERE id = ?)
  UNION ALL
  SELECT events.seq, events.previous, events.body FROM events JOIN chain ON events.seq = chain.previous)`;

/** Rows of a verification's events, oldest first. */
export const EVENTS_OF = `${CHAIN} SELECT seq, body FROM chain ORDER BY seq`;

/** Deletes a verification's events; run it before the verification itself goes. */
export const DELETE_EVENTS_OF = `${CHAIN} DELETE FROM events WHERE seq IN (SELECT seq FROM chain)`;
