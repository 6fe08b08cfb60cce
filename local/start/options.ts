// The command line of `npm start`.
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly sitePort: number;
  readonly awsPort: number;
  readonly state: string;
  readonly fresh: boolean;
  /** Opens the site to the local network. */
  readonly lan: boolean;
  /** Further names by which the site and the endpoint may be called. */
  readonly hosts: readonly string[];
  /** Service seconds of Amazon Personalize in a second. */
  readonly speed: number;
  /** Amazon Personalize has the recipes that AWS has retired. */
  readonly retiredRecipes: boolean;
  readonly open: boolean;
  /** Settings of the app, as `-c name=value` of the CDK. */
  readonly context: readonly string[];
}

export const USAGE = `Usage: npm start -- [options]

Brings up AWS on localhost, deploys the app into it with the CDK, and opens the enabler page.

  --site-port N   where the pages are served (default 8080)
  --aws-port N    where the AWS endpoint listens (default 4566)
  --state FOLDER  where everything is kept (default .emotion-gallery)
  --fresh         forget everything kept and begin anew
  --lan           let phones and others on the local network open the pages (never the AWS endpoint)
  --allow-host NAME
                  a further name by which this machine may be called, for example host.docker.internal;
                  may be given several times
  --speed N       how many times faster than on AWS Amazon Personalize's waiting goes (default 600)
  --retired-recipes
                  the HRNN recipes, which AWS has retired and older notebooks name, are there
  -c NAME=VALUE   a setting of the app, as for cdk deploy; may be given several times
  --no-open       do not open a browser
  --help          this text
`;

/** What is wrong with the command line, in words for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function port(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new UsageError(`${option} needs a port number from 0 to 65535, got '${text}'`);
  }
  return value;
}

/** Undefined when help was asked for. Throws UsageError. */
export function parseStartOptions(args: readonly string[]): StartOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const speed = Number(values.speed);
  if (!(speed > 0)) throw new UsageError(`--speed needs a number greater than 0, got '${values.speed}'`);
  return {
    sitePort: port(values['site-port'], '--site-port'),
    awsPort: port(values['aws-port'], '--aws-port'),
    state: values.state,
    fresh: values.fresh,
    lan: values.lan,
    hosts: values['allow-host'],
    speed,
    retiredRecipes: values['retired-recipes'],
    open: !values['no-open'],
    context: values.context,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'site-port': { type: 'string', default: '8080' },
        'aws-port': { type: 'string', default: '4566' },
        state: { type: 'string', default: '.emotion-gallery' },
        fresh: { type: 'boolean', default: false },
        lan: { type: 'boolean', default: false },
        'allow-host': { type: 'string', multiple: true, default: [] },
        speed: { type: 'string', default: '600' },
        'retired-recipes': { type: 'boolean', default: false },
        context: { type: 'string', short: 'c', multiple: true, default: [] },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
