// The workshop's commands, read out of its document: each is one that there is, with options that it has.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArguments } from '../../../../cli/arguments';
import { awsClients } from '../../../../cli/clients';
import { allCommands } from '../../../../cli/commands';

process.env.AWS_REGION ??= 'us-east-1';
const document = readFileSync(join(__dirname, '../../../../docs/workshop/README.md'), 'utf8');
const lines = document.split('\n').filter((line) => line.startsWith('npm run gallery -- '));

test('the document has commands', () => expect(lines.length).toBeGreaterThan(8));

test.each(lines)('%s', (line) => {
  const words = line.replace('npm run gallery -- ', '').split(' ');
  const command = allCommands(awsClients()).find(({ name }) =>
    name.includes(' ') ? name === `${words[0]} ${words[1]}` : name === words[0],
  );
  if (!command) throw new Error(`no command ${words[0]}`);
  parseArguments(command, words.slice(command.name.split(' ').length));
});
