// Load on a served recommender: `connections` sockets, each sends a history of its own and waits for the list; no client library, so that the load generator needs little of the two cores.
// LIMELIGHT_BENCH_SECONDS=300 makes it long.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { config, tell } from '../lib/child.mjs';

const { connections, k } = config, seconds = Number(process.env.LIMELIGHT_BENCH_SECONDS) || config.seconds;
const folder = mkdtempSync(join(tmpdir(), 'limelight-bench-'));
const server = spawn(process.execPath, [join(import.meta.dirname ?? '.', 'recommend-server.mjs')], { env: { ...process.env, BENCH_CONFIG: JSON.stringify({ ...config, log: join(folder, 'events.ndjson') }) }, stdio: ['ignore', 'pipe', 'inherit'] });
process.once('exit', () => { server.kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); });
const { port, seconds: fitted, items } = JSON.parse(await new Promise((resolve, reject) => {
  let text = '';
  server.stdout.on('data', (part) => { text += part; if (text.endsWith('\n')) resolve(text); });
  server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
}));

const requests = Array.from({ length: 500 }, (_, r) => {
  const history = Array.from({ length: 10 + (r % 90) }, (_, i) => items[(r * 37 + i * (7 + (r % 11))) % items.length]), body = JSON.stringify({ history, k });
  return Buffer.from(`POST /recommend HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
});
const memory = async () => Number(/memory_resident_bytes (\d+)/.exec(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())?.[1]) / 1e6;
let sent = 0, errors = 0, counting = false, running = true;
const times = [];
const client = () => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1');
  let began = 0, answer = '';
  const ask = () => { if (!running) { socket.end(); resolve(); return; } began = performance.now(); answer = ''; socket.write(requests[sent++ % requests.length]); };
  socket.setNoDelay(true);
  socket.on('connect', ask);
  socket.on('error', () => { errors++; resolve(); });
  socket.on('data', (part) => {
    answer += part.toString('latin1');
    const head = answer.indexOf('\r\n\r\n');
    if (head < 0 || answer.length < head + 4 + Number(/content-length: (\d+)/i.exec(answer)?.[1])) return;
    if (counting) times.push(performance.now() - began);
    if (!answer.startsWith('HTTP/1.1 200')) errors++;
    ask();
  });
});
const clients = Array.from({ length: connections }, client), wait = (s) => new Promise((resolve) => { setTimeout(resolve, 1000 * s); });
await wait(config.warm);
counting = true;
const from = performance.now(), before = await memory();
await wait(seconds);
const took = (performance.now() - from) / 1000, after = await memory();
counting = false;
running = false;
await Promise.all(clients);
server.kill('SIGTERM');
const code = await new Promise((resolve) => { server.once('exit', resolve); });
times.sort((a, b) => a - b);
tell([
  { case: 'http', metric: 'requests_per_s', value: times.length / took, note: `${config.items} items, ${connections} connections, ${seconds} s; the model was fitted in ${fitted.toFixed(1)} s; the server ended with ${code}` },
  { case: 'http', metric: 'p50_ms', value: times[Math.floor(times.length * 0.5)] }, { case: 'http', metric: 'p99_ms', value: times[Math.floor(times.length * 0.99)] },
  { case: 'http', metric: 'errors', value: errors }, { case: 'http', metric: 'memory_mb', value: after }, { case: 'http', metric: 'memory_growth_mb', value: after - before },
]);
