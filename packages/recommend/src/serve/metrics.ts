/** Counters and histograms in Prometheus's text format (0.0.4). */

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;
interface Histogram { readonly counts: Float64Array; sum: number; count: number }

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #times = new Map<string, Histogram>();
  events = 0;
  updates = 0;
  updateFailures = 0;

  /** One answered request. @param seconds from its first byte to the end of the answer */
  answered(method: string, route: string, status: number, seconds: number): void {
    const key = `method="${method}",route="${route}",status="${status}"`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    let times = this.#times.get(route);
    if (times === undefined) this.#times.set(route, times = { counts: new Float64Array(BUCKETS.length), sum: 0, count: 0 });
    const place = BUCKETS.findIndex((edge) => seconds <= edge);
    if (place >= 0) times.counts[place] = (times.counts[place] as number) + 1;
    times.sum += seconds;
    times.count++;
  }

  /** @param gauges name without the prefix → value and what it is */
  text(gauges: Readonly<Record<string, readonly [value: number, help: string]>>): string {
    const lines: string[] = [], head = (name: string, kind: string, help: string): void => { lines.push(`# HELP limelight_${name} ${help}`, `# TYPE limelight_${name} ${kind}`); };
    head('http_requests_total', 'counter', 'Requests by route and status.');
    for (const [labels, n] of this.#requests) lines.push(`limelight_http_requests_total{${labels}} ${n}`);
    head('http_request_duration_seconds', 'histogram', 'Time from request to answer.');
    for (const [route, { counts, sum, count }] of this.#times) {
      let below = 0;
      BUCKETS.forEach((edge, i) => { below += counts[i] as number; lines.push(`limelight_http_request_duration_seconds_bucket{route="${route}",le="${edge}"} ${below}`); });
      lines.push(`limelight_http_request_duration_seconds_bucket{route="${route}",le="+Inf"} ${count}`, `limelight_http_request_duration_seconds_sum{route="${route}"} ${sum}`, `limelight_http_request_duration_seconds_count{route="${route}"} ${count}`);
    }
    for (const [name, value, help] of [['events_total', this.events, 'Events acknowledged.'], ['model_updates_total', this.updates, 'Updates of the model from the log.'], ['model_update_failures_total', this.updateFailures, 'Updates that failed; the model before them stayed.']] as const) {
      head(name, 'counter', help);
      lines.push(`limelight_${name} ${value}`);
    }
    for (const [name, [value, help]] of Object.entries(gauges)) {
      head(name, 'gauge', help);
      lines.push(`limelight_${name} ${value}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
