// Before the first deployment: whether what the gallery makes fits into the account's quotas.
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import {
  paginateListCampaigns,
  paginateListDatasetGroups,
  paginateListSchemas,
} from '@aws-sdk/client-personalize';
import { paginateListServiceQuotas } from '@aws-sdk/client-service-quotas';
import { MOST_CAMPAIGNS, MOST_DATASET_GROUPS, MOST_SCHEMAS } from '@emotion-gallery/personalize-rules/limits';
import { apiFunctionNames } from '../../lib/gallery-assets';
import type { Settings } from '../../lib/settings';
import { type Check, check, type Finding, fails, ok, unknown } from '../checks';
import type { Clients } from '../clients';

type Used = Pick<Clients, 'lambda' | 'personalize' | 'serviceQuotas'>;

/** Of an account that AWS has not seen much of yet (Lambda Developer Guide, "Lambda quotas"). */
const NEW_ACCOUNT_CONCURRENCY = 10;
/** Lambda leaves so many unreserved, and refuses a reservation that would take of them. */
const UNRESERVED = 100;

interface Kind {
  readonly name: string;
  /** How Service Quotas calls it. */
  readonly quotaName: RegExp;
  readonly byDefault: number;
  /** Names of those that there are. */
  readonly count: () => Promise<readonly string[]>;
  /** Names of those that the deployment makes, or has made. */
  readonly wanted: readonly string[];
}

export async function quotaChecks(clients: Used, settings: Settings): Promise<Check[]> {
  const { personalize: client } = clients;
  const quotas = await quotasOf(clients.serviceQuotas);
  const { prefix, campaigns } = settings;
  const kinds: readonly Kind[] = [
    {
      name: 'dataset groups',
      quotaName: /dataset groups/i,
      byDefault: MOST_DATASET_GROUPS,
      count: () => names(paginateListDatasetGroups({ client }, {}), (page) => page.datasetGroups),
      wanted: [prefix],
    },
    {
      name: 'schemas',
      quotaName: /schemas/i,
      byDefault: MOST_SCHEMAS,
      count: () => names(paginateListSchemas({ client }, {}), (page) => page.schemas),
      wanted: ['interactions', 'items', 'users'].map((type) => `${prefix}-${type}-`),
    },
    {
      name: 'campaigns',
      quotaName: /campaigns/i,
      byDefault: MOST_CAMPAIGNS,
      count: () => names(paginateListCampaigns({ client }, {}), (page) => page.campaigns),
      wanted: campaigns.map((model) => `${prefix}-${model}`),
    },
  ];
  const checks: Check[] = [];
  for (const kind of kinds) checks.push(await check(kind.name, () => fits(kind, quotas)));
  checks.push(await check('concurrent executions', () => concurrency(clients.lambda, settings)));
  return checks;
}

async function names<Page>(
  pages: AsyncIterable<Page>,
  rows: (page: Page) => readonly { readonly name?: string }[] | undefined,
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...(rows(page) ?? []).map(({ name = '' }) => name));
  return found;
}

/** Values of this account by the quota's name; none where Service Quotas cannot be asked. */
async function quotasOf(client: Used['serviceQuotas']): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  try {
    for await (const { Quotas = [] } of paginateListServiceQuotas(
      { client },
      { ServiceCode: 'personalize' },
    )) {
      for (const { QuotaName = '', Value } of Quotas) if (Value !== undefined) found.set(QuotaName, Value);
    }
  } catch {
    // The checks go by the documented defaults then, and say so.
    found.clear();
  }
  return found;
}

async function fits(
  { name, quotaName, byDefault, count, wanted }: Kind,
  quotas: ReadonlyMap<string, number>,
): Promise<Finding> {
  const there = await count();
  const missing = wanted.filter(
    (each) => !there.some((one) => one === each || (each.endsWith('-') && one.startsWith(each))),
  );
  const [asked] = [...quotas].filter(([quota]) => quotaName.test(quota)).map(([, value]) => value);
  const most = asked ?? byDefault;
  const told = `${there.length} of ${most}${asked === undefined ? ' (the default)' : ''}, ${missing.length} to be made`;
  if (there.length + missing.length <= most) return ok(told);
  const todo = `Delete ${name} that are not needed (${there.slice(0, 5).join(', ')}), or ask Service Quotas for more.`;
  return asked === undefined ? unknown(told, todo) : fails(told, todo);
}

async function concurrency(client: Used['lambda'], { reservedConcurrency }: Settings): Promise<Finding> {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  const most = AccountLimit?.ConcurrentExecutions ?? 0;
  const free = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
  const told = `${most} in the account, ${free} of them unreserved`;
  const reserved = reservedConcurrency * apiFunctionNames.length;
  if (reserved > 0 && free - reserved < UNRESERVED) {
    return fails(
      `${told}; reservedConcurrency=${reservedConcurrency} takes ${reserved}, and ${UNRESERVED} must be left`,
      'Deploy with -c reservedConcurrency=0, or ask Service Quotas for more concurrent executions.',
    );
  }
  if (most <= NEW_ACCOUNT_CONCURRENCY) {
    return unknown(
      `${told}: enough for a few people, not for a crowd`,
      'Ask Service Quotas for more concurrent executions of AWS Lambda before many people come.',
    );
  }
  return ok(told);
}
