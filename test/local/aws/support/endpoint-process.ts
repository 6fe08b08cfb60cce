// An endpoint in a process of its own, for tests that kill it: `endpoint-process.ts <folder> <speed of Amazon Personalize> <port>`.
import { createAwsEndpoint } from '@emotion-gallery/aws-local';
import { RealClock } from '@emotion-gallery/personalize-local';
import { ACCOUNT_ID, REGION } from '../../../../local/start/account';

const [, , stateDir = '', speed = '6000', awsPort = '0'] = process.argv;

createAwsEndpoint({
  stateDir,
  region: REGION,
  accountId: ACCOUNT_ID,
  awsPort: Number(awsPort),
  sitePort: 0,
  clock: new RealClock(1),
  personalizeClock: new RealClock(Number(speed)),
  log: (line) => console.error(line),
}).then(({ endpoint }) => console.log(endpoint));
