/** Names of checkpoint files; loaded with the first checkpoint. */
import { ValueError } from '../../base/errors.ts';
import type { Logs } from './callback.ts';
import { monitored } from './monitor.ts';

/** Fills `{name}`, `{name:02d}` and `{name:.3f}`. */
export function fillTemplate(template: string, values: Logs): string {
  return template.replaceAll(/\{(\w+)(?::([^}]*))?\}/g, (_, name: string, format: string | undefined) => {
    const value = monitored(values, name);
    const match = /^(0?)(\d*)(?:\.(\d+))?([dfe]?)$/.exec(format ?? '');
    if (match === null) throw new ValueError(`Format '${format}' of '{${name}}' is not supported; use for example {epoch:02d} or {val_loss:.3f}.`);
    const [, zero, width, digits, kind] = match;
    const text = kind === 'd' ? String(Math.round(value)) : kind === 'e' ? value.toExponential(Number(digits ?? 6)) : digits !== undefined || kind === 'f' ? value.toFixed(Number(digits ?? 6)) : String(value);
    return text.padStart(Number(width ?? 0), zero === '0' ? '0' : ' ');
  });
}
