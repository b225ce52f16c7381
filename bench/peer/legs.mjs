// What each side is asked for the same purpose, and what every answer must be. `item` is the index of a start, or what was kept of one.
import { postRequest } from '../http-client.mjs';
import { LEGS as OWN } from '../legs.mjs';
import { phoneNumber } from '../numbers.mjs';

const email = (item) => `person${item}@example.com`;
const post = (path, body, token = null) => postRequest(path, token, JSON.stringify(body));

/** A leg that asks with `body(item)` and is right when the answer has what `right` returns null for. */
const startLeg = (path, address, body, right) => ({
  request: (item, token) => post(path, body(address(item)), token),
  fault: (_item, status, answer) => right(status, answer),
  keep: (item, answer) => ({ id: answer.id, session: answer.session_token, to: address(item) }),
});
const checkLeg = (path, body, right) => ({
  request: (item, token) => post(path, body(item), token),
  fault: (_item, status, answer) => right(status, answer),
});

const started = (status, answer) =>
  status === 201 && answer.status === 'pending' && answer.sends === 1 ? null : told(status, answer);
const answered = (name, value) => (status, answer) =>
  status === 200 && answer[name] === value ? null : told(status, answer);
const withToken = (status, answer) =>
  status === 200 && answer.session_token?.split('.').length === 3 ? null : told(status, answer);

export const LEGS = {
  'watchword e-mail start': startLeg('/v1/verifications', email, (to) => ({ to }), started),
  'watchword phone start': startLeg('/v1/verifications', phoneNumber, (to) => ({ to }), started),
  'watchword check': OWN.check,
  'better-auth e-mail start': startLeg(
    '/api/auth/email-otp/send-verification-otp',
    email,
    (to) => ({ email: to, type: 'sign-in' }),
    answered('success', true),
  ),
  'better-auth e-mail check': checkLeg(
    '/api/auth/email-otp/check-verification-otp',
    ({ to, code }) => ({ email: to, type: 'sign-in', otp: code }),
    answered('success', true),
  ),
  'better-auth phone start': startLeg(
    '/api/auth/phone-number/send-otp',
    phoneNumber,
    (to) => ({ phoneNumber: to }),
    answered('message', 'code sent'),
  ),
  'better-auth phone check': checkLeg(
    '/check-phone',
    ({ to, code }) => ({ phoneNumber: to, code }),
    answered('status', true),
  ),
  'django start': startLeg('/api/phone/register', phoneNumber, (to) => ({ phone_number: to }), withToken),
  'django check': checkLeg(
    '/api/phone/verify',
    ({ to, code, session }) => ({ phone_number: to, session_token: session, security_code: code }),
    answered('message', 'Security code is valid.'),
  ),
};

function told(status, answer) {
  return `status ${status} ${JSON.stringify(answer).slice(0, 200)}`;
}
