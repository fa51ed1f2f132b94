const catalogues = [1000, 10_000, 100_000, 1_000_000];
const step = (engine, rows) => [engine, `rows-${rows}`, 'step_us'];

/** One training step of a mean of embeddings against the size of the catalogue: 256 samples of 50 ids, width 64; lazy Adam (PyTorch: SparseAdam; Keras: its Adam, which moves the whole table). */
export const embedding = {
  name: 'embedding',
  about: 'one training step with an embedding of width 64, batch 256 x 50 ids, by rows of the catalogue',
  rounds: 3,
  case: 'embedding',
  config: { catalogues, width: 64, batch: 256, length: 50, steps: 10, epochs: 4 },
  engines: [
    { engine: 'limelight', program: 'limelight/embedding.mjs' },
    { engine: 'limelight-1t', program: 'limelight/embedding.mjs', threads: 1 },
    { engine: 'pytorch', peer: true, program: 'peers/embedding/pytorch.py', python: ['torch'] },
    { engine: 'tensorflow', peer: true, program: 'peers/embedding/tensorflow-keras.py', python: ['tensorflow', 'keras'] },
  ],
  ratios: (rows) => [
    ['step_us limelight 1M/1k rows', step('limelight', 1_000_000), step('limelight', 1000)],
    ['step_us pytorch 1M/1k rows', step('pytorch', 1_000_000), step('pytorch', 1000)],
    ...['pytorch', 'tensorflow'].filter((engine) => rows.some((r) => r.engine === engine))
      .flatMap((engine) => catalogues.map((n) => [`step_us ${n} rows limelight/${engine}`, step('limelight', n), step(engine, n)])),
  ],
};
