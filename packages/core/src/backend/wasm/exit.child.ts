/** For tests only: a process that runs a program on two threads and then just ends, without closing anything. */
import { createWasmBackend } from './backend.ts';
import { add, handEmitter, load, number, ProgramBuilder } from './handmade.ts';

const builder = new ProgramBuilder('exit'), n = 1024;
const x = builder.buffer('input', n), y = builder.buffer('output', n);
const program = builder.build([builder.map(y, n, add(load(x), number(1)))]);
const executable = createWasmBackend({ threads: 2, emit: handEmitter(() => 1e6) }).compile(program);
const { host } = executable as unknown as { host: { pool: { isReady(): boolean } } };

let tries = 0;
const attempt = (): void => {
  if (!host.pool.isReady() && tries++ < 1000) { setTimeout(attempt, 5); return; }
  const result = executable.run([new Float32Array(n).fill(2)])[0];
  console.log(host.pool.isReady() && result?.[n - 1] === 3 ? 'ran with workers' : 'failed');
};
attempt();
