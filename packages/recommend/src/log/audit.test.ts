import { describe, expect, it } from 'vitest';
import { auditLog, cleanLog } from './audit.ts';
import { Catalogue } from './catalogue.ts';
import { generateLog } from './generate.ts';
import { Interactions } from './interactions.ts';

const { log, catalogue } = generateLog({ users: 200, items: 100, events: 20, seed: 2 });
const columns = { user: Array.from(log.user, (u) => log.users.id(u)), item: Array.from(log.item, (i) => log.items.id(i)), time: Array.from(log.time) };
const now = 1_760_000_000;
const kinds = (own: Interactions, more = {}): string[] => auditLog(own, { now, ...more }).findings.map(({ kind }) => kind);
const joined = (rows: { user: string; item: string; time: number }[]): Interactions => Interactions.from({ user: [...columns.user, ...rows.map((r) => r.user)], item: [...columns.item, ...rows.map((r) => r.item)], time: [...columns.time, ...rows.map((r) => r.time)] });

describe('auditLog', () => {
  it('finds nothing bad in a clean log, and describes it', () => {
    const audit = auditLog(log, { catalogue, now });
    expect(audit.findings.filter(({ severity }) => severity === 'problem')).toEqual([]);
    expect(kinds(log)).not.toContain('bots');
    expect([audit.rows, audit.users, audit.items]).toEqual([log.rows, 200, 100]);
    expect(audit.eventsPerUser.mean).toBeCloseTo(log.rows / 200, 9);
    expect(audit.gini).toBeGreaterThan(0.2);
    expect(audit.findings.find(({ kind }) => kind === 'skew')?.examples[0]).toMatch(/\(\d+\)$/);
  });
  it('finds what was put in', () => {
    const [user, item, time] = [columns.user[3] ?? '', columns.item[3] ?? '', columns.time[3] ?? 0];
    const bad = joined([
      { user, item, time }, { user, item, time: time + 99 }, // a double, and watched again
      ...Array.from({ length: 150 }, (_, i) => ({ user: 'machine', item: `m${(i % 90) + 1}`, time: 1_710_000_000 + 60 * i })),
      { user: 'once', item: 'unknown', time: now + 9e7 },
      ...Array.from({ length: 100 }, (_, i) => ({ user: `import${i}`, item: 'm1', time: 1_704_100_000 })),
    ]);
    const audit = auditLog(bad, { catalogue, now }), of = (kind: string) => audit.findings.find((finding) => finding.kind === kind);
    expect(of('duplicates')).toMatchObject({ count: 1, severity: 'problem', examples: [expect.stringContaining(item)] });
    expect(of('repeats')?.count).toBe(1 + 60);
    expect(of('bots')).toMatchObject({ count: 1, examples: ['machine (150 events)'] });
    expect(of('one-item users')?.count).toBeGreaterThanOrEqual(101);
    expect(of('future')).toMatchObject({ count: 1, severity: 'problem' });
    expect(of('bulk times')?.count).toBe(100);
    expect(of('not in catalogue')).toMatchObject({ count: 1, examples: ['unknown'] });
    expect(audit.findings[0]?.severity).toBe('problem');
    const clean = cleanLog(bad, { duplicates: true, bots: true, minUserEvents: 2, minItemEvents: 2 });
    expect(kinds(clean).filter((kind) => ['duplicates', 'bots', 'one-item users', 'bulk times'].includes(kind))).toEqual([]);
    expect(clean.items).toBe(bad.items);
  });
  it('sees ties, disorder, dead items, early events, and logs without times', () => {
    const ties = Interactions.from({ user: ['a', 'a', 'b', 'b'], item: ['x', 'y', 'x', 'z'], time: [5, 5, 900, 3] });
    expect(auditLog(ties, { now }).findings.find(({ kind }) => kind === 'timestamp ties')?.count).toBe(1);
    expect(auditLog(ties, { now }).findings.find(({ kind }) => kind === 'disorder')?.count).toBe(1);
    expect(auditLog(ties, { now }).findings.find(({ kind }) => kind === 'dead items')?.examples).toEqual(['y', 'z']);
    expect(kinds(ties, { catalogue: new Catalogue([{ id: 'x', from: 9e5 }, { id: 'y' }, { id: 'z' }, { id: 'w' }]) })).toEqual(expect.arrayContaining(['before release', 'never watched']));
    expect(kinds(Interactions.fromSequences([[1, 2, 2], [1]]))).toEqual(expect.arrayContaining(['no times', 'duplicates', 'one-item users']));
  });
});
