// npm run gallery -- <command>. The SDK's clients read the region, the credentials and AWS_ENDPOINT_URL by themselves.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { operatorLink } from './commands/operator-link';
import { run } from './run';

const commands = [
  operatorLink({ cloudFormation: new CloudFormationClient(), secretsManager: new SecretsManagerClient() }),
];

run(commands, process.argv.slice(2), {
  now: Date.now,
  progress: (line) => console.error(line),
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
