/** The address of a page: `publicUrl` with or without a slash at its end, and a path that begins with one. */
export function publicAddress(publicUrl: string, path: string): string {
  return publicUrl.replace(/\/+$/, '') + path;
}
