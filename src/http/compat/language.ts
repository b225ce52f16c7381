/** The first language of an `Accept-Language` header, as part of a start; nothing when there is none. */
export function firstLanguage(header: string | null): { readonly locale?: string } {
  const tag = /^\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4})\s*(?:[;,]|$)/.exec(header ?? '')?.[1];
  return tag === undefined ? {} : { locale: tag };
}
