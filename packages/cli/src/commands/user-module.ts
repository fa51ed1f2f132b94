/** Imports a module that a user names on the command line. */
import { UsageError } from '../errors.ts';

export async function importUserModule(url: string): Promise<Record<string, unknown>> {
  try {
    return (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    throw new UsageError(`${url} is TypeScript, which Node ${process.versions.node} does not read; give the compiled .js module, use Node 22.18 or later, or start with NODE_OPTIONS='--import tsx'`);
  }
}
