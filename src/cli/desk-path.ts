/** Where the people of an application sign in; `default` is whose desk is meant where none is named. */
export function deskPath(name: string): string {
  return name === 'default' ? '/desk' : `/desk/sign-in?app=${encodeURIComponent(name)}`;
}
