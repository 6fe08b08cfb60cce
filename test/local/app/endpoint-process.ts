// AWS on localhost in a process of its own, on a state folder that an app was deployed into: no deployment, faults on request.
// Usage: node --import tsx endpoint-process.ts '{"stateDir": …, "awsPort": …, "sitePort": …, "speed": …, "personalizeSpeed": …, "faults": […]}'
import { createAwsEndpoint } from '@emotion-gallery/aws-local';
import { RealClock } from '@emotion-gallery/personalize-local';
import { ACCOUNT_ID, REGION } from '../../../local/start/account';

interface Arguments {
  readonly stateDir: string;
  readonly awsPort: number;
  readonly sitePort: number;
  /** Of schedules and of what queues hide. */
  readonly speed: number;
  readonly personalizeSpeed: number;
  readonly faults: readonly string[];
}

async function main(): Promise<void> {
  const { speed, personalizeSpeed, ...props } = JSON.parse(process.argv[2] ?? '') as Arguments;
  const endpoint = await createAwsEndpoint({
    ...props,
    region: REGION,
    accountId: ACCOUNT_ID,
    clock: new RealClock(speed),
    personalizeClock: new RealClock(personalizeSpeed),
    log: () => undefined,
  });
  process.on('SIGINT', () => void endpoint.close().then(() => process.exit(0)));
  console.log('ready:');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
