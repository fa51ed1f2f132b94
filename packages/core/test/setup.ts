/** Runs before every test file: each graph that is compiled is verified. */
import { verifyGraph } from '../src/ir/verify.ts';
import { setVerifier } from '../src/runtime/compile.ts';

setVerifier(verifyGraph);
