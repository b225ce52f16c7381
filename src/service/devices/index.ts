export { findDevice, forgetDevices, forgetTokens, rememberDevice } from './device.ts';
export { insertRemembered } from './sign-in.ts';
