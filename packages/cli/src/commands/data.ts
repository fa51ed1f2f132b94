/** `limelight data list` and `limelight data get NAME`: data sets that may be fetched but not passed on, with the terms under which they may be used. */
import { downloadNamed, downloads, findDataset, getDataset, type DatasetFiles, type DownloadableDataset } from '@limelight/data';
import pc from 'picocolors';
import { Interrupted, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { tell } from './shared.ts';

export interface GetDataOptions { readonly acceptTerms: boolean; readonly file?: string; readonly url?: string; readonly md5?: string; readonly json: boolean }

const million = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export function listData({ json }: { readonly json: boolean }): void {
  const list = downloads.map((one) => ({ name: one.name, title: one.title, what: one.what, terms: one.termsInShort, url: one.url, bytes: one.bytes, folder: findDataset(one.name)?.folder ?? null }));
  if (json) { console.log(JSON.stringify(list, null, 2)); return; }
  for (const { name, title, what, terms, bytes, folder } of list) console.log(`${pc.bold(name)}  ${title}: ${what} (${million(bytes)}; ${terms})\n  ${folder === null ? pc.dim(`limelight data get ${name}`) : `here: ${folder}`}`);
}

export async function getData(name: string, { acceptTerms, json, file, url, md5 }: GetDataOptions): Promise<void> {
  const dataset = downloadNamed(name), there = findDataset(name);
  if (there !== undefined) {
    tell(`${dataset.title} is here already.`);
    show(dataset, there, json);
    return;
  }
  if (!acceptTerms) {
    console.log(`${pc.bold(dataset.title)}: ${dataset.what}\n\n${dataset.terms}\n`);
    throw new UsageError(`${dataset.title} comes under the terms above. If you keep to them: limelight data get ${name} --accept-terms`);
  }
  if (file === undefined) tell(`Fetching ${url ?? dataset.url}`);
  tell(`Terms accepted: ${dataset.termsInShort}.`);
  const interrupt = onInterrupt(tell);
  let drawn = 0;
  const draw = (done: number, of: number | null): void => {
    // Ten times a second, and only where somebody looks.
    if (!process.stderr.isTTY || performance.now() - drawn < 100) return;
    drawn = performance.now();
    process.stderr.write(`\r${million(done)}${of === null ? '' : ` of ${million(of)}`} `);
  };
  try {
    const got = await getDataset(name, { acceptTerms, signal: interrupt.signal, onProgress: draw, ...(file === undefined ? {} : { file }), ...(url === undefined ? {} : { url }), ...(md5 === undefined ? {} : { md5 }) });
    show(dataset, got, json);
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted('stopped; nothing was kept.');
    throw error;
  } finally {
    if (drawn > 0) process.stderr.write('\r\u001B[K');
    interrupt.release();
  }
}

function show(dataset: DownloadableDataset, { folder, log, catalogue, terms }: DatasetFiles, json: boolean): void {
  if (json) { console.log(JSON.stringify({ name: dataset.name, folder, log, catalogue, terms }, null, 2)); return; }
  console.log(`log        ${log}\ncatalogue  ${catalogue}\nterms      ${terms} (${dataset.termsInShort})`);
  console.log(pc.dim(`limelight recommend train ${dataset.name}`));
}
