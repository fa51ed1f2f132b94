/**
 * What every thread runs to reach the library, as text: a worker thread of the engine has no modules of ours, only `require` and `data`. The calling thread
 * runs the same text, so there is one way in.
 *
 * It passes addresses as plain numbers (they fit 47 bits): a call takes about a third of a microsecond and makes no garbage. A memory that
 * threads share grows in place; one that they do not may move, so its buffer is compared before each call.
 */
export interface ThreadData {
  /** path of the module koffi */
  readonly koffi: string;
  /** path of the library */
  readonly path: string;
  readonly kind: 'onednn' | 'openblas';
}

export const THREAD_SOURCE = `'use strict';
const koffi = require(data.koffi), library = koffi.load(data.path);
// Several pools of threads that spin would starve each other: on each of ours the library uses that one alone.
const calm = (definition) => { try { library.func(definition)(1); } catch { /* it has no such pool */ } };
calm('void omp_set_num_threads(int)');
if (data.kind === 'openblas') calm('void openblas_set_num_threads(int)');
const product = library.func(data.kind === 'onednn'
  ? 'int dnnl_sgemm(char ta, char tb, int64_t m, int64_t n, int64_t k, float alpha, uintptr_t a, int64_t lda, uintptr_t b, int64_t ldb, float beta, uintptr_t c, int64_t ldc)'
  : 'void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, uintptr_t a, int lda, uintptr_t b, int ldb, float beta, uintptr_t c, int ldc)');
return (memory) => {
  let buffer, base = 0;
  const find = () => { buffer = memory.buffer; base = Number(koffi.address(new Uint8Array(buffer))); };
  // A line is as long as the matrix is wide at least, also where there is one line and its stride means nothing.
  const line = (bytes, least) => (bytes >> 2 > least ? bytes >> 2 : least);
  if (data.kind === 'onednn') {
    return (a, aRow, aStep, b, bStep, bColumn, c, cRow, rows, columns, k, resume) => {
      if (memory.buffer !== buffer) find();
      const aTurned = aStep !== 4, bTurned = bColumn !== 4;
      const status = product(aTurned ? 84 : 78, bTurned ? 84 : 78, rows, columns, k, 1, base + a, aTurned ? line(aStep, rows) : line(aRow, k),
        base + b, bTurned ? line(bColumn, k) : line(bStep, columns), resume, base + c, line(cRow, columns));
      if (status !== 0) throw new Error('dnnl_sgemm refused ' + rows + ' x ' + columns + ' x ' + k + ' with status ' + status);
    };
  }
  return (a, aRow, aStep, b, bStep, bColumn, c, cRow, rows, columns, k, resume) => {
    if (memory.buffer !== buffer) find();
    const aTurned = aStep !== 4, bTurned = bColumn !== 4;
    product(101, aTurned ? 112 : 111, bTurned ? 112 : 111, rows, columns, k, 1, base + a, aTurned ? line(aStep, rows) : line(aRow, k),
      base + b, bTurned ? line(bColumn, k) : line(bStep, columns), resume, base + c, line(cRow, columns));
  };
};
`;
