/**
 * What is wrong with a log before anything is learnt from it: doubles, machines, users of one item, ties and disorder of times, leaks of the future, dead items, skew of popularity. Each finding has
 * its figures, examples and what to do. Passes over columns only: twenty million rows take seconds.
 */
import type { Catalogue } from './catalogue.ts';
import type { Interactions } from './interactions.ts';

export type LogFindingKind = 'duplicates' | 'repeats' | 'bots' | 'one-item users' | 'timestamp ties' | 'bulk times' | 'disorder' | 'future' | 'before release' | 'leakage' | 'dead items' | 'rare items' | 'not in catalogue' | 'never watched' | 'skew' | 'no times';
export interface LogFinding {
  readonly kind: LogFindingKind;
  /** 'problem': mend it; 'warning': look at it; 'info': good to know */ readonly severity: 'problem' | 'warning' | 'info';
  /** rows, users or items that it concerns */ readonly count: number;
  /** of all of them, 0 to 1 */ readonly share: number;
  readonly message: string;
  readonly fix: string;
  /** ids or rows, the first few */ readonly examples: readonly string[];
}
export interface LogAudit {
  readonly rows: number;
  readonly users: number;
  readonly items: number;
  /** share of the pairs of users and items that have an event */ readonly density: number;
  /** first and last time, ISO; null without times */ readonly span: readonly [string, string] | null;
  readonly eventsPerUser: Quantiles;
  readonly eventsPerItem: Quantiles;
  /** 0: all items alike; 1: one has all events */ readonly gini: number;
  /** share of the events that the most watched tenth of the items has */ readonly topTenth: number;
  readonly findings: readonly LogFinding[];
}
export interface Quantiles { readonly min: number; readonly median: number; readonly mean: number; readonly p99: number; readonly max: number }
export interface AuditOptions {
  /** titles, releases; finds items that the catalogue lacks */ readonly catalogue?: Catalogue;
  /** seconds since 1970; default: now */ readonly now?: number;
}

const EXAMPLES = 5, DAY = 86_400;

export function auditLog(log: Interactions, options: AuditOptions = {}): LogAudit {
  const { catalogue, now = Date.now() / 1000 } = options, users = log.users.size, items = log.items.size, { rows, counts } = log;
  const findings: LogFinding[] = [], perUser = Int32Array.from({ length: users }, (_, u) => (log.starts[u + 1] as number) - (log.starts[u] as number));
  const percent = (share: number): string => `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`, say = (n: number): string => n.toLocaleString('en-US');
  const add = (kind: LogFindingKind, severity: LogFinding['severity'], count: number, of: number, message: string, fix: string, examples: readonly string[] = []): void => {
    if (count > 0) findings.push({ kind, severity, count, share: of === 0 ? 0 : count / of, message, fix, examples: examples.slice(0, EXAMPLES) });
  };
  const eventsPerUser = quantiles(perUser), eventsPerItem = quantiles(counts), sorted = counts.slice().sort(), gini = giniOf(sorted);
  let top = 0;
  for (let i = items - Math.ceil(items / 10); i < items; i++) top += sorted[i] ?? 0;

  const { duplicates, ties, repeats, examples } = passOverUsers(log);
  add('duplicates', 'problem', duplicates, rows, `${say(duplicates)} rows (${percent(duplicates / rows)}) repeat an earlier row: same user, item and ${log.timed ? 'time' : 'place'}.`, 'cleanLog(log, { duplicates: true }) keeps the first of each.', examples);
  add('repeats', 'info', repeats, rows, `${say(repeats)} rows (${percent(repeats / rows)}) are of an item that the user had watched before.`, 'Where watching again matters, recommend with { filterSeen: false }.');
  const machines = botsOf(log, perUser, eventsPerUser.p99);
  add('bots', 'warning', machines.length, users, `${say(machines.length)} users look like machines: events at even intervals, or more than ten times as many as 99 % of users.`, 'Look at them; cleanLog(log, { bots: true }) leaves them out.', machines.map((u) => `${log.users.id(u)} (${say(perUser[u] as number)} events)`));
  const single = perUser.reduce((sum, n) => sum + (n === 1 ? 1 : 0), 0);
  add('one-item users', single / users > 0.3 ? 'warning' : 'info', single, users, `${say(single)} users (${percent(single / users)}) have one event: nothing can be tested on them, and little learnt.`, 'They may stay. To leave them out: cleanLog(log, { minUserEvents: 2 }).');
  if (!log.timed) add('no times', 'warning', rows, rows, 'The log has no times: splits by time, half-lives and checks for leaks are not possible.', 'Give the column of the times, if there is one.');
  else {
    add('timestamp ties', ties / rows > 0.2 ? 'warning' : 'info', ties, rows, `${say(ties)} rows (${percent(ties / rows)}) have the time of the same user's row before: their order is that of the file.`, 'If the file is in no order, models of sequences learn noise there. Use finer times if there are any.');
    const bulk = bulkTimes(log);
    add('bulk times', 'warning', bulk.count, rows, `${say(bulk.count)} rows (${percent(bulk.count / rows)}) share ${bulk.examples.length === 1 ? 'one time' : 'a few times'} that many users have: most likely an import, not the moment of watching.`, 'Leave these rows out of a split by time, or find their true times.', bulk.examples);
    add('disorder', 'info', log.disorder, rows, `${say(log.disorder)} rows (${percent(log.disorder / rows)}) stood behind a later row of the same user; they were sorted.`, 'Nothing to do, unless the times are wrong.');
    const [first, last] = log.span ?? [0, 0];
    let future = 0;
    for (const t of log.time) if (t > now + DAY) future++;
    add('future', 'problem', future, rows, `${say(future)} rows (${percent(future / rows)}) lie in the future (up to ${iso(last)}).`, 'Wrong clocks or units: mend the times or leave the rows out, since a split by time would test on them.');
    if (catalogue !== undefined) {
      let early = 0;
      const which = new Set<string>();
      for (let row = 0; row < rows; row++) {
        const from = catalogue.get(log.items.id(log.item[row] as number))?.from;
        if (from !== undefined && (log.time[row] as number) < from - DAY) { early++; if (which.size < EXAMPLES) which.add(log.items.id(log.item[row] as number)); }
      }
      add('before release', 'warning', early, rows, `${say(early)} rows (${percent(early / rows)}) are earlier than their item was there.`, 'The catalogue or the times are wrong.', [...which]);
    }
    const leak = leakage(log);
    add('leakage', leak.share > 0.5 ? 'warning' : 'info', leak.count, rows, `Were each user's last item the test, ${percent(leak.share)} of the other rows would be later than the median test row: a model would learn from the future.`, 'Test with splitByTime.');
    const lastSeen = new Float64Array(items).fill(-Infinity);
    for (let row = 0; row < rows; row++) { const i = log.item[row] as number; if ((log.time[row] as number) > (lastSeen[i] as number)) lastSeen[i] = log.time[row] as number; }
    const limit = last - 0.25 * (last - first), dead = lastSeen.reduce<number[]>((list, t, i) => { if (t > -Infinity && t < limit) list.push(i); return list; }, []);
    add('dead items', dead.length / items > 0.3 ? 'warning' : 'info', dead.length, items, `${say(dead.length)} items (${percent(dead.length / items)}) have had no event in the last quarter of the time (since ${iso(limit)}).`, 'Are they still there? Give licence windows in the catalogue, or popularity({ halfLife }).', dead.map((i) => log.items.id(i)));
  }
  const rare = counts.reduce((sum, n) => sum + (n > 0 && n < 5 ? 1 : 0), 0);
  add('rare items', 'info', rare, items, `${say(rare)} items (${percent(rare / items)}) have fewer than five events.`, 'Models by events alone hardly know them; those with attributes do. To leave them out: cleanLog(log, { minItemEvents: 5 }).');
  if (catalogue !== undefined) {
    const lacks = log.items.ids.filter((id) => !catalogue.has(id)), never = catalogue.ids.filter((id) => (counts[log.items.index(id)] ?? 0) === 0);
    add('not in catalogue', 'problem', lacks.length, items, `The catalogue lacks ${say(lacks.length)} items of the log (${percent(lacks.length / items)}): they have no title, no attributes, and rules do not see them.`, 'Add them, or leave their rows out.', lacks);
    add('never watched', 'info', never.length, catalogue.size, `${say(never.length)} items of the catalogue (${percent(never.length / catalogue.size)}) have no event.`, 'Only models with attributes can recommend them.', never);
  }
  add('skew', top / rows > 0.8 ? 'warning' : 'info', Math.ceil(items / 10), items, `The most watched tenth of the items has ${percent(top / rows)} of the events (Gini ${gini.toFixed(2)}).`, 'Compare every model with popularity(), and look at coverage and the debiased figures.', Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number)).slice(0, EXAMPLES).map((i) => `${catalogue?.title(log.items.id(i)) ?? log.items.id(i)} (${say(counts[i] as number)})`));
  const order = { problem: 0, warning: 1, info: 2 } as const;
  findings.sort((a, b) => order[a.severity] - order[b.severity]);
  return { rows, users, items, density: rows / Math.max(1, users * items), span: log.span === null ? null : [iso(log.span[0]), iso(log.span[1])], eventsPerUser, eventsPerItem, gini, topTenth: rows === 0 ? 0 : top / rows, findings };
}

export interface CleanOptions {
  /** leave out rows that repeat user, item and time */ readonly duplicates?: boolean;
  /** leave out users that look like machines */ readonly bots?: boolean;
  /** leave out users with fewer events */ readonly minUserEvents?: number;
  /** leave out rows of items with fewer events */ readonly minItemEvents?: number;
}
/** The log without what an audit found. Numbers of users and items stay. Users and items are counted once, in the log as it was. */
export function cleanLog(log: Interactions, options: CleanOptions): Interactions {
  const perUser = Int32Array.from({ length: log.users.size }, (_, u) => (log.starts[u + 1] as number) - (log.starts[u] as number));
  const machines = new Set(options.bots === true ? botsOf(log, perUser, quantiles(perUser).p99) : []), { minUserEvents = 0, minItemEvents = 0 } = options;
  const double = options.duplicates === true ? passOverUsers(log).double : null;
  return log.filter((row) => {
    const user = log.user[row] as number;
    return double?.[row] !== 1 && !machines.has(user) && (perUser[user] as number) >= minUserEvents && (log.counts[log.item[row] as number] as number) >= minItemEvents;
  });
}

/** Doubles and ties stand next to each other within a user, so one pass finds them. Without times a double is the same item twice in a row. */
function passOverUsers(log: Interactions): { duplicates: number; ties: number; repeats: number; double: Uint8Array; examples: string[] } {
  const double = new Uint8Array(log.rows), lastUser = new Int32Array(log.items.size).fill(-1), lastRow = new Int32Array(log.items.size), examples: string[] = [];
  let duplicates = 0, ties = 0, repeats = 0;
  for (let row = 0; row < log.rows; row++) {
    const user = log.user[row] as number, item = log.item[row] as number, sameUser = row > 0 && log.user[row - 1] === user;
    if (log.timed && sameUser && log.time[row] === log.time[row - 1]) ties++;
    if (lastUser[item] === user) {
      const before = lastRow[item] as number;
      if (log.timed ? log.time[before] === log.time[row] : before === row - 1) {
        duplicates++;
        double[row] = 1;
        if (examples.length < EXAMPLES) examples.push(`${log.users.id(user)}, ${log.items.id(item)}${log.timed ? `, ${iso(log.time[row] as number)}` : ''}`);
      } else repeats++;
    }
    lastUser[item] = user;
    lastRow[item] = row;
  }
  return { duplicates, ties, repeats, double, examples };
}

/** Users with at least 100 events of whom four fifths come at one even interval, or who have more than ten times as many as 99 % of users. */
function botsOf(log: Interactions, perUser: Int32Array, p99: number): number[] {
  const found: number[] = [];
  perUser.forEach((count, u) => {
    if (count < 100) return;
    if (count > 10 * p99) { found.push(u); return; }
    if (!log.timed) return;
    const gaps = new Map<number, number>(), first = (log.starts[u] as number) + 1;
    let most = 0;
    for (let row = first; row < (log.starts[u + 1] as number); row++) {
      const gap = (log.time[row] as number) - (log.time[row - 1] as number);
      if (gap <= 0) continue;
      const times = (gaps.get(gap) ?? 0) + 1;
      gaps.set(gap, times);
      if (times > most) most = times;
    }
    if (most > 0.8 * (count - 1)) found.push(u);
  });
  return found;
}

/** Times that at least 1 % of the rows and 20 users share. */
function bulkTimes(log: Interactions): { count: number; examples: string[] } {
  const sorted = log.time.slice().sort(), least = Math.max(20, log.rows / 100), examples: string[] = [];
  let count = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from >= least) { count += to - from; examples.push(`${iso(sorted[from] as number)} (${(to - from).toLocaleString('en-US')} rows)`); }
    from = to;
  }
  return { count, examples };
}

/** Rows that would train though they are later than half of the users' last rows. */
function leakage(log: Interactions): { count: number; share: number } {
  const last: number[] = [];
  for (let u = 0; u < log.users.size; u++) if ((log.starts[u + 1] as number) - (log.starts[u] as number) > 1) last.push(log.time[(log.starts[u + 1] as number) - 1] as number);
  if (last.length === 0) return { count: 0, share: 0 };
  last.sort((a, b) => a - b);
  const middle = last[last.length >> 1] as number, train = log.rows - last.length;
  let count = 0;
  for (let row = 0; row < log.rows; row++) if ((log.time[row] as number) > middle && row + 1 < log.rows && log.user[row + 1] === log.user[row]) count++;
  return { count, share: train === 0 ? 0 : count / train };
}

function quantiles(values: Int32Array): Quantiles {
  const sorted = values.slice().sort(), n = sorted.length, at = (part: number): number => sorted[Math.min(n - 1, Math.floor(part * n))] ?? 0;
  return { min: at(0), median: at(0.5), mean: n === 0 ? 0 : sorted.reduce((a, b) => a + b, 0) / n, p99: at(0.99), max: sorted[n - 1] ?? 0 };
}
function giniOf(sorted: Int32Array): number {
  let sum = 0, weighted = 0;
  sorted.forEach((n, i) => { sum += n; weighted += (i + 1) * n; });
  return sum === 0 ? 0 : (2 * weighted) / (sorted.length * sum) - (sorted.length + 1) / sorted.length;
}
const iso = (time: number): string => new Date(time * 1000).toISOString().replace(/\.000Z$/, 'Z');
