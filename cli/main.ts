// npm run gallery -- <command>. The SDK's clients read the region, the credentials and AWS_ENDPOINT_URL by themselves.

import { endWithOutput } from '@emotion-gallery/local-kit/command-line';
import { awsClients } from './clients';
import { allCommands } from './commands';
import { run } from './run';

// Which Node is supported is said once, in package.json, and not before every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

endWithOutput();
run(allCommands(awsClients()), process.argv.slice(2), {
  now: Date.now,
  progress: (line) => console.error(line),
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
