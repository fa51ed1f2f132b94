/** TypeScript examples of Markdown files: taken out, checked against the types, run, and their printed lines compared with their comments. */
export interface ReadmeExample {
  /** line of the opening fence, from 1 */
  readonly line: number;
  /** words after `ts` on the fence, for example `no-run` */
  readonly flags: readonly string[];
  readonly code: string;
  /** what the program should print: the text after `// →` at the end of lines with console.log, in order */
  readonly prints: readonly string[];
}

/** Every fenced block marked `ts` of a Markdown text. */
export function examplesOf(markdown: string): ReadmeExample[] {
  const examples: ReadmeExample[] = [], lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```ts\b(.*)$/.exec(lines[i] ?? '');
    if (fence === null) continue;
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`the example in line ${i + 1} has no closing fence`);
    const body = lines.slice(i + 1, end);
    examples.push({
      line: i + 1,
      flags: (fence[1] ?? '').trim().split(/\s+/).filter((word) => word !== ''),
      code: `${body.join('\n')}\n`,
      prints: body.flatMap((line) => /console\.log\(.*\/\/ → (.*)$/.exec(line)?.[1]?.trim() ?? []),
    });
    i = end;
  }
  return examples;
}
