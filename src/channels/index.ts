export { type ChannelTools, createChannel } from './create-channel.ts';
export { createTestChannel, TEST_DESTINATIONS } from './test-channel.ts';
export { dsnScheme } from './dsn.ts';
export { createWebhookClient } from './egress/webhook-client.ts';
export { captchaProblem, createCaptcha } from './captcha/captcha.ts';
export { createRiskHook, riskHookProblem } from './webhook/risk-hook.ts';
export { checkDsn, DEVELOPMENT_SCHEMES, dsnWarnings, WARNED_SCHEMES } from './schemes.ts';
