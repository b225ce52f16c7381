import { ERRORS } from '../core/errors.ts';
import { GROUPS, type Setting, SETTING_KEYS, SETTINGS } from './table.ts';

const GROUP_KEYS = Object.keys(GROUPS) as readonly (keyof typeof GROUPS)[];

function settingsOf(group: keyof typeof GROUPS): readonly Setting<unknown>[] {
  return SETTING_KEYS.map((key): Setting<unknown> => SETTINGS[key]).filter((setting) => setting.group === group);
}

/** The text of `.env.example`: every setting, commented out, so that copying it changes nothing. */
export function envExample(): string {
  const groups = GROUP_KEYS.map((group) => `# ${GROUPS[group]}\n\n${settingsOf(group).map(envEntry).join('\n')}`);
  return `# Settings of Watchword. Made from src/config/table.ts by npm run generate.\n# What the environment sets wins over this file.\n\n${groups.join('\n')}`;
}

function envEntry(setting: Setting<unknown>): string {
  const facts = `${setting.doc} Default: ${setting.default}.${setting.secret ? ` Or ${setting.name}_FILE.` : ''}`;
  const lines = wrap(facts.replaceAll('`', ''), 118).map((line) => `# ${line}`);
  return `${lines.join('\n')}\n# ${setting.name}=${quoted(setting.example ?? '')}\n`;
}

function quoted(value: string): string {
  return /[\s<>#]/.test(value) ? `"${value}"` : value;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The text of docs/reference/settings.md. */
export function settingsPage(): string {
  const sections = GROUP_KEYS.map(
    (group) => `## ${GROUPS[group]}\n\n${settingsOf(group).map(settingEntry).join('\n')}`,
  );
  return `${SETTINGS_INTRODUCTION}\n${sections.join('\n')}`;
}

const SETTINGS_INTRODUCTION = `# Settings

<!-- Made from src/config/table.ts by npm run generate. -->

Settings come from the environment, and from a \`.env\` file in the working directory for what the environment does not
set. They are read once, at start. Every bad setting is listed at once, by name and without its value, and the program
ends with exit code 78. An empty value counts as not set, an unknown \`WATCHWORD_\` name is an error.

A secret may be given as a file: \`WATCHWORD_SECRET_FILE=/run/secrets/watchword\` instead of \`WATCHWORD_SECRET\`.
`;

function settingEntry({ name, type, default: fallback, doc, secret, example }: Setting<unknown>): string {
  const lines = [
    `### \`${name}\``,
    '',
    doc,
    '',
    `- Type: ${type}`,
    `- Default: ${fallback}`,
    ...(secret ? [`- Secret: yes, also as \`${name}_FILE\``] : []),
    ...(example === undefined ? [] : [`- Example: \`${example}\``]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The text of docs/reference/errors.md. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retryable, doc }]) => `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${doc} |`,
  );
  return `${ERRORS_INTRODUCTION}\n${rows.join('\n')}\n`;
}

const ERRORS_INTRODUCTION = `# Errors

<!-- Made from src/core/errors.ts by npm run generate. -->

Every refusal is \`application/problem+json\` (RFC 9457). \`code\` is stable and one of these; \`errors\` points at each wrong
place of the request. “Retry” says whether the same request may succeed later; \`Retry-After\` says when.

| code | status | retry | meaning |
| --- | --- | --- | --- |`;
