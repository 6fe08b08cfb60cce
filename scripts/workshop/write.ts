// npm run workshop:write: performs the workshop of the documents, and writes what each command printed under it.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { documentPath, LANGUAGES, MODULES, readDocument, withOutputs } from './document';
import { Workshop } from './perform';

const HELP = `Performs the workshop on an AWS on localhost of its own, by the commands of docs/workshop, and writes what each of
them printed into the documents.

  npm run workshop:write
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(HELP);
    return;
  }
  for (const language of LANGUAGES) {
    const workshop = await Workshop.open();
    try {
      const done = await workshop.perform(language);
      const failed = done.find(({ exitCode }) => exitCode !== 0);
      if (failed) throw new Error(`${failed.words.join(' ')}: ${failed.told}`);
      for (const name of MODULES) {
        const steps = done.filter(({ module, shown }) => module === name && shown !== undefined);
        const document = readDocument(name, language);
        const outputs = steps.map(({ out }) => out);
        writeFileSync(documentPath(name, language), withOutputs(document, outputs));
      }
    } finally {
      await workshop.close();
    }
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
