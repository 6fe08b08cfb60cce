// preflight: looks, before a deployment and without changing anything, whether it will go through and what it will cost.
import { models } from '../../lambda/controller/gallery';
import { PRICED_REGION, pricePerHour } from '../../lambda/controller/prices';
import { readSettings, SettingsError } from '../../lib/config';
import type { Settings } from '../../lib/settings';
import { type Check, type Finding, ok, resultOf, unknown } from '../checks';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { accountChecks } from '../preflight/account';
import { nameChecks } from '../preflight/names';
import { quotaChecks } from '../preflight/quotas';

export function preflight(clients: Clients): Command {
  return {
    name: 'preflight',
    summary: 'Looks whether a deployment will go through: account, region, quotas, names, costs.',
    options: {
      context: {
        type: 'string',
        value: 'C',
        description: 'the settings that cdk deploy gets by -c: "environment=prod prefix=team-gallery"',
      },
    },
    async run(values) {
      const settings = settingsOf(String(values.context ?? ''));
      const region = settings.region ?? (await clients.sts.config.region());
      const account = await accountChecks(clients, region);
      // Whom AWS does not know it answers nothing else either.
      const isKnown = account.some(({ name, outcome }) => name === 'credentials' && outcome !== 'fails');
      const checks = [
        ...account,
        ...(isKnown ? await nameChecks(clients, settings.prefix) : []),
        ...(isKnown ? await quotaChecks(clients, settings) : []),
        { name: 'cost', ...costOf(settings, region) } satisfies Check,
      ];
      return resultOf(checks, { prefix: settings.prefix, region });
    },
  };
}

/** @throws UserError with every setting that is wrong */
function settingsOf(context: string): Settings {
  const given = context.split(/\s+/).filter(Boolean);
  const wrong = given.filter((each) => !/^\w+=/.test(each));
  if (wrong.length > 0) throw new UserError(`--context takes name=value pairs, got ${wrong.join(' ')}`, true);
  try {
    return readSettings(
      Object.fromEntries(
        given.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
      ),
    );
  } catch (error) {
    if (error instanceof SettingsError) throw new UserError(error.message);
    throw error;
  }
}

/** Campaigns bill as long as they are up, from the first training on; all else is on demand. */
export function costOf({ campaigns }: Pick<Settings, 'campaigns'>, region: string): Finding {
  if (campaigns.length === 0) return ok('no campaign is kept up, so nearly nothing an hour');
  const hourly = campaigns.reduce((sum, model) => sum + pricePerHour(models[model].recipeArn), 0);
  const told = `${hourly.toFixed(2)} US dollars an hour once ${campaigns.join(' and ')} are up (list price of ${PRICED_REGION}`;
  return region === PRICED_REGION
    ? ok(`${told})`)
    : unknown(
        `${told}; that of ${region} is not known here)`,
        `Look at https://aws.amazon.com/personalize/pricing/, or: aws pricing get-products --region us-east-1 --service-code AmazonPersonalize --filters Type=TERM_MATCH,Field=regionCode,Value=${region}`,
      );
}
