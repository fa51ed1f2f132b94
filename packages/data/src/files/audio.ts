/** Sound from files: decoded by audio-decode, mixed to one channel and resampled. `audioDatasetFromDirectory` has Keras's options, and reads more than WAV. */
import { readFile } from 'node:fs/promises';
import { DataError, FormatError, type Dataset, type ShapedArray, type Tensor } from '@limelight/core';
import { batchOf, chosenFiles, datasetOfFiles, labelledFiles, type FolderOptions, type Label } from './folder.ts';
import { optional } from './optional.ts';

export const AUDIO_ENDINGS: readonly string[] = ['.wav', '.mp3', '.flac', '.ogg', '.oga', '.opus', '.m4a', '.aac', '.aif', '.aiff', '.webm'];

export interface AudioOptions {
  /** samples per second; default: the file's own */
  readonly sampleRate?: number;
  /** true (default): the mean of all channels */
  readonly mono?: boolean;
  /** samples per channel: longer is cut, shorter filled with silence; default: as long as it is (batches need equal lengths) */
  readonly outputSequenceLength?: number;
}
export interface Sound extends ShapedArray { /** samples per second */ readonly sampleRate: number }

/**
 * One file as f32 [samples, channels], values from -1 to 1.
 * @throws DataError where audio-decode is not installed; FormatError that names a file which cannot be decoded
 */
export async function readAudio(path: string, options: AudioOptions = {}): Promise<Sound> {
  const bytes = await readFile(path).catch(() => { throw new DataError(`There is no file '${path}'.`); });
  const { default: decode } = await optional(() => import('audio-decode'), 'audio-decode', 'Reading audio files');
  let given: { readonly channelData: readonly Float32Array[]; readonly sampleRate: number };
  try {
    given = await decode(new Uint8Array(bytes)) as typeof given;
  } catch (error) {
    throw new FormatError(`'${path}' cannot be read as audio: ${(error as Error).message}. It is cut short or of another kind.`, { cause: error });
  }
  if (given.channelData.length === 0 || given.channelData[0]?.length === 0) throw new FormatError(`'${path}' cannot be read as audio: it holds no samples. It is cut short or of another kind.`);
  const rate = options.sampleRate ?? given.sampleRate, mixed = options.mono === false ? given.channelData : [mono(given.channelData)], channels = mixed.map((channel) => resample(channel, given.sampleRate, rate));
  const samples = options.outputSequenceLength ?? channels[0]?.length ?? 0, data = new Float32Array(samples * channels.length);
  channels.forEach((channel, c) => { for (let i = 0; i < Math.min(samples, channel.length); i++) data[i * channels.length + c] = channel[i] ?? 0; });
  return { data, shape: [samples, channels.length], dtype: 'f32', sampleRate: rate };
}

function mono(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  return channels.length === 1 ? first : first.map((_, i) => channels.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / channels.length);
}

/** Zero crossings of the sinc on each side. */
const CROSSINGS = 16;
/**
 * Band-limited resampling: a sinc under a Hann window, cut off at the lower of the two Nyquist frequencies (J. O. Smith, Digital Audio Resampling).
 * @param channel samples at `from` per second
 */
export function resample(channel: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return channel;
  const out = new Float32Array(Math.max(1, Math.round((channel.length * to) / from))), cutoff = Math.min(1, to / from), reach = CROSSINGS / cutoff;
  for (let i = 0; i < out.length; i++) {
    const centre = (i * from) / to;
    let sum = 0;
    for (let j = Math.max(0, Math.ceil(centre - reach)); j <= Math.min(channel.length - 1, centre + reach); j++) {
      const x = (j - centre) * cutoff, w = (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * (0.5 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS));
      sum += w * (channel[j] ?? 0);
    }
    // Beyond the ends is silence.
    out[i] = sum * cutoff;
  }
  return out;
}

export interface AudioFolderOptions extends FolderOptions, AudioOptions {}
export interface AudioFolder {
  /** batches { x: f32 [batch, samples, channels], y }, or single files where batchSize is null */
  readonly data: Dataset<{ x: ShapedArray | Tensor; y: Label | Tensor }>;
  readonly classNames: readonly string[];
  readonly files: readonly string[];
}

/** Audio files in subfolders, one for each class, with Keras's options and defaults. @throws DataError for folders without classes or sounds */
export function audioDatasetFromDirectory(folder: string, options: AudioFolderOptions = {}): AudioFolder {
  const files = chosenFiles(labelledFiles(folder, AUDIO_ENDINGS, options), options), single = datasetOfFiles(files, options, async (path): Promise<ShapedArray> => readAudio(path, options)), size = batchOf(options);
  const labelled = options.labels === null ? single.map(({ x }) => ({ x })) : single;
  return { data: (size === null ? labelled : labelled.batch(size).prefetch(4)) as AudioFolder['data'], classNames: files.classNames, files: files.paths };
}
