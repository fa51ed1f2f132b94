// Medians, the table and the ratios.
const UNITS = {
  wall_s: 's', epoch_s: 's', step_us: 'us', bare_ms: 'ms', faithful_ms: 'ms', predict_us: 'us', s_per_1k: 's', gflops: 'GFLOP/s', peak_mb: 'MB', accuracy: '', tokens_per_s: '1/s', gzip_kb: 'kB',
};

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const tidy = (value) => Number(value.toPrecision(6));

/** One row per engine, case and metric, in the order in which they came. */
export function rowsOf(samples) {
  const groups = new Map();
  for (const s of samples) {
    const key = [s.engine, s.case, s.metric].join('\n');
    if (!groups.has(key)) groups.set(key, { ...s, values: [] });
    groups.get(key).values.push(s.value);
  }
  return [...groups.values()].map(({ engine, case: name, metric, values }) => ({
    engine, case: name, metric, unit: UNITS[metric] ?? '', median: tidy(median(values)), min: tidy(Math.min(...values)), max: tidy(Math.max(...values)), runs: values.length,
  }));
}

/** The suite's ratios of medians, where both sides were measured: [name, [engine, case, metric], [engine, case, metric]]. */
export function ratiosOf(suite, rows) {
  const find = ([engine, name, metric]) => rows.find((r) => r.engine === engine && r.case === name && r.metric === metric)?.median;
  const out = {};
  for (const [name, above, below] of suite.ratios(rows)) {
    const a = find(above);
    const b = find(below);
    if (a !== undefined && b !== undefined && b !== 0) out[name] = tidy(a / b);
  }
  return out;
}

/** Every engine against `base`, for the metrics given, over the cases both have. */
export function against(rows, base, metrics) {
  const out = [];
  for (const row of rows) {
    if (!metrics.includes(row.metric) || row.engine === base || row.engine.startsWith('limelight')) continue;
    out.push([`${row.metric} ${base}/${row.engine} (${row.case})`, [base, row.case, row.metric], [row.engine, row.case, row.metric]]);
  }
  return out;
}

const show = (value) => (value === 0 ? '0' : Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4))));

export function printTable(result, samples) {
  const { suite, node, threads, rows, ratios } = result;
  console.log(`\n${suite} on Node ${node}, ${threads} thread${threads === 1 ? '' : 's'}\n`);
  const lines = [['engine', 'case', 'metric', 'median', 'min', 'max', 'runs'], ...rows.map((r) => [r.engine, r.case, `${r.metric}`, show(r.median), show(r.min), show(r.max), String(r.runs)])];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) console.log(line.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  '));
  if (Object.keys(ratios).length > 0) {
    console.log('\nratios of medians');
    for (const [name, value] of Object.entries(ratios)) console.log(`  ${show(value).padStart(8)}  ${name}`);
  }
  const notes = new Set(samples.flatMap((s) => (s.note === undefined ? [] : [`${s.engine}: ${s.note}`])));
  if (notes.size > 0) console.log('');
  for (const note of notes) console.log(note);
}
