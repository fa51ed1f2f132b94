/** Arrays as samples: padded sequences, windows over series, one-hot labels. */
export { padSequences, timeseriesDatasetFromArray, toCategorical, type ArrayInput, type PadSequencesOptions, type TimeseriesOptions } from './arrays.ts';
