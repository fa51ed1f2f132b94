// Data with planted faults: an audit finds them, and its own fixes mend them.
import { audit, dropRows, Table } from '@limelight/data';

let state = 9;
const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

// class 1 lies four to the right of class 0 and four above it
const truth = Array.from({ length: 300 }, (_, i) => i % 2), flipped = new Set(Array.from({ length: 27 }, (_, i) => 11 * i + 3));
const rows = Table.from({
  x: truth.map((c) => 4 * c + normal()), y: truth.map((c) => 4 * c + normal()), unit: truth.map(() => 'cm'),
  label: truth.map((c, i) => (flipped.has(i) ? 1 - c : c)),
});
let data = rows.take([...Array.from({ length: 300 }, (_, i) => i), 42]);

const report = await audit(data, { label: 'label' });
for (const { check, title } of report.findings.filter((f) => (f.check === 'columns' || f.check === 'duplicates') && f.severity !== 'info')) console.log(`${check}: ${title}`);
const issues = report.labels?.issues ?? [], hits = issues.filter((issue) => flipped.has(issue.row)).length;
// how many exactly depends on the last bits of a machine's arithmetic
console.log(`labels: ${hits >= 23 ? 'at least 23' : hits} of ${flipped.size} flipped ones found, with ${issues.length - hits <= 2 ? 'at most 2' : issues.length - hits} others among them`);

data = dropRows(data, [...(report.duplicates?.extra ?? []), ...issues.map((issue) => issue.row)]).dropColumns(['unit']);
console.log(`columns kept: ${data.names.join(', ')}`);
