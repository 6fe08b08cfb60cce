// The command line of `emotion-gallery-aws`.
import { parseArgs } from 'node:util';

const DEFAULT_SPEED = 60;

export const HELP = `AWS on localhost: one endpoint for the CDK, the AWS CLI and any AWS SDK, with what they deploy running on this machine.

  emotion-gallery-aws [options]

  --port N         port of the AWS endpoint (default 4566; 0: any free one)
  --site-port N    port on which deployed sites and APIs are served (default 8080; 0: any free one)
  --allow-host NAME
                   a further name by which clients may call both, for example host.docker.internal; may be repeated
  --state DIR      where everything is kept (default .aws-local)
  --fresh          forget what is kept there and begin anew
  --speed N        how many times faster than on AWS the waiting of Amazon Personalize goes (default ${DEFAULT_SPEED})
  --fault RULE     a fault of Amazon Personalize, Operation:throttle|500|latency|drop|fail:share-or-#count[:milliseconds];
                   may be repeated
  --retired-recipes
                   the HRNN recipes, which AWS has retired, are there and trained as aws-user-personalization
  --region REGION  (default us-east-1)
  --account ID     (default 000000000000)
  --verbose        a line for each thing that happens
  --help

It prints one line of exports; in a shell with them, "npx cdk deploy" deploys here.
`;

export interface AwsArguments {
  readonly port: number;
  readonly sitePort: number;
  readonly hosts: readonly string[];
  readonly stateDir: string;
  readonly fresh: boolean;
  readonly speed: number;
  readonly faults: readonly string[];
  readonly retiredRecipes: boolean;
  readonly region: string;
  readonly accountId: string;
  readonly verbose: boolean;
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) {
    throw new Error(`${option} must be a port number from 0 to 65535, got '${text}'`);
  }
  return port;
}

/** Returns 'help' when the help was asked for. @throws Error that says what is wrong */
export function parseArguments(args: readonly string[]): AwsArguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '4566' },
      'site-port': { type: 'string', default: '8080' },
      'allow-host': { type: 'string', multiple: true, default: [] },
      state: { type: 'string', default: '.aws-local' },
      fresh: { type: 'boolean', default: false },
      speed: { type: 'string', default: String(DEFAULT_SPEED) },
      fault: { type: 'string', multiple: true, default: [] },
      'retired-recipes': { type: 'boolean', default: false },
      region: { type: 'string', default: 'us-east-1' },
      account: { type: 'string', default: '000000000000' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const speed = Number(values.speed);
  if (!(speed > 0)) throw new Error(`--speed must be a number above 0, got '${values.speed}'`);
  if (!/^\d{12}$/.test(values.account)) {
    throw new Error(`--account must have 12 digits, got '${values.account}'`);
  }
  return {
    port: portOf('--port', values.port),
    sitePort: portOf('--site-port', values['site-port']),
    hosts: values['allow-host'],
    stateDir: values.state,
    fresh: values.fresh,
    speed,
    faults: values.fault,
    retiredRecipes: values['retired-recipes'],
    region: values.region,
    accountId: values.account,
    verbose: values.verbose,
  };
}
