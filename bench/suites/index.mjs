import { embedding } from './embedding.mjs';
import { gemm } from './gemm.mjs';
import { explain } from './explain.mjs';
import { generate } from './generate.mjs';
import { lstm } from './lstm.mjs';
import { mnistCnn } from './mnist-cnn.mjs';
import { mnistMlp } from './mnist-mlp.mjs';
import { recommendServe } from './recommend-serve.mjs';
import { resnet } from './resnet.mjs';
import { startup } from './startup.mjs';
import { step } from './step.mjs';
import { tiny } from './tiny.mjs';
import { transformer } from './transformer.mjs';

/** The suites by name. A suite lists its engines (a program each), its configuration and its ratios. */
export const suites = Object.fromEntries([mnistMlp, mnistCnn, resnet, gemm, tiny, startup, step, transformer, generate, lstm, embedding, explain, recommendServe].map((suite) => [suite.name, suite]));
