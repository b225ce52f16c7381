/** Label values by name. Values must come from small closed sets (route templates, statuses), never from a caller. */
export type Labels = Readonly<Record<string, string>>;

/** A small registry with Prometheus text exposition (format 0.0.4). Names get the prefix `watchword_`. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, help: string, labels?: Labels, by?: number): void;
  /** Adds to a histogram of seconds. */
  observe(name: string, help: string, seconds: number, labels?: Labels): void;
  /** Registers values that are read at each scrape. */
  gauge(name: string, help: string, read: () => Promise<readonly GaugeValue[]> | readonly GaugeValue[]): void;
  /** Everything as text. A gauge that cannot be read is left out. */
  expose(): Promise<string>;
}

export interface GaugeValue {
  readonly value: number;
  readonly labels?: Labels;
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

interface Counter {
  readonly help: string;
  readonly values: Map<string, number>;
}

interface Histogram {
  readonly help: string;
  readonly series: Map<string, { readonly buckets: number[]; sum: number; count: number }>;
}

interface Gauge {
  readonly help: string;
  readonly read: () => Promise<readonly GaugeValue[]> | readonly GaugeValue[];
}

/** Starts empty; one per process. */
export function createMetrics(): Metrics {
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, Gauge>();
  return {
    count(name, help, labels = {}, by = 1) {
      const { values } = entry(counters, name, () => ({ help, values: new Map() }));
      const key = labelText(labels);
      values.set(key, (values.get(key) ?? 0) + by);
    },
    observe(name, help, seconds, labels = {}) {
      const { series } = entry(histograms, name, () => ({ help, series: new Map() }));
      const one = entry(series, labelText(labels), () => ({ buckets: BUCKETS_SECONDS.map(() => 0), sum: 0, count: 0 }));
      const bucket = BUCKETS_SECONDS.findIndex((bound) => seconds <= bound);
      if (bucket !== -1) one.buckets[bucket] = (one.buckets[bucket] ?? 0) + 1;
      one.sum += seconds;
      one.count++;
    },
    gauge(name, help, read) {
      gauges.set(name, { help, read });
    },
    async expose() {
      const lines = [...[...counters].flatMap(counterLines), ...[...histograms].flatMap(histogramLines)];
      for (const [name, gauge] of gauges) lines.push(...(await gaugeLines(name, gauge)));
      return `${lines.join('\n')}\n`;
    },
  };
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP watchword_${name} ${help}`, `# TYPE watchword_${name} ${type}`];
}

function counterLines([name, { help, values }]: [string, Counter]): string[] {
  return [
    ...head(name, help, 'counter'),
    ...[...values].map(([labels, value]) => `watchword_${name}${braces(labels)} ${value}`),
  ];
}

function histogramLines([name, { help, series }]: [string, Histogram]): string[] {
  const lines = head(name, help, 'histogram');
  for (const [labels, { buckets, sum, count }] of series) {
    let below = 0;
    for (const [index, bound] of BUCKETS_SECONDS.entries()) {
      below += buckets[index] ?? 0;
      lines.push(`watchword_${name}_bucket${braces(join(labels, `le="${bound}"`))} ${below}`);
    }
    lines.push(`watchword_${name}_bucket${braces(join(labels, 'le="+Inf"'))} ${count}`);
    lines.push(`watchword_${name}_sum${braces(labels)} ${sum}`, `watchword_${name}_count${braces(labels)} ${count}`);
  }
  return lines;
}

async function gaugeLines(name: string, { help, read }: Gauge): Promise<string[]> {
  try {
    const values = await read();
    return [
      ...head(name, help, 'gauge'),
      ...values.map(({ value, labels }) => `watchword_${name}${braces(labelText(labels ?? {}))} ${value}`),
    ];
  } catch {
    return [];
  }
}

/** Callers keep the label objects they use often; their text is made once. */
const texts = new WeakMap<Labels, string>();

function labelText(labels: Labels): string {
  const known = texts.get(labels);
  if (known !== undefined) return known;
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escapeLabel(labels[name] ?? '')}"`;
  texts.set(labels, text);
  return text;
}

function escapeLabel(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

function join(left: string, right: string): string {
  return left === '' ? right : `${left},${right}`;
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}
