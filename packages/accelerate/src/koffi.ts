/** What is used of koffi, typed without `any`; loaded when it is first needed. */
import { createRequire } from 'node:module';
import { DeviceError } from '@limelight/core';

export interface NativeLibrary {
  /** A C function by its declaration, or by name, type of the result and types of the arguments. */
  func(declaration: string): (...args: readonly unknown[]) => unknown;
  func(name: string, result: unknown, args: readonly unknown[]): (...args: readonly unknown[]) => unknown;
  symbol(name: string): unknown;
}
export interface Koffi {
  load(path: string | null): NativeLibrary;
  struct(members: Readonly<Record<string, string>>): unknown;
  pointer(type: unknown): unknown;
  decode(value: unknown, type: unknown): unknown;
}

const require = createRequire(import.meta.url);

/** koffi and the path of its module. Throws DeviceError where it is not installed or has no binary for this system. */
export function loadKoffi(): { readonly koffi: Koffi; readonly path: string } {
  try {
    const path = require.resolve('koffi');
    return { koffi: require(path) as Koffi, path };
  } catch (error) {
    throw new DeviceError(`koffi, through which native libraries are called, could not be loaded: ${text(error)}. Install it again (npm install koffi), or go without @limelight/accelerate.`, { cause: error });
  }
}

export const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
