/** What all explanations share: what is explained, and what comes back. */
import type { Model, Tensor } from '@limelight/core';
import type { Faithfulness, FaithfulnessOptions } from './faithfulness.ts';

/** What an input is like; it says what is hidden together and how an explanation is drawn. */
export type Kind = 'image' | 'sequence' | 'table' | 'text';

/** One number per sample, [batch], from all outputs of a model. */
export type ScoreFunction = (outputs: readonly Tensor[]) => Tensor;
/** 'output': the output of the class that is explained; 'logit': what its softmax or sigmoid was made from; or a function. */
export type Score = 'output' | 'logit' | ScoreFunction;

/** A port of a model. */
export type Port = NonNullable<Model['inputPorts']>[number];

/** How long work tells of itself and is stopped. */
export interface RunOptions {
  /** Stops the work: AbortedError. */
  readonly signal?: AbortSignal;
  /** Called with the part that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** Options of every explanation of one sample. */
export interface SubjectOptions extends RunOptions {
  /** The class (index of the output) that is explained. Default: the likeliest. */
  readonly target?: number;
  /** What is explained. Default 'output'; Grad-CAM: 'logit'. */
  readonly score?: Score;
  /** Name of the input that is explained, where the model has several; the others stay as given. */
  readonly input?: string;
  /** Default: seen from the model. */
  readonly kind?: Kind;
  /** Turns a text into ids; needed where the sample is a string. */
  readonly tokenizer?: Tokenizer;
  /** The id that fills short texts up, and stands for a missing token. Default 0. */
  readonly padId?: number;
  /** Names of features (columns of a table, channels of a sequence). */
  readonly featureNames?: readonly string[];
  /** Names of classes. */
  readonly classNames?: readonly string[];
}
/** Ids of a text, with the pieces of text they stand for where the tokenizer knows them. */
export type Tokenizer = (text: string) => readonly number[] | { readonly ids: readonly number[]; readonly tokens: readonly string[] };

/** Options of methods that say how much each part of an input counts. */
export interface AttributionOptions extends SubjectOptions {
  /** What stands for "nothing": a number for all elements, or a sample. Default 0; ids: `padId`. */
  readonly baseline?: Baseline;
  /** Default: on, with its own defaults; false leaves it out. */
  readonly faithfulness?: boolean | FaithfulnessOptions;
}
export type Baseline = number | Float32Array | Tensor | readonly unknown[];

/** What was explained. */
export interface Explained {
  readonly model: string;
  readonly kind: Kind;
  /** The sample, in the shape of the model's input (without the batch). */
  readonly input: Tensor;
  /** Pieces of text, where the input is one. */
  readonly tokens: readonly string[] | null;
  readonly featureNames: readonly string[] | null;
  readonly classNames: readonly string[] | null;
  /** Index of the class; null where a function gave the score. */
  readonly target: number | null;
  /** The number that is explained. */
  readonly score: number;
  /** All outputs for the sample, one per class; null where a function gave the score. */
  readonly outputs: Float32Array | null;
}

/** How much each part of an input counts for the score. */
export interface Attribution extends Explained {
  readonly method: string;
  /** In the shape of the input (text: one number per token). Positive: speaks for the score. */
  readonly values: Tensor<'f32'>;
  /** Whether the sign says for or against; false: only sizes count. */
  readonly signed: boolean;
  /** Score of the baseline, where the method has one. */
  readonly baselineScore: number | null;
  /** What the attributions should add up to, and do; for methods that promise it. */
  readonly completeness: Completeness | null;
  readonly faithfulness: Faithfulness | null;
  /** Further numbers of the method. */
  readonly details: Readonly<Record<string, number | string>>;
}
/** Sum of attributions against score minus score of the baseline. */
export interface Completeness {
  readonly expected: number;
  readonly sum: number;
  /** |sum - expected| / max(|expected|, 1e-6). */
  readonly relativeError: number;
  /** Relative error within 0.05, or 1e-3 absolutely. */
  readonly holds: boolean;
}
