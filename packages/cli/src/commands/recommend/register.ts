/** `limelight recommend …`: the commands of the recommendation kit and their options. Their code is loaded when they are used. */
import { InvalidArgumentError, Option, type Command } from 'commander';

export interface Parsers { readonly whole: (least: number, most?: number) => (text: string) => number; readonly names: (text: string) => string[]; readonly threads: () => Option }

/** name=value, for a model's own settings; a value is JSON or a word. */
function setting(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('must be name=value, for example epochs=20.');
  const word = text.slice(at + 1);
  let value: unknown = word;
  try { value = JSON.parse(word); } catch { /* a word */ }
  return { ...before, [text.slice(0, at)]: value };
}

export function recommendCommands(limelight: Command, { whole, names, threads }: Parsers): void {
  const recommend = limelight.command('recommend').description('recommenders: train, compare, measure, ask, explain and serve them');
  const log = (command: Command): Command => command
    .option('--sequences', 'the file holds lines of ids, one user a line, oldest first (default for .txt)', false)
    .option('--user-column <name>', 'column of the users (default: guessed)')
    .option('--item-column <name>', 'column of the items (default: guessed)')
    .option('--time-column <name>', 'column of the times (default: guessed)')
    .option('--drop', 'leave out rows without a user, an item or a time, instead of stopping', false)
    .option('--catalogue <file>', 'titles and attributes of the items (.item, .dat, .csv, .tsv, .ndjson, .parquet)');
  const split = (command: Command): Command => command
    .addOption(new Option('--split <kind>', 'what is held back to measure on (default: time where the log has times, else leave-last-out)').choices(['time', 'leave-last-out', 'none']))
    .option('--history <file>', 'measure on these instead: lines of ids, one user a line')
    .option('--target <file>', 'what came next: line i belongs to line i of --history')
    .option('--seed <n>', 'the same seed gives the same model', whole(0, 0xffffffff), 0);
  const asked = (command: Command): Command => command
    .option('--user <id>', 'a user of the log')
    .option('--history <ids>', 'what was watched, oldest first, with commas between', names);
  const json = (command: Command): Command => command.option('--json', 'print everything as JSON', false);

  json(split(log(recommend.command('train').description('train a recommender on a log, measure it on what was held back, and save it')
    .argument('<file>', 'who watched what: .csv, .tsv, .ndjson, .parquet, .inter, .dat, or lines of ids (.txt)')
    .option('--model <name>', 'popularity, markov, knn, ease, quick, als, bpr, two-tower, transformer', 'quick')
    .option('--set <name=value>', "a setting of the model, as in the program's options; may be repeated", setting)
    .option('--out <dir>', 'where the model goes', 'out/recommender')
    .option('--refit', 'after measuring, fit again on the whole log (default for models without epochs)')
    .option('--no-refit', 'save the model that was measured')
    .option('--html <file>', 'also write a page, with a look at some users'))))
    .addOption(threads())
    .action(async (file: string, options: Parameters<typeof import('./train.ts').train>[1]) => { await (await import('./train.ts')).train(file, options); });

  json(split(log(recommend.command('compare').description('several models on the same held-back users, with paired intervals')
    .argument('<file>', 'who watched what')
    .option('--models <names>', 'with commas between', names, ['popularity', 'markov', 'knn', 'quick'])
    .option('--metric <name>', 'figure that is compared', 'ndcg@10')
    .option('--html <file>', 'also write a page'))))
    .addOption(threads())
    .action(async (file: string, options: Parameters<typeof import('./compare.ts').compare>[1]) => { await (await import('./compare.ts')).compare(file, options); });

  json(recommend.command('evaluate').description('figures of a saved model on sequences given as lines of ids')
    .argument('<dir>', 'what train wrote')
    .requiredOption('--history <file>', 'lines of ids, one user a line, oldest first')
    .requiredOption('--target <file>', 'what came next: one or more ids on line i for line i of --history')
    .option('--no-filter-seen', 'items of the history may be recommended')
    .option('--html <file>', 'also write a page, with a look at some users'))
    .addOption(threads())
    .action(async (dir: string, options: Parameters<typeof import('./evaluate.ts').evaluateSaved>[1]) => { await (await import('./evaluate.ts')).evaluateSaved(dir, options); });

  json(asked(recommend.command('recommend').description('a list for a user or a history, with reasons')
    .argument('<dir>', 'what train wrote')
    .option('--k <n>', 'length of the list', whole(1), 10)
    .option('--reasons <n>', 'reasons for each item; 0: none', whole(0, 20), 2)
    .option('--allow <ids>', 'only these items, with commas between; @FILE: one a line', names)
    .option('--deny <ids>', 'none of these items; @FILE: one a line', names)
    .option('--rules <json>', 'a file, or JSON: {"age": 12, "maxPerFranchise": 1, "diversity": 0.3, "exploration": 0.2, "now": 1704067200, "seed": 1}, any of them; "now": false: licences do not count')
    .option('--no-filter-seen', 'items of the history may be recommended')))
    .action(async (dir: string, options: Parameters<typeof import('./ask.ts').ask>[1]) => { await (await import('./ask.ts')).ask(dir, options); });

  json(asked(recommend.command('explain').description('how much each event of a history speaks for an item')
    .argument('<dir>', 'what train wrote')
    .argument('<item>', 'id of the item')))
    .action(async (dir: string, item: string, options: Parameters<typeof import('./explain.ts').explainItem>[2]) => { await (await import('./explain.ts')).explainItem(dir, item, options); });

  json(log(recommend.command('audit').description('what is wrong with a log: doubles, machines, ties, leaks of the future, dead items, skew').argument('<file>', 'who watched what')))
    .action(async (file: string, options: Parameters<typeof import('./audit.ts').auditFile>[1]) => { await (await import('./audit.ts')).auditFile(file, options); });

  const seconds = (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= 0 && value <= 86_400)) throw new InvalidArgumentError('must be a number of seconds, at most a day.');
    return value;
  };
  recommend.command('serve').description('answer over HTTP: /recommend, /similar, /explain, /events, /health, /ready, /metrics')
    .argument('<dir>', 'what train wrote')
    .option('--port <n>', '0: any that is free', whole(0, 65_535), 8080)
    .option('--host <address>', 'where it listens; 0.0.0.0 for all, then with a token', '127.0.0.1')
    .option('--token <word>', 'ask every request for it: Authorization: Bearer … (default: $LIMELIGHT_TOKEN, if set)')
    .option('--events <file>', 'the log of events (default: events.ndjson beside the model)')
    .option('--no-events', 'take no events')
    .addOption(new Option('--fsync <policy>', 'when events are synced: always (before they are acknowledged), interval, never').choices(['always', 'interval', 'never']).default('interval'))
    .option('--fsync-interval <ms>', 'for interval: a power cut loses at most so much', whole(1), 1000)
    .option('--update <seconds>', 'how often the model takes the new events in; 0: when the server starts', seconds, 60)
    .option('--body-limit <bytes>', 'longest request', whole(1), 2 ** 20)
    .action(async (dir: string, options: Parameters<typeof import('./serve.ts').serveSaved>[1]) => { await (await import('./serve.ts')).serveSaved(dir, options); });
}
