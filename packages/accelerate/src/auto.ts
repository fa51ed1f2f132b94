/** `node --import @limelight/accelerate/auto program.js`: the same as calling `accelerate()` first. */
import { accelerate } from './accelerate.ts';

accelerate();
