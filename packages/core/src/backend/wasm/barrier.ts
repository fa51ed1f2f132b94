/**
 * Emits the barrier at which the threads of a module meet: a counter and a generation word in shared memory. Waiters spin for a bounded
 * time, then sleep in `memory.atomic.wait32`; the last to arrive opens the barrier and wakes sleepers only if there are any.
 *
 * A thread that fails sets `abort` and bumps the generation: everyone who waits, or comes to wait, traps instead of waiting for ever.
 * Prior art: centralized sense-reversing barrier (Mellor-Crummey and Scott 1991); here the generation number is the sense.
 */
import type { FunctionWriter, ModuleWriter } from './encoder.ts';
import { WORDS } from './control.ts';

/** Turns of the spinning loop: about 0.4 ms. The longest wait inside a step is for the phases that one thread runs alone (some tens of microseconds,
 *  more on a busy machine); to sleep there costs each step two trips through the kernel: measured 12 % of an MNIST step. */
const SPINS = 300_000;

export interface BarrierOptions {
  /** byte address of the control block */
  readonly control: number;
  /** global that is 0 in an instance whose thread must not sleep (a browser's page) */
  readonly maySleep: number;
  readonly spins?: number;
}

/** Declares `barrier(threads, wait)`: with wait 0 the caller only reports its arrival. Returns its function index. */
export function emitBarrier(module: ModuleWriter, options: BarrierOptions): number {
  const { writer: w, index } = module.function('barrier', ['i32', 'i32']);
  const threads = w.param(0), wait = w.param(1);
  const generation = w.local('i32'), spins = w.local('i32');
  const word = (at: keyof typeof WORDS): FunctionWriter => w.i32(options.control + WORDS[at] * 4);
  const changed = (): FunctionWriter => word('barrierGeneration').memory('i32.atomic.load').get(generation).op('i32.ne');

  w.get(threads).i32(1).op('i32.eq').if(() => { w.op('return'); });
  // The generation is read before the arrival is announced: it cannot change in between but through a failure.
  word('barrierGeneration').memory('i32.atomic.load').set(generation);
  word('abort').memory('i32.atomic.load').if(() => { w.op('unreachable'); });
  word('barrierCount').i32(1).memory('i32.atomic.rmw.add').i32(1).op('i32.add').get(threads).op('i32.eq').if(() => {
    word('barrierCount').i32(0).memory('i32.atomic.store');
    word('barrierGeneration').i32(1).memory('i32.atomic.rmw.add').op('drop');
    word('barrierSleeping').memory('i32.atomic.load').if(() => { word('barrierGeneration').i32(-1).memory('memory.atomic.notify').op('drop'); });
    w.op('return');
  });
  w.get(wait).op('i32.eqz').if(() => { w.op('return'); });
  w.i32(options.spins ?? SPINS).set(spins);
  w.block(() => {
    w.loop(() => {
      changed().brIf(1);
      w.get(spins).i32(1).op('i32.sub').tee(spins).brIf(0);
      w.globalGet(options.maySleep).if(() => {
        word('barrierSleeping').i32(1).memory('i32.atomic.rmw.add').op('drop');
        w.loop(() => {
          word('barrierGeneration').get(generation).i64(-1).memory('memory.atomic.wait32').op('drop');
          changed().op('i32.eqz').brIf(0);
        });
        word('barrierSleeping').i32(1).memory('i32.atomic.rmw.sub').op('drop');
      }, () => {
        w.i32(1).set(spins).br(1);
      });
    });
  });
  word('abort').memory('i32.atomic.load').if(() => { w.op('unreachable'); });
  return index;
}
