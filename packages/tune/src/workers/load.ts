/**
 * Imports the module of an objective. JavaScript, and TypeScript where Node reads it (22.18 and later) or a loader is there (tsx), are imported as they are; else esbuild, where it
 * is installed, makes one JavaScript file of the program's own files. Packages stay imports.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathToFileURL } from 'node:url';
import { threadId } from 'node:worker_threads';

const UNREADABLE = ['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_INVALID_TYPESCRIPT_SYNTAX', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'];

export async function importModule(url: string): Promise<Record<string, unknown>> {
  if (!url.startsWith('file:') || !/\.[cm]?tsx?$/.test(url)) return (await import(url)) as Record<string, unknown>;
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    if (!UNREADABLE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return (await import(await bundle(url))) as Record<string, unknown>;
}

async function bundle(url: string): Promise<string> {
  const from = fileURLToPath(url);
  const esbuild = await import('esbuild').catch(() => {
    throw new Error(`${from} is TypeScript, which Node ${process.versions.node} does not read. Give the study the compiled .js module, run Node 22.18 or later, start with --import tsx, or install esbuild.`);
  });
  const outfile = join(cacheFolder(dirname(from)), `tune-${process.pid}-${threadId}-${Date.now()}.mjs`);
  await esbuild.build({
    entryPoints: [from], outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', sourcemap: 'inline', logLevel: 'silent',
    define: { 'import.meta.url': JSON.stringify(url) },
  });
  // Read at once by the import; the file itself is not needed afterwards.
  setTimeout(() => { rmSync(outfile, { force: true }); }, 10_000).unref();
  process.once('exit', () => { rmSync(outfile, { force: true }); });
  return pathToFileURL(outfile).href;
}
/** Below the nearest node_modules, so that the packages of the program are found from there. */
function cacheFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) {
      const cache = join(modules, '.cache/limelight');
      mkdirSync(cache, { recursive: true });
      return cache;
    }
    if (folder === dirname(folder)) return tmpdir();
  }
}
