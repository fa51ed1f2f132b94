import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeviceError, FormatError } from '../base/errors.ts';
import { readFileBytes, writeFileAtomic } from './files.ts';

afterEach(() => { vi.unstubAllGlobals(); });
const folder = mkdtempSync(join(tmpdir(), 'limelight-files-'));

describe('files', () => {
  it('replaces a file whole, makes folders, leaves nothing beside', async () => {
    const path = join(folder, 'a/b/file');
    await writeFileAtomic(path, 'one', 'test');
    await writeFileAtomic(path, new Uint8Array([65, 66]), 'test');
    expect(readFileSync(path, 'utf8')).toBe('AB');
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['file']);
    expect([...await readFileBytes(path, 'test')]).toEqual([65, 66]);
  });
  it('cleans up and keeps the old file when it cannot write', async () => {
    const path = join(folder, 'kept');
    writeFileSync(path, 'old');
    await expect(writeFileAtomic(join(path, 'below'), 'new', 'test')).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('old');
    await expect(readFileBytes(join(folder, 'missing'), 'loadModel')).rejects.toThrow(FormatError);
  });
  it('says what to do where there is no file system', async () => {
    vi.stubGlobal('process', undefined);
    await expect(writeFileAtomic('x', 'y', 'model.save')).rejects.toThrow(DeviceError);
    await expect(writeFileAtomic('x', 'y', 'model.save')).rejects.toThrow(/model\.save needs a file system.*toBytes/);
  });
});
