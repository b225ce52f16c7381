import { watchword } from '../../../watchword.js';

export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

/** The API and the pages of Watchword under /otp. */
const handle = (request) => watchword().handler(request);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
