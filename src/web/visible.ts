// Controls that draw nothing or reorder what stands beside them; line ends and tabs are left alone.
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Text as it may stand on a page: characters that would hide or reorder their neighbours are named instead of obeyed. */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (character) => `\u27e8U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`,
  );
}
