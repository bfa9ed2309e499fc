// Holds AsyncAPI documents against the specification with its own parser, and prints what is wrong:
// node validate.mjs FILE…

import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const ERROR = 0;

for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(file, 'utf8'));
  const wrong = diagnostics.filter(({ severity }) => severity === ERROR);
  process.stdout.write(`${JSON.stringify({
    version: document?.version() ?? null,
    channels: document?.channels().length ?? 0,
    messages: document?.messages().length ?? 0,
    wrong: wrong.map(({ path, message }) => `${path.join('/')}: ${message}`),
  })}\n`);
}
