// What holds for every command of npm run gallery.
import { awsClients } from '../../../cli/clients';
import { allCommands } from '../../../cli/commands';
import { run } from '../../../cli/run';
import { textIn } from '../../../cli/text';

process.env.AWS_REGION ??= 'us-east-1';
const commands = allCommands(awsClients());

async function gallery(...args: string[]) {
  const [printed, errors]: [string[], string[]] = [[], []];
  const exitCode = await run(commands, args, {
    now: () => 0,
    progress: (line) => errors.push(line),
    print: (text) => printed.push(text),
    printError: (text) => errors.push(text),
  });
  return { exitCode, out: printed.join('\n'), errors: errors.join('\n') };
}

test('the help lists all commands', async () => {
  const { out } = await gallery('--help');
  const names = [
    ...['preflight', 'verify'],
    ...[
      'operator-link',
      'operators',
      'pictures',
      'status',
      'plan',
      'train',
      'wait',
      'schedules',
      'metrics',
      'recommend',
      'similar',
    ],
    ...[
      'rank',
      'events',
      'trace',
      'export',
      'import',
      'rebuild',
      'forget',
      'config-check',
      'describe',
      'remove',
      'cleanup',
      'data sample',
      'data describe',
      'data split',
      'data convert',
      'data load',
      'compare',
      'serve',
      'batch',
      'look',
      'evaluate',
    ],
  ];
  expect(commands.map(({ name }) => name)).toEqual(names);
  for (const { name, summary } of commands)
    expect(out).toMatch(new RegExp(`^ {2}${name} +${textIn('en', summary).slice(0, 20)}`, 'm'));
});

describe.each(commands.map((command) => [command.name, command] as const))('%s', (name, command) => {
  test('explains itself with its arguments and options, and does nothing', async () => {
    const { exitCode, out, errors } = await gallery(...name.split(' '), '--help');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(out).toContain(textIn('en', command.summary));
    for (const argument of command.positionals ?? []) expect(out).toContain(argument);
    for (const option of [...Object.keys(command.options), 'json', 'help'])
      expect(out).toContain(`--${option}`);
  });

  test('refuses an option that it does not have, and prints its help', async () => {
    const { exitCode, errors } = await gallery(...name.split(' '), '--colour', 'red');
    expect(exitCode).toBe(2);
    expect(errors).toContain('--colour');
    expect(errors).toContain(textIn('en', command.summary));
  });

  test('refuses an argument too many, or none where there must be one', async () => {
    if (command.positionals?.at(-1)?.endsWith(' …')) {
      expect((await gallery(...name.split(' '))).exitCode).toBe(2);
      return;
    }
    const given = [...(command.positionals ?? []).map(() => 'x'), 'more'];
    const { exitCode, errors } = await gallery(...name.split(' '), ...given);
    expect(exitCode).toBe(2);
    expect(errors).toContain(`got: ${given.join(' ')}`);
  });
});
