import { postRequest } from './http-client.mjs';
import { phoneNumber } from './numbers.mjs';

const ID = /^vrf_[0-9A-HJKMNP-TV-Z]{30}$/;

/**
 * What a leg asks and what every single answer must be. `item` is the index of a start, or a started verification
 * `{ id, to, code }`. `fault` returns null, or in a few words what is wrong; `accepted` marks an answer that must not be.
 */
export const LEGS = {
  floor: {
    request: (item) => postRequest('/echo', null, startBody(item)),
    fault(item, status, answer) {
      const { to, purpose } = JSON.parse(startBody(item));
      if (status !== 200) return `status ${status}`;
      return answer.to === to && answer.purpose === purpose && Object.keys(answer).length === 6 ? null : 'wrong fields';
    },
  },
  start: {
    request: (item, token) => postRequest('/v1/verifications', token, startBody(item)),
    fault(item, status, answer) {
      if (status !== 201) return `status ${status} ${answer.code ?? ''}`;
      const isRight =
        ID.test(answer.id) &&
        answer.object === 'verification' &&
        answer.status === 'pending' &&
        answer.purpose === 'login' &&
        answer.channel === 'sms' &&
        answer.to.type === 'phone' &&
        answer.to.country === 'US' &&
        answer.sends === 1 &&
        answer.checks === 0 &&
        answer.test === false &&
        Date.parse(answer.expires_at) > Date.parse(answer.created_at);
      return isRight ? null : 'wrong fields';
    },
    keep: (item, answer) => ({ id: answer.id, to: phoneNumber(item) }),
  },
  check: {
    request: (item, token) => checkRequest(item.id, item.code, token),
    fault: (item, status, answer) => checkFault(item, status, answer, 'approved', 'approved'),
  },
  wrong: {
    request: (item, token) => checkRequest(item.id, wrongCode(item.code), token),
    fault: (item, status, answer) => checkFault(item, status, answer, 'incorrect', 'pending'),
    accepted: isAccepted,
  },
  replay: {
    request: (item, token) => checkRequest(item.id, item.code, token),
    fault: (item, status, answer) => checkFault(item, status, answer, 'closed', 'approved'),
    accepted: isAccepted,
  },
};

/** About 100 bytes, of distinct destinations. */
function startBody(item) {
  return `{"to":"${phoneNumber(item)}","purpose":"login","locale":"en","metadata":{"order":"${String(item).padStart(12, '0')}"}}`;
}

function checkRequest(id, code, token) {
  return postRequest(`/v1/verifications/${id}/checks`, token, `{"code":"${code}"}`);
}

function checkFault(item, status, answer, result, becomes) {
  if (status !== 200) return `status ${status} ${answer.code ?? ''}`;
  const { verification } = answer;
  if (answer.result !== result) return `result ${answer.result}`;
  return verification.id === item.id && verification.status === becomes && answer.receipt === null
    ? null
    : 'wrong fields';
}

function wrongCode(code) {
  const last = (Number(code.at(-1)) + 1) % 10;
  return `${code.slice(0, -1)}${last}`;
}

function isAccepted(answer) {
  return answer.result === 'approved' || answer.receipt != null;
}
