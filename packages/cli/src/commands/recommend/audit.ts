/** `limelight recommend audit FILE`: what is wrong with a log, before anything is learnt from it. */
import { auditLog } from '@limelight/recommend';
import pc from 'picocolors';
import { openCatalogue, openLog, say, type LogOptions } from './files.ts';

export async function auditFile(file: string, options: LogOptions & { readonly json: boolean }): Promise<void> {
  const log = await openLog(file, options), catalogue = await openCatalogue(file, options), report = auditLog(log, catalogue === undefined ? {} : { catalogue });
  if (options.json) { console.log(JSON.stringify(report, null, 2)); return; }
  const q = (of: typeof report.eventsPerUser): string => `${say(of.min)} to ${say(of.max)}, median ${say(of.median)}, mean ${of.mean.toFixed(1)}`;
  console.log(`${pc.bold(`${say(report.rows)} events, ${say(report.users)} users, ${say(report.items)} items`)}${report.span === null ? '' : `, ${report.span[0]} to ${report.span[1]}`}`);
  console.log(`events of a user ${q(report.eventsPerUser)}\nevents of an item ${q(report.eventsPerItem)}`);
  const colour = { problem: pc.red, warning: pc.yellow, info: pc.dim } as const;
  for (const { severity, kind, message, fix, examples } of report.findings) {
    console.log(`\n${colour[severity](`${severity}: ${kind}`)}\n  ${message}\n  ${pc.dim(fix)}`);
    if (examples.length > 0) console.log(`  ${pc.dim(`for example ${examples.join(', ')}`)}`);
  }
}
