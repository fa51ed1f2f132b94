/** The command line from the outside, for tests: exit code and what it prints, without colours (they are on where CI is set). */
import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';
import { main } from '../main.ts';

export async function limelight(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [], err: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => { out.push(words.join(' ')); });
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => { err.push(words.join(' ')); });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err.push(String(text)); return true; });
  const code = await main(['node', 'limelight', ...args]);
  vi.restoreAllMocks();
  return { code, out: stripVTControlCharacters(out.join('\n')), err: stripVTControlCharacters(err.join('\n')) };
}
