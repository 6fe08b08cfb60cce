// evaluate: how well campaigns or a batch job recommend what was held out, beside popularity and chance.
import { listOption, numberOption } from '../arguments';
import type { Clients } from '../clients';
import { type Command, type Rim, UserError, type Values } from '../command';
import { writeText } from '../data/write';
import { campaignResult } from '../evaluate/ask';
import { driftOf, readEarlier } from '../evaluate/drift';
import {
  catalogueOf,
  popularityResult,
  randomResult,
  Scoring,
  type SystemResult,
} from '../evaluate/evaluation';
import { type Case, casesOf, type History, readHistory } from '../evaluate/held-out';
import { METRIC_KEYS } from '../evaluate/metrics';
import { evaluationReport, evaluationText } from '../evaluate/text';
import { runBatch } from '../groups/batch';
import { groupCampaigns, groupSolutions } from '../groups/campaigns';
import { type Group, groupOption, readGroup } from '../groups/group';
import { placeOf, placeOptions } from '../groups/place-options';
import { langOption, languageOf } from '../language';
import { both } from '../text';

type Used = Pick<Clients, 'personalize' | 'runtime' | 's3' | 'cloudFormation'>;

/** A ranking orders this many of the most popular items. */
const CANDIDATES = 100;

export function evaluate(clients: Used): Command {
  return {
    name: 'evaluate',
    summary: both(
      'Measures campaigns or a batch job on held-out interactions, beside popularity and chance.',
      '떼어 둔 상호작용으로 캠페인이나 배치 작업을 인기도, 무작위와 나란히 잽니다.',
    ),
    options: {
      'dataset-group': groupOption,
      train: {
        type: 'string',
        value: 'FILE',
        description: both('what was trained with', '훈련에 쓴 파일'),
        required: true,
      },
      test: {
        type: 'string',
        value: 'FILE',
        description: both('what was held out', '떼어 둔 파일'),
        required: true,
      },
      campaigns: {
        type: 'string',
        value: 'C,C',
        description: both('these alone (default all that are up)', '이것만 (기본값: 떠 있는 것 모두)'),
      },
      batch: {
        type: 'string',
        value: 'S',
        description: both(
          'this solution by batch inference, instead of campaigns',
          '캠페인 대신 이 솔루션의 배치 추론으로',
        ),
      },
      by: {
        type: 'string',
        value: 'M',
        description: both(
          'the metric of charts and drift (default ndcg@10)',
          '차트와 드리프트에 쓸 지표 (기본값 ndcg@10)',
        ),
      },
      users: {
        type: 'string',
        value: 'N',
        description: both(
          'the first N users of the held-out file (default all)',
          '떼어 둔 파일의 처음 N명 (기본값: 모두)',
        ),
      },
      seed: {
        type: 'string',
        value: 'N',
        description: both('of the lists by chance (default 1)', '무작위 목록의 시드 (기본값 1)'),
      },
      save: {
        type: 'string',
        value: 'FILE',
        description: both('write the figures as JSON, for --against', '--against에 쓸 수치를 JSON으로 씀'),
      },
      against: {
        type: 'string',
        value: 'FILE',
        description: both(
          'an earlier evaluation; fails when this one is worse beyond chance',
          '이전 평가. 우연으로 볼 수 없을 만큼 나빠졌으면 실패',
        ),
      },
      report: {
        type: 'string',
        value: 'FILE',
        description: both('write a report with charts as HTML', '차트가 있는 보고서를 HTML로 씀'),
      },
      ...placeOptions,
      lang: langOption,
    },
    async run(values, _, rim) {
      const language = languageOf(values);
      const metric = METRIC_KEYS.find((key) => key === (values.by ?? 'ndcg@10'));
      if (!metric)
        throw new UserError(
          both(
            `--by must be one of ${METRIC_KEYS.join(', ')}, got ${values.by}`,
            `--by에는 ${METRIC_KEYS.join(', ')} 가운데 하나가 필요합니다. 받은 값: ${values.by}`,
          ),
          true,
        );
      const most = numberOption(values, 'users', { minimum: 1, maximum: 1e9, otherwise: 1e9 });
      const seed = numberOption(values, 'seed', { minimum: 0, maximum: 2 ** 31, otherwise: 1 });
      const earlier = values.against === undefined ? undefined : await readEarlier(String(values.against));
      const train = await readHistory(String(values.train), rim);
      const test = await readHistory(String(values.test), rim);
      const cases = casesOf(train, test).slice(0, most);
      const catalogue = catalogueOf(train, test);
      const group = await readGroup(clients, values);
      const judged: Judged = { group, train, cases, items: catalogue.length };
      const systems = [
        ...(values.batch === undefined
          ? await campaignResults(clients, judged, listOption(values, 'campaigns'), rim)
          : [await batchResult(clients, judged, values, rim)]),
        popularityResult(cases, train, catalogue.length),
        randomResult(cases, catalogue, seed),
      ];
      const drift =
        earlier &&
        driftOf(
          earlier,
          systems.filter(({ isBaseline }) => !isBaseline),
          metric,
        );
      const json = {
        at: new Date(rim.now()).toISOString(),
        datasetGroup: group.name,
        systems,
        ...(drift && { drift }),
      };
      const told = { systems, metric, drift };
      if (values.save !== undefined)
        await writeText(String(values.save), `${JSON.stringify(json, null, 2)}\n`);
      if (values.report !== undefined)
        await writeText(String(values.report), evaluationReport(told, language));
      return {
        text: evaluationText(told, language),
        json,
        exitCode: drift?.some(({ isWorse }) => isWorse) ? 1 : 0,
      };
    },
  };
}

interface Judged {
  readonly group: Group;
  readonly train: History;
  readonly cases: readonly Case[];
  /** In the catalogue. */
  readonly items: number;
}

async function campaignResults(
  clients: Used,
  { group, train, cases, items }: Judged,
  names: readonly string[] | undefined,
  rim: Rim,
): Promise<SystemResult[]> {
  const candidates = [...train.counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, CANDIDATES)
    .map(([item]) => item);
  const results: SystemResult[] = [];
  for (const campaign of await groupCampaigns(clients.personalize, group, names))
    results.push(await campaignResult(clients, campaign, cases, candidates, items, rim));
  return results;
}

/** @throws UserError when the group has no such solution */
async function batchResult(
  clients: Used,
  { group, cases, items }: Judged,
  values: Values,
  rim: Rim,
): Promise<SystemResult> {
  const [solution] = await groupSolutions(clients.personalize, group, [String(values.batch)]);
  if (!solution) throw new UserError(`${group.name} has no solution ${values.batch}`);
  const byItem = solution.recipe.asksFor.includes('itemId');
  const inputs = cases.flatMap(({ userId, lastItem }) => (byItem ? (lastItem ?? []) : userId));
  const place = await placeOf(clients, group.name, values);
  const outputs = await runBatch(clients, place, solution, [...new Set(inputs)], rim);
  const scoring = new Scoring();
  for (const one of cases) scoring.add(one, outputs.get(String(byItem ? one.lastItem : one.userId)) ?? []);
  return scoring.result(solution.name, false, items);
}
