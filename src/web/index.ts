export { createPages } from './pages.tsx';
export { renderErrorPage } from './error-page.tsx';
export type { PageLogEvent, PagesOptions } from './options.ts';
