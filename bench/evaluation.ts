// npm run bench:evaluation: whether `compare` and `evaluate` say what a computation by hand says, and how long they take.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  CreateCampaignCommand,
  DescribeCampaignCommand,
  GetSolutionMetricsCommand,
} from '@aws-sdk/client-personalize';
import { awsClients } from '../cli/clients';
import { untilActive } from '../cli/groups/settle';
import type { Trained } from '../cli/groups/training';
import { textTable } from '../cli/table';
import { Workshop } from '../scripts/workshop/perform';
import { byHand } from './evaluation/by-hand';

const HELP = `Brings interactions into a dataset group on localhost, trains and evaluates by the commands, and computes the same by hand.

  npm run bench:evaluation -- [FOLDER]

  FOLDER      MovieLens of any size, for example ml-100k (default: the sample of the workshop)
`;

const RECIPES = ['user-personalization-v2', 'popularity-count'];
const GROUP = ['--dataset-group', 'bench'];
/** Sums in another order differ by less. */
const SAME = 1e-9;

interface Evaluated {
  readonly systems: readonly {
    readonly name: string;
    readonly segments: readonly {
      readonly segment: string;
      readonly metrics: Record<string, { mean: number }>;
    }[];
    readonly coverage: Record<string, number>;
  }[];
}

class Bench {
  private constructor(private readonly workshop: Workshop) {}

  static open = async (): Promise<Bench> => new Bench(await Workshop.open());

  async json<T>(...words: string[]): Promise<T> {
    const begun = performance.now();
    const { exitCode, out, told } = await this.workshop.call([...words, '--json']);
    if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${told}`);
    console.log(
      `${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${words.slice(0, 2).join(' ')}`,
    );
    return JSON.parse(out) as T;
  }

  close = (): Promise<void> => this.workshop.close();
}

async function compared(bench: Bench): Promise<Trained[]> {
  const { trained } = await bench.json<{ trained: Trained[] }>(
    'compare',
    ...GROUP,
    '--recipes',
    RECIPES.join(','),
  );
  const { personalize } = awsClients();
  for (const { solution, solutionVersionArn, metrics } of trained) {
    const told = await personalize.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    same(solution, metrics, told.metrics ?? {});
  }
  return trained;
}

/** Exploration draws anew for each request; without it a user who is asked for twice gets the same list. @returns ARNs by name */
async function withoutExploration(trained: readonly Trained[]): Promise<Map<string, string>> {
  const { personalize } = awsClients();
  const rim = { now: Date.now, progress: () => undefined };
  const arns = new Map<string, string>();
  for (const { solution: name, solutionVersionArn } of trained) {
    const explores = name.includes('user-personalization');
    const { campaignArn = '' } = await personalize.send(
      new CreateCampaignCommand({
        name,
        solutionVersionArn,
        minProvisionedTPS: 1,
        ...(explores && { campaignConfig: { itemExplorationConfig: { explorationWeight: '0' } } }),
      }),
    );
    const look = async () => (await personalize.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
    await untilActive(`campaign ${name}`, look, rim);
    arns.set(name, campaignArn);
  }
  return arns;
}

function same(
  name: string,
  ours: Readonly<Record<string, number>>,
  others: Readonly<Record<string, number>>,
): void {
  const keys = [...new Set([...Object.keys(ours), ...Object.keys(others)])];
  const other = keys.find(
    (key) => !(Math.abs((ours[key] ?? Number.NaN) - (others[key] ?? Number.NaN)) <= SAME),
  );
  if (other !== undefined) throw new Error(`${name}, ${other}: ${ours[other]}, by hand ${others[other]}`);
  console.log(`           ${name}: ${keys.length} figures are the same`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const folder = positionals[0] === undefined ? undefined : resolve(positionals[0]);
  const bench = await Bench.open();
  try {
    await (folder === undefined
      ? bench.json('data', 'sample', '--out', 'data')
      : bench.json('data', 'convert', folder, '--out', 'data'));
    await bench.json('data', 'split', 'data/interactions.csv', '--out', 'data');
    const files = { train: 'data/interactions.train.csv', test: 'data/interactions.test.csv' };
    await bench.json('data', 'load', ...GROUP, files.train, 'data/items.csv');
    const trained = await compared(bench);
    const arns = await withoutExploration(trained);
    const { systems } = await bench.json<Evaluated>(
      'evaluate',
      ...GROUP,
      '--train',
      files.train,
      '--test',
      files.test,
    );
    const hand = await byHand(awsClients().runtime, arns, files);
    const rows: string[][] = [];
    for (const [name, figures] of hand) {
      const system = systems.find((each) => each.name === name);
      const all = system?.segments.find(({ segment }) => segment === 'all')?.metrics ?? {};
      const means = Object.entries(all).map(([key, { mean }]) => [key, mean]);
      const coverage = Object.entries(system?.coverage ?? {}).map(([k, share]) => [`coverage@${k}`, share]);
      same(name, Object.fromEntries([...means, ...coverage]), figures);
      rows.push([
        name,
        ...['hr@10', 'precision@10', 'ndcg@10', 'mrr@10', 'coverage@10'].map(
          (key) => figures[key]?.toFixed(4) ?? '',
        ),
      ]);
    }
    console.log(
      `\n${textTable(['system', 'hr@10', 'precision@10', 'ndcg@10', 'mrr@10', 'coverage@10'], rows)}`,
    );
    await bench.json('remove', ...GROUP);
  } finally {
    await bench.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
