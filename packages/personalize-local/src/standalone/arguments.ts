// The command line of `npm run personalize`.
import { parseArgs } from 'node:util';

const DEFAULT_SPEED = 60;

export const HELP = `Amazon Personalize on localhost: control plane, events and runtime on one port.

  npm run personalize -- [options]

  --port N            port to listen on (default 4567; 0: any free one)
  --host ADDRESS      address to listen on (default: this machine only, 127.0.0.1 and ::1)
  --allow-host NAME   a further name by which clients may call it, for example host.docker.internal; may be repeated
  --state DIR         where resources, data and models are kept (default .personalize)
  --s3-dir DIR        s3://bucket/key is DIR/bucket/key (default <state>/s3)
  --s3-endpoint URL   read and write S3 there instead, with the credentials of the environment
  --speed N|real      service seconds in a second: life cycles, schedules, rates (default ${DEFAULT_SPEED}; real: 1)
  --no-quotas         no limits on resources and rates
  --retired-recipes   the HRNN recipes, which AWS has retired, are there and trained as aws-user-personalization
  --fault RULE        Operation:throttle|500|latency|drop|fail:share-or-#count[:milliseconds]; may be repeated,
                      for example --fault PutEvents:throttle:0.2 --fault '*:latency:#10:500'
  --region REGION     of requests without a signature (default us-east-1)
  --account ID        (default 000000000000)
  --quiet             no line per request
  --help

GET / is a status page, PUT /_faults with a JSON list of rules replaces the faults in force.
`;

export interface StandaloneArguments {
  readonly port: number;
  readonly host?: string;
  readonly hosts: readonly string[];
  readonly stateDir: string;
  readonly s3Dir?: string;
  readonly s3Endpoint?: string;
  readonly speed: number;
  readonly quotas: boolean;
  readonly retiredRecipes: boolean;
  readonly faults: readonly string[];
  readonly region: string;
  readonly accountId: string;
  readonly quiet: boolean;
}

/** Returns 'help' when the help was asked for. @throws Error that says what is wrong */
export function parseArguments(args: readonly string[]): StandaloneArguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '4567' },
      host: { type: 'string' },
      'allow-host': { type: 'string', multiple: true, default: [] },
      state: { type: 'string', default: '.personalize' },
      's3-dir': { type: 'string' },
      's3-endpoint': { type: 'string' },
      speed: { type: 'string', default: String(DEFAULT_SPEED) },
      'no-quotas': { type: 'boolean', default: false },
      'retired-recipes': { type: 'boolean', default: false },
      fault: { type: 'string', multiple: true, default: [] },
      region: { type: 'string', default: 'us-east-1' },
      account: { type: 'string', default: '000000000000' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port must be from 0 to 65535, got ${values.port}`);
  }
  const speed = values.speed === 'real' ? 1 : Number(values.speed);
  if (!(speed > 0)) throw new Error(`--speed must be a number above 0 or real, got ${values.speed}`);
  if (!/^\d{12}$/.test(values.account))
    throw new Error(`--account must have 12 digits, got ${values.account}`);
  if (values['s3-dir'] !== undefined && values['s3-endpoint'] !== undefined) {
    throw new Error('give either --s3-dir or --s3-endpoint, not both');
  }
  return {
    port,
    host: values.host,
    hosts: values['allow-host'],
    stateDir: values.state,
    s3Dir: values['s3-dir'],
    s3Endpoint: values['s3-endpoint'],
    speed,
    quotas: !values['no-quotas'],
    retiredRecipes: values['retired-recipes'],
    faults: values.fault,
    region: values.region,
    accountId: values.account,
    quiet: values.quiet,
  };
}
