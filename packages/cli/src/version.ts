/** The version of this package, from its package.json (one folder above the sources and the build alike). */
import { readFileSync } from 'node:fs';

export const version = (): string => (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
