// npm run gallery -- <command>. The SDK's clients read the region, the credentials and AWS_ENDPOINT_URL by themselves.
import { awsClients } from './clients';
import { cleanup } from './commands/cleanup';
import { configCheck } from './commands/config-check';
import { events } from './commands/events';
import { exportDataset } from './commands/export-dataset';
import { importDataset } from './commands/import-dataset';
import { metrics } from './commands/metrics';
import { operatorLink } from './commands/operator-link';
import { rank, recommend, similar } from './commands/recommendations';
import { status } from './commands/status';
import { train } from './commands/train';
import { wait } from './commands/wait';
import { run } from './run';

// Which Node is supported is said once, in package.json, and not before every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const clients = awsClients();
const commands = [
  operatorLink(clients),
  status(clients),
  train(clients),
  wait(clients),
  metrics(clients),
  recommend(clients),
  similar(clients),
  rank(clients),
  events(clients),
  exportDataset(clients),
  importDataset(clients),
  configCheck,
  cleanup(clients),
];

run(commands, process.argv.slice(2), {
  now: Date.now,
  progress: (line) => console.error(line),
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
