import { failure } from './answer.ts';
import type { Labels } from './metrics.ts';
import type { ApiOptions } from './options.ts';
import type { Reply } from './reply.ts';

/** What a request is logged and counted under. */
interface RequestFacts {
  readonly method: string;
  /** The template of its path, or `unmatched`. */
  readonly route: string;
}

/** The one wrapper around every request: id, failure, log line, metrics. */
export async function logged<Answer extends Response | Reply>(
  { method, route }: RequestFacts,
  options: ApiOptions,
  run: (requestId: string) => Promise<Answer>,
): Promise<Answer | Reply> {
  const started = performance.now();
  const requestId = options.randomId();
  let reply: Answer | Reply;
  try {
    reply = await run(requestId);
  } catch (error) {
    reply = failure(error, requestId, options);
  }
  const ms = performance.now() - started;
  const { status } = reply;
  const known = KNOWN_METHODS.has(method) ? method : 'other';
  options.log({
    event: 'request',
    level: 'info',
    method: known,
    route,
    status,
    ms: Math.round(ms * 10) / 10,
    request_id: requestId,
  });
  const labels = labelsOf(route, known, status);
  options.metrics.count('http_requests_total', 'Requests by route and status.', labels.request);
  options.metrics.observe('http_request_duration_seconds', 'Time to the answer by route.', ms / 1_000, labels.duration);
  return reply;
}

interface RequestLabels {
  readonly request: Labels;
  readonly duration: Labels;
}

/** One per method, route template and status: all from small closed sets. */
const requestLabels = new Map<string, RequestLabels>();

function labelsOf(route: string, method: string, status: number): RequestLabels {
  const key = `${method} ${status} ${route}`;
  let labels = requestLabels.get(key);
  if (labels === undefined) {
    labels = { request: { method, route, status: String(status) }, duration: { route } };
    requestLabels.set(key, labels);
  }
  return labels;
}

const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
