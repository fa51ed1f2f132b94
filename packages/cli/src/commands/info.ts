/** `limelight info MODEL`: what is in a model file: layers and sizes, how it was trained and how far, and the versions involved. */
import { readFileSync, statSync } from 'node:fs';
import { FormatError, modelFromBytes, readSafetensors } from '@limelight/core';
import { version } from '../version.ts';

interface Compiled { readonly loss: unknown; readonly metrics: unknown; readonly optimizer: { readonly className: string; readonly config: Readonly<Record<string, unknown>> } }

export function info(path: string): void {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new FormatError(`cannot read '${path}': ${(error as Error).message}`, { cause: error });
  }
  const { metadata, tensors } = readSafetensors(bytes, `'${path}'`);
  const model = modelFromBytes(bytes, `'${path}'`);
  console.log(model.summary({ print: false }));

  const line = (title: string, text: string): void => { console.log(`${title.padEnd(10)} ${text}`); };
  for (const port of model.inputPorts ?? []) line('input', `${port.name}: ${port.dtype} [${['batch', ...port.shape.map((extent) => extent ?? '?')].join(', ')}]`);
  for (const port of model.outputPorts) line('output', `${port.name}: ${port.dtype} [${['batch', ...port.shape.map((extent) => extent ?? '?')].join(', ')}]`);
  const compiled = JSON.parse(metadata['compile'] ?? 'null') as Compiled | null;
  if (compiled === null) {
    line('training', 'not compiled');
  } else {
    const { className, config } = compiled.optimizer;
    const settings = Object.entries(config).filter(([name, value]) => name !== 'name' && value !== null && value !== false);
    const steps = [...tensors].find(([name]) => name.startsWith('optimizer/') && name.endsWith('/iterations'))?.[1].data[0];
    line('optimizer', `${className} (${settings.map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(', ')}), ${steps ?? 0} steps`);
    line('loss', nameOf(compiled.loss));
    line('metrics', nameOf(compiled.metrics));
  }
  line('file', `${path}, ${(statSync(path).size / 1000).toFixed(1)} kB, ${tensors.size} tensors, format ${metadata['format_version'] ?? '?'}`);
  line('versions', `limelight ${version()}, Node ${process.versions.node}`);
}

/** Names of losses or metrics as they were saved: a name, an object with a class, or lists and records of these. */
function nameOf(saved: unknown): string {
  if (saved === null || saved === undefined) return 'none';
  if (typeof saved !== 'object') return String(saved);
  if (Array.isArray(saved)) return saved.length === 0 ? 'none' : saved.map(nameOf).join(', ');
  if ('className' in saved) return String(saved.className);
  return Object.entries(saved).map(([key, value]) => `${key}: ${nameOf(value)}`).join(', ');
}
