/** AdamW (Loshchilov and Hutter 2019). */
import { Adam, type AdamOptions } from './adam.ts';

/** Adam with decoupled weight decay, 0.004 by default. */
export class AdamW extends Adam {
  constructor(options: AdamOptions = {}) { super(options, 'AdamW', { weightDecay: 0.004 }); }
}
