/** Environment variables, where there is an environment (Node); undefined in browsers. */

interface HostProcess { readonly env?: Readonly<Record<string, string | undefined>>; readonly on?: (event: string, listener: () => void) => unknown }
const hostProcess = (): HostProcess | undefined => (globalThis as { readonly process?: HostProcess }).process;

/** The variable's value; undefined where it is unset, empty, or there is no environment. */
export function env(name: string): string | undefined {
  const value = hostProcess()?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}

/** Calls `listener` when the process ends, where there is a process. */
export function atExit(listener: () => void): void { hostProcess()?.on?.('exit', listener); }
