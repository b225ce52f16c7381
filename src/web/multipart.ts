const MULTIPART_TYPE = /^multipart\/form-data\s*;\s*boundary=[^\s;]{1,100}\s*$/i;
/** Media types that may stand in a data URI as they are. */
const MEDIA_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,60}$/;

export function isMultipart(type: string): boolean {
  return MULTIPART_TYPE.test(type);
}

/**
 * The fields of a form with files (RFC 7578), or null when it is none. A file is a field like any other whose text is a data URI
 * (RFC 2397); without one chosen it is ''. Its name is not kept. The caller has bounded the bytes.
 */
export async function multipartFields(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<URLSearchParams | null> {
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData().catch(() => null);
  if (form === null) return null;
  const fields = new URLSearchParams();
  for (const [name, value] of form) fields.append(name, typeof value === 'string' ? value : await dataUri(value));
  return fields;
}

async function dataUri(file: Blob): Promise<string> {
  if (file.size === 0) return '';
  const type = MEDIA_TYPE.test(file.type) ? file.type : 'application/octet-stream';
  return `data:${type};base64,${Buffer.from(await file.arrayBuffer()).toString('base64')}`;
}
