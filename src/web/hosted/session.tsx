import { timestamp } from '../../core/views.ts';
import { readForm } from '../form.ts';
import { ForgetDevices, SignOut } from './end-pages.tsx';
import { EndPage } from './page.tsx';
import { leaveToError } from './refuse.ts';
import { leaveReply, pageReply, redirectReply } from './reply.tsx';
import { flowsCookie, hostedPath, sessionCookie, type Visit } from './visit.ts';

/** GET /otp/session: whether the cookie of this request is a sign-in. For the server of an application on this site. */
export async function tellSession(visit: Visit): Promise<Response> {
  const session = visit.session === null ? null : await visit.service.hosted.session(visit.session);
  const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  if (session === null || session.application !== visit.application.id) {
    return Response.json({ object: 'session', active: false }, { headers });
  }
  const { application, verification, purpose, masked, method, since, endsAt } = session;
  const times = { created_at: timestamp(since), expires_at: timestamp(endsAt) };
  const facts = { application, verification, purpose, to: { masked }, method, ...times };
  return Response.json({ object: 'session', active: true, ...facts }, { headers });
}

/** GET: a button; nothing ends by a link. */
export async function showLogout(visit: Visit): Promise<Response> {
  const { words } = visit.language;
  const session = visit.session === null ? null : await visit.service.hosted.session(visit.session);
  const page =
    session === null ? (
      <EndPage visit={visit} title={words.signedOut} icon="tick" tone="good" />
    ) : (
      <EndPage visit={visit} title={words.signOut} icon="lock" tone="calm">
        <SignOut visit={visit} />
        <ForgetDevices visit={visit} />
      </EndPage>
    );
  return pageReply(visit, 200, page);
}

/** POST: ends the sign-in, forgets the flows of this browser, and that it was remembered; all devices of the person where they ask. */
export async function takeLogout(visit: Visit): Promise<Response> {
  const reading = await readForm(visit.request, visit.options);
  if (!reading.ok) return leaveToError(visit, reading.status);
  const { service, session, application, devices } = visit;
  if (devices.length > 0) await service.hosted.forgetDevice(application.id, devices);
  if (session !== null && reading.fields.text('devices') === 'all') await service.hosted.forgetEveryDevice(session);
  if (session !== null) await service.hosted.signOut(session);
  const cookies = [sessionCookie(visit, null), flowsCookie(visit, [])];
  const asked = visit.query.get('return_url');
  const registered = visit.application.return_urls.find((url) => url === asked);
  if (registered !== undefined) return leaveReply(visit, registered, cookies);
  return redirectReply(visit, hostedPath(visit, 'logout'), cookies);
}
