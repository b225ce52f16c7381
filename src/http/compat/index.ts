import { isJsonType } from '../body.ts';
import { CAMARA_ROUTES } from './camara/index.ts';
import { CAMARA } from './camara/speech.ts';
import type { FacadeRoute, Speech } from './facade.ts';
import { OTP_ROUTES } from './otp/index.ts';
import { OTP } from './otp/speech.ts';
import { PHONE_VERIFY_ROUTES } from './phone-verify/index.ts';
import { PHONE_VERIFY } from './phone-verify/speech.ts';
import { TWILIO_ROUTES } from './twilio/index.ts';
import { TWILIO } from './twilio/speech.ts';

export { answerFacade } from './answer.ts';
export type { FacadeExchange, FacadeRoute, Speech } from './facade.ts';

/** Other systems' dialects, row by row. They are described in docs/compat.md, not in the OpenAPI document. */
export const FACADE_ROUTES: readonly FacadeRoute[] = [
  ...PHONE_VERIFY_ROUTES,
  ...OTP_ROUTES,
  ...TWILIO_ROUTES,
  ...CAMARA_ROUTES,
];

const SPEECHES: readonly Speech[] = [PHONE_VERIFY, OTP, TWILIO, CAMARA];

/** The dialect that a path is of, whether or not there is anything. */
export function speechOf(path: string): Speech | null {
  return SPEECHES.find((speech) => speech.path.test(path)) ?? null;
}

/** Whether a request is for a façade. Where there is a hosted page under the same path, only posted JSON is. */
export function isFacadeRequest(path: string, request: Request): boolean {
  const speech = speechOf(path);
  if (speech !== OTP || path.startsWith('/otp/send')) return speech !== null;
  return request.method === 'POST' && isJsonType(request.headers.get('content-type') ?? '');
}
