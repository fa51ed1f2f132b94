// `npm run bench -- SUITE [--json FILE] [--rounds N] [--peers a,b|none]`: Limelight and its peers side by side, in interleaved rounds.
// Every measurement is a process of its own (a file under limelight/ or peers/SUITE/) that prints its samples; this file only starts them,
// takes medians and prints the table and the ratios.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { availablePeers, ensureBuilt } from './lib/peers.mjs';
import { measure } from './lib/measure.mjs';
import { printTable, ratiosOf, rowsOf } from './lib/report.mjs';
import { suites } from './suites/index.mjs';

const peersOf = (suite) => [...new Set(suite.engines.filter((e) => e.peer).map((e) => e.engine))];

const usage = `npm run bench -- SUITE [--json FILE] [--rounds N] [--peers a,b|none]

suites:
${Object.values(suites).map((s) => `  ${s.name.padEnd(10)} ${s.about}\n${' '.repeat(13)}peers: ${peersOf(s).join(', ') || 'none'}`).join('\n')}

Peers written in JavaScript are installed into bench/ when they are first asked for. TensorFlow and PyTorch take part where the Python named by
LIMELIGHT_BENCH_PYTHON (or else python3) has them. LIMELIGHT_THREADS sets the threads of everybody.`;

function fail(message) {
  console.error(message);
  process.exit(2);
}

let parsed;
try {
  parsed = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, rounds: { type: 'string' }, peers: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
} catch (error) {
  fail(`${error.message}\n\n${usage}`);
}
const { values, positionals } = parsed;
if (values.help) { console.log(usage); process.exit(0); }
if (positionals.length !== 1) fail(usage);
const suite = suites[positionals[0]];
if (suite === undefined) fail(`no suite '${positionals[0]}'; there are ${Object.keys(suites).join(', ')}`);
const rounds = values.rounds === undefined ? suite.rounds : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) fail(`--rounds wants a whole number from 1 on, not '${values.rounds}'`);
const asked = values.peers === undefined ? null : values.peers.split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'none');
for (const name of asked ?? []) {
  if (!peersOf(suite).includes(name)) fail(`suite ${suite.name} has no peer '${name}'; it has ${peersOf(suite).join(', ') || 'none'}`);
}

ensureBuilt();
const wanted = suite.engines.filter((e) => !e.peer || asked === null || asked.includes(e.engine));
const engines = availablePeers(wanted, asked !== null);
const { samples, threads } = measure(suite, engines, rounds);
const rows = rowsOf(samples);
const ratios = ratiosOf(suite, rows);
const result = { suite: suite.name, node: process.versions.node, threads, rows, ratios };
printTable(result, samples);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
