/**
 * The command line: what commands there are, and how they end. Results go to standard output, everything else to standard error.
 * Exit codes: 0 done, 1 failed, 2 used wrongly, 130 stopped with Ctrl-C.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { recommendCommands } from './commands/recommend/register.ts';
import { EXIT, explain, UsageError, type ExitCode } from './errors.ts';
import { version } from './version.ts';

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(`must be a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}.`);
  }
  return value;
};

const share = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1)) throw new InvalidArgumentError('must be a number from 0 to below 1.');
  return value;
};

/** Names with commas between them. */
const names = (text: string): string[] => {
  const list = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  if (list.length === 0) throw new InvalidArgumentError('name at least one.');
  return list;
};

const imageSize = (text: string): readonly [number, number] => {
  const [, height, width] = /^(\d{1,4})[x×](\d{1,4})$/.exec(text) ?? [], size = [Number(height), Number(width)] as const;
  if (!size.every((n) => n >= 1)) throw new InvalidArgumentError('must be height x width in pixels, for example 64x64.');
  return size;
};

const above0 = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0.');
  return value;
};

const threads = () => new Option('--threads <n>', 'threads of the engine (default: one per core, at most 8)').argParser(whole(1, 64));

/** The program with all its commands; each command's code is loaded when it is used. */
export function program(): Command {
  const limelight = new Command('limelight').description('Trains, evaluates and uses neural networks.').version(version()).showHelpAfterError('(see limelight --help)');

  limelight.command('train').description('train a model on a dataset and save it')
    .addArgument(limelight.createArgument('<dataset>', 'what to learn').choices(['mnist']))
    .option('--epochs <n>', 'passes over the training data', whole(1), 5)
    .option('--batch-size <n>', 'samples per step', whole(1), 128)
    .option('--seed <n>', 'the same seed gives the same model, bit for bit', whole(0, 0xffffffff), 0)
    .option('--samples <n>', 'learn from the first n training images only', whole(1))
    .option('--validation-split <share>', 'share of the training images, from their end, set aside to validate each epoch', share, 0)
    .option('--out <file>', 'where the model goes', 'out/mnist.safetensors')
    .option('--resume', 'go on from the checkpoint of a stopped run (beside --out)', false)
    .addOption(threads())
    .action(async (_dataset: string, options: Parameters<typeof import('./commands/train.ts').train>[0]) => { await (await import('./commands/train.ts')).train(options); });

  limelight.command('evaluate').description('loss and metrics of a saved model on test data')
    .argument('<model>', 'a saved model (.safetensors)')
    .addOption(new Option('--data <dataset>', 'test data').choices(['mnist']).default('mnist'))
    .option('--batch-size <n>', 'samples per step', whole(1), 256)
    .addOption(threads())
    .action(async (model: string, options: Parameters<typeof import('./commands/evaluate.ts').evaluate>[1]) => { await (await import('./commands/evaluate.ts')).evaluate(model, options); });

  limelight.command('predict').description('what a saved model says about an image')
    .argument('<model>', 'a saved model (.safetensors)')
    .argument('<image>', 'PNG, JPEG, WebP, GIF, TIFF, AVIF or SVG')
    .option('--top <n>', 'how many classes are shown', whole(1), 3)
    .action(async (model: string, image: string, options: Parameters<typeof import('./commands/predict.ts').predict>[2]) => { await (await import('./commands/predict.ts')).predict(model, image, options); });

  limelight.command('explain').description('why a saved model says what it says about an input, or what it leans on over labelled data; writes PNG, SVG and HTML')
    .argument('<model>', 'a saved model (.safetensors)')
    .argument('[input]', 'an image, a row (--row) of a .csv, .tsv, .ndjson, .parquet or .json file, or mnist:N; left out: the model as a whole, over --data')
    .option('--method <names>', 'of an input: integratedGradients, gradCam, kernelShap, occlusion, counterfactual, nearestExamples, …; of the model: permutationImportance, partialDependence, calibration, temperatureScaling; several with commas (default: what suits)')
    .option('--data <source>', 'labelled data: a table, a folder of images with a subfolder for each class, or mnist')
    .option('--label <column>', 'of a table: the column that is predicted')
    .option('--columns <names>', 'of a table: the columns that the model reads, in its order, with commas between (default: all others)', names)
    .option('--rows <n>', 'of the data, the first n (default: 2000; permutation importance of images: 300)', whole(2))
    .option('--feature <names>', 'of partialDependence: a column, or two with a comma', names)
    .option('--target <n>', 'the class that is explained (default: the likeliest; counterfactual: the second)', whole(0))
    .option('--steps <n>', 'points on the way of integrated gradients', whole(1))
    .option('--samples <n>', 'neighbours or coalitions that are tried', whole(1))
    .option('--layer <name>', 'the layer that Grad-CAM looks at (default: the last convolution), or nearestExamples (the one before the last)')
    .option('--row <n>', 'which row of a table', whole(0), 0)
    .option('--background <file>', 'rows of training data (a table of numbers, .json), for tables; default: some of --data')
    .option('--out <path>', 'where the files go, without an ending', 'out/explanation')
    .option('--json', 'print everything as JSON', false)
    .addOption(threads())
    .action(async (model: string, input: string | undefined, options: Parameters<typeof import('./commands/explain.ts').explain>[2]) => { await (await import('./commands/explain.ts')).explain(model, input, options); });

  limelight.command('tune').description('search for good settings, in parallel; can be stopped and resumed')
    .argument('<what>', 'mnist, or a module that exports a study (createStudy of @limelight/tune)')
    .option('--trials <n>', 'how many trials (default: 20)', whole(1))
    .option('--timeout <s>', 'begin no trial after so many seconds', above0)
    .addOption(new Option('--sampler <name>', 'what chooses the settings (default: that of the study, else random)').choices(['random', 'tpe', 'grid']))
    .addOption(new Option('--scheduler <name>', 'what stops bad trials early (default: that of the study, else none)').choices(['none', 'hyperband', 'asha']))
    .option('--workers <n>', 'trials at a time (default: one per core, at most 8)', whole(1, 64))
    .option('--samples <n>', 'mnist: training images, a fifth of them to validate', whole(1), 10_000)
    .option('--epochs <n>', 'mnist: passes over them; with a scheduler: of a trial that goes to the end', whole(1), 5)
    .option('--seed <n>', 'the same seed tries the same settings', whole(0, 0xffffffff))
    .option('--journal <file>', "keep the study in this file (Optuna's journal format)")
    .option('--resume', 'go on with the study of the journal', false)
    .option('--json', 'print everything as JSON', false)
    .action(async (what: string, options: Parameters<typeof import('./commands/tune.ts').tune>[1]) => { await (await import('./commands/tune.ts')).tune(what, options); });

  limelight.command('lr-find').description('find a good learning rate by a range test')
    .argument('<what>', 'mnist, or a module that exports build and data')
    .option('--min <rate>', 'lowest learning rate', above0, 1e-6)
    .option('--max <rate>', 'highest learning rate', above0, 10)
    .option('--steps <n>', 'steps from the lowest to the highest', whole(10), 150)
    .option('--batch-size <n>', 'samples per step', whole(1), 128)
    .option('--seed <n>', 'of the initial weights', whole(0, 0xffffffff), 0)
    .option('--svg <file>', 'draw the curve into this file')
    .option('--json', 'print everything as JSON', false)
    .addOption(threads())
    .action(async (what: string, options: Parameters<typeof import('./commands/lr-find.ts').lrFind>[1]) => { await (await import('./commands/lr-find.ts')).lrFind(what, options); });

  limelight.command('info').description('layers, sizes and training state of a saved model; or the engines of this machine')
    .argument('[model]', 'a saved model (.safetensors)')
    .option('--engines', 'what can make matrix products here, and how fast')
    .action(async (model: string | undefined, options: { readonly engines?: boolean }) => {
      if (options.engines === true) await (await import('./commands/engines.ts')).engines();
      if (model !== undefined) (await import('./commands/info.ts')).info(model);
      else if (options.engines !== true) throw new UsageError('info needs a model, or --engines');
    });

  limelight.command('audit').description('what is wrong with data: gaps, repeats, leakage, wrong labels, drift')
    .argument('<data>', 'a table (.csv, .tsv, .ndjson, .parquet, also .gz), a folder of images or of text files with a subfolder for each class, or mnist')
    .option('--label <column>', 'of a table: the column that is to be predicted')
    .option('--test <path>', 'test data of the same kind: looked at for leakage and drift')
    .option('--image-size <height>x<width>', 'of a folder of images: the size in which they are compared (default: that of most of them, at most 128)', imageSize)
    .option('--html <file>', 'also write a page')
    .option('--json', 'the whole report as JSON', false)
    .option('--missing <words...>', 'words that mean "no value", besides NA, null and the like')
    .option('--samples <n>', 'the first n samples only; of a folder: n files, evenly spread', whole(1))
    .option('--folds <n>', 'folds of the label check (default: 5, above 20,000 samples 3)', whole(2, 50))
    .option('--seed <n>', 'the same seed gives the same report', whole(0, 0xffffffff), 0)
    .addOption(threads())
    .action(async (data: string, options: Parameters<typeof import('./commands/audit.ts').audit>[1]) => { await (await import('./commands/audit.ts')).audit(data, options); });

  limelight.command('report').description('one HTML page about a trained model: curves, confusions, mistakes, explanations, an audit of its data, its tuning')
    .argument('<run>', 'the model file of limelight train, or its folder')
    .option('--data <source>', 'test data: mnist, a table (.csv, .tsv, .ndjson, .parquet), or a folder of images with a subfolder for each class', 'mnist')
    .option('--label <column>', 'of a table: the column that is predicted')
    .option('--columns <names>', 'of a table: the columns that the model reads, in its order, with commas between (default: all others)', names)
    .option('--journal <file>', 'the study of limelight tune (default: the journal beside the model, if there is one)')
    .option('--audit-samples <n>', 'how many samples are audited at most; 0: none', whole(0), 3000)
    .option('--mistakes <n>', 'how many mistakes are shown', whole(0), 12)
    .option('--out <file>', 'where the page goes (default: beside the model, .report.html)')
    .addOption(threads())
    .action(async (run: string, options: Parameters<typeof import('./commands/report.ts').report>[1]) => { await (await import('./commands/report.ts')).report(run, options); });

  const data = limelight.command('data').description('data sets that may be fetched, with their terms');
  data.command('list').description('which there are, and which are here').option('--json', 'print as JSON', false)
    .action(async (options: { readonly json: boolean }) => { (await import('./commands/data.ts')).listData(options); });
  data.command('get').description('fetch a data set into the cache (LIMELIGHT_CACHE, else .cache/limelight in the home folder), once its terms are accepted')
    .argument('<name>', 'see limelight data list')
    .option('--accept-terms', 'you have read its terms and keep to them; without, they are shown', false)
    .option('--file <zip>', 'the archive, fetched by hand, for machines without internet')
    .option('--url <address>', 'another place of the archive')
    .option('--md5 <sum>', 'checksum of an archive from elsewhere (default: the published one)')
    .option('--json', 'print where the files are as JSON', false)
    .action(async (name: string, options: Parameters<typeof import('./commands/data.ts').getData>[1]) => { await (await import('./commands/data.ts')).getData(name, options); });

  recommendCommands(limelight, { whole, names, threads });

  for (const command of [limelight, ...limelight.commands.flatMap((one) => [one, ...one.commands])]) command.exitOverride();
  return limelight;
}

/** Runs the command line `argv` (as in process.argv) and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const code = await run(argv);
  process.exitCode = code;
  return code;
}

async function run(argv: readonly string[]): Promise<ExitCode> {
  try {
    await program().parseAsync([...argv]);
    return EXIT.ok;
  } catch (error) {
    // Commander has printed its own message (and the help that was asked for).
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { text, code } = explain(error);
    console.error(`limelight: ${text}`);
    if (error instanceof UsageError) console.error('(see limelight --help)');
    return code;
  }
}
