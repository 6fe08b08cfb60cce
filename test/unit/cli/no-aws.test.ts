// Commands in a shell that knows neither region nor credentials, as a new terminal beside `npm start`.
import { awsClients } from '../../../cli/clients';
import { allCommands } from '../../../cli/commands';
import { run } from '../../../cli/run';

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
});

async function status(environment: Readonly<Record<string, string>>): Promise<string> {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  // No settings of the account that runs the test, and no question to a machine of EC2.
  const none = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  Object.assign(process.env, none, { AWS_EC2_METADATA_DISABLED: 'true' }, environment);
  const errors: string[] = [];
  const ignore = () => undefined;
  const output = {
    now: () => 0,
    progress: ignore,
    print: ignore,
    printError: (text: string) => errors.push(text),
  };
  expect(await run(allCommands(awsClients()), ['status'], output)).toBe(1);
  return errors.join('\n');
}

test('without a region the error says where to get one, and has no stack', async () => {
  const error = await status({});
  expect(error).toMatch(/^no AWS region: set AWS_REGION .*npm start/);
  expect(error).not.toContain('\n');
});

test('without credentials too', async () => {
  const error = await status({ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect(error).toMatch(/^no AWS credentials: .*npm start/);
  expect(error).not.toContain('\n');
});
