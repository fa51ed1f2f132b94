/** The samples of every primitive: calls from which tests of backends and of gradients are generated. */
import type { Sample } from '../../ir/primitive.ts';
import { OP_NAMES } from '../../ir/table/index.ts';
import type { OpName } from '../../ir/types.ts';
import { binarySamples } from './binary.ts';
import { contractionSamples } from './contraction.ts';
import { controlSamples } from './control.ts';
import { indexingSamples } from './indexing.ts';
import { movementSamples } from './movement.ts';
import { reduceSamples } from './reduce.ts';
import { sourceSamples } from './source.ts';
import { unarySamples } from './unary.ts';

type SampleTable = { readonly [K in OpName]: () => readonly Sample<K>[] };

const SAMPLES: SampleTable = {
  ...sourceSamples, ...unarySamples, ...binarySamples, ...movementSamples, ...reduceSamples, ...contractionSamples, ...indexingSamples, ...controlSamples,
} satisfies SampleTable;

export const samplesOf = <K extends OpName>(op: K): readonly Sample<K>[] => SAMPLES[op]();

/** Every sample of every primitive. */
export const allSamples = (): { readonly op: OpName; readonly sample: Sample }[] => OP_NAMES.flatMap((op) => samplesOf(op).map((sample) => ({ op, sample })));
