/** For tests: which libraries this machine has. */
import { LIBRARIES, type LibraryKind } from './libraries.ts';
import { findLibrary } from './load.ts';

export const KINDS = Object.keys(LIBRARIES) as LibraryKind[];
export const found = KINDS.filter((kind) => { try { return findLibrary(kind) !== null; } catch { return false; } });
