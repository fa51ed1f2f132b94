/** Libraries that are large or native are installed by who needs them. */
import { DataError } from '@limelight/core';

/** @throws DataError that says what to install */
export async function optional<T>(load: () => Promise<T>, name: string, what: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') throw new DataError(`${what} needs the package ${name}. Run \`npm install ${name}\`.`);
    throw error;
  }
}
