/** The guide: every program runs, and prints what its page says. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { filesBelow, read, ROOT } from '../house/files.ts';

const FOLDER = 'docs/guide/programs';
const programs = filesBelow(FOLDER).filter((path) => path.endsWith('.ts')).map((path) => path.replace(/\.ts$/, ''));

describe('the guide', () => {
  it('has a chapter for each program', () => { expect(programs.length).toBeGreaterThanOrEqual(10); });
  it.each(programs)('%s prints what its page says', (name) => {
    const page = read(`docs/guide/${name}.md`), said = /```text\n([\s\S]*?)\n```/.exec(page)?.[1];
    const printed = execFileSync(process.execPath, ['scripts/run.mjs', `${FOLDER}/${name}.ts`], { cwd: ROOT, encoding: 'utf8' });
    expect(printed.trimEnd()).toBe(said);
    expect(page).toContain(`<<< ./programs/${name}.ts`);
    expect(page).toContain(`./pictures/${name}.svg`);
  });
});
