export { type ConfigApplication, type ConfigFile, checkConfig } from './config-file.ts';
export { envExample, errorsPage, settingsPage } from './document.ts';
export { processEnvironment } from './env.ts';
export type { SettingProblem } from './given.ts';
export type { ProviderDsns, ReadSettings, RedisUse, Settings } from './complete.ts';
export { readSettings } from './settings.ts';
export type { DatabaseLocation } from './store-url.ts';
export { type GivenSettings, type Setting, SETTING_KEYS, type SettingKey, SETTINGS } from './table.ts';
