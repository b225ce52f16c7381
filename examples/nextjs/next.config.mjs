/**
 * Watchword loads drivers when they are needed, some with native parts (SQLite before Node.js 24, Argon2): the bundler leaves it
 * alone and Node.js loads it from node_modules.
 */
export default { serverExternalPackages: ['watchword'] };
