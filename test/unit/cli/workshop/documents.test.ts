// The workshop's commands, read out of its documents: each is one that there is, with options that it has.
import { parseArguments } from '../../../../cli/arguments';
import { awsClients } from '../../../../cli/clients';
import { allCommands } from '../../../../cli/commands';
import { MODULES, readDocument, stepsOf, withOutputs } from '../../../../scripts/workshop/document';

process.env.AWS_REGION ??= 'us-east-1';
const steps = MODULES.flatMap((name) => stepsOf(readDocument(name, 'en')));

test.each(steps.map(({ words }) => [words.join(' '), words] as const))('%s', (_, words) => {
  const command = allCommands(awsClients()).find(({ name }) =>
    name.includes(' ') ? name === `${words[0]} ${words[1]}` : name === words[0],
  );
  if (!command) throw new Error(`no command ${words[0]}`);
  parseArguments(command, words.slice(command.name.split(' ').length));
});

test('each module has commands, and no command of a document is overlooked', () => {
  for (const name of MODULES) {
    const document = readDocument(name, 'en');
    const lines = document.split('\n').filter((line) => line.startsWith('npm run gallery -- '));
    expect({ name, commands: stepsOf(document).length }).toEqual({ name, commands: lines.length });
    expect(lines.length).toBeGreaterThan(0);
  }
});

test('an output is written under its command, and the rest of the document stays', () => {
  const before = 'a\n\n```sh\nnpm run gallery -- look u \\\n  --limit 3\n```\n\n```text\nold\n```\n\nb\n';
  expect(stepsOf(before)).toEqual([{ words: ['look', 'u', '--limit', '3'], shown: 'old' }]);
  expect(withOutputs(before, ['new\nlines'])).toBe(before.replace('old', 'new\nlines'));
});
