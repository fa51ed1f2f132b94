/** What a dataset is made of. The same form is accepted by `model.fit`, `evaluate` and `predict`. */

/** Numbers with their shape, not yet on any device; the first axis counts the samples. */
export interface HostTensor {
  readonly dtype: 'u8';
  readonly shape: readonly number[];
  /** row-major elements */
  readonly data: Uint8Array;
}

/** Samples and what is to be learnt about them; both have the same first axis. */
export interface Split { readonly x: HostTensor; readonly y: HostTensor }

/** The two parts of a dataset. A part is read when it is first touched, and kept. */
export interface TrainAndTest { readonly train: Split; readonly test: Split }
