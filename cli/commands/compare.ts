// compare: trains several recipes on the data of one dataset group, and puts their offline metrics side by side.

import { pricePerHour } from '../../lambda/controller/prices';
import { namesIn } from '../arguments';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { writeText } from '../data/write';
import { groupOption, readGroup } from '../groups/group';
import { trainingPrice } from '../groups/prices';
import { recipeNamed, startTraining, type Trained, trainedVersion } from '../groups/training';
import { type Language, langOption, languageOf, speaker } from '../language';
import { barsChart } from '../report/charts';
import { escaped, htmlTable, reportPage } from '../report/page';
import { textTable } from '../table';
import { both } from '../text';

const DEFAULT_METRIC = 'normalized_discounted_cumulative_gain_at_10';

const short = (metric: string): string =>
  metric
    .replace('normalized_discounted_cumulative_gain', 'ndcg')
    .replace('mean_reciprocal_rank', 'mrr')
    .replace('_at_', '@');

/** `ndcg@10` means the metric that AWS calls by a longer name. @throws UserError */
function metricOf(name: string, trained: readonly Trained[]): string {
  const known = [...new Set(trained.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  const metric = known.find((one) => one === name || short(one) === name);
  if (metric) return metric;
  throw new UserError(
    both(
      `no version has the metric ${name}; there are: ${known.map(short).join(', ')}`,
      `지표 ${name}이(가) 있는 버전이 없습니다. 있는 지표: ${known.map(short).join(', ')}`,
    ),
  );
}

function table(trained: readonly Trained[], language: Language) {
  const say = speaker(language);
  const keys = [...new Set(trained.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  const header = [
    say('solution', '솔루션'),
    ...keys.map(short),
    say('seconds', '초'),
    say('training on AWS, $', 'AWS 훈련 비용, $'),
    say('campaign, $ / h', '캠페인, $ / h'),
  ];
  const rows = trained.map(({ solution, recipe, metrics, seconds }) => [
    solution,
    ...keys.map((key) => metrics[key]?.toFixed(4) ?? '–'),
    seconds.toFixed(1),
    trainingPrice(recipe, undefined),
    pricePerHour(recipe).toFixed(2),
  ]);
  return { header, rows };
}

const byMetric = (trained: readonly Trained[], metric: string) =>
  trained
    .flatMap(({ solution, metrics }) => {
      const value = metrics[metric];
      return value === undefined ? [] : [{ label: solution, value }];
    })
    .sort((a, b) => b.value - a.value);

function report(trained: readonly Trained[], metric: string, best: string, language: Language): string {
  const say = speaker(language);
  const format = (value: number) => value.toFixed(4);
  const charts = [...new Set(trained.flatMap(({ metrics }) => Object.keys(metrics)))]
    .sort((a, b) => Number(b === metric) - Number(a === metric) || a.localeCompare(b))
    .map((key) => barsChart({ title: short(key), bars: byMetric(trained, key), format }));
  return reportPage(
    language,
    say('Recipes side by side', '레시피 비교'),
    [
      `<p>${escaped(best)}</p>`,
      htmlTable({
        caption: say('Offline metrics, time and price', '오프라인 지표, 시간, 비용'),
        ...table(trained, language),
      }),
      ...charts,
    ].join('\n'),
  );
}

export function compare(clients: Pick<Clients, 'personalize'>): Command {
  return {
    name: 'compare',
    summary: both(
      'Trains several recipes on one dataset group and compares their offline metrics.',
      '데이터 세트 그룹 하나로 여러 레시피를 훈련하고 오프라인 지표를 비교합니다.',
    ),
    options: {
      'dataset-group': groupOption,
      recipes: {
        type: 'string',
        value: 'R,R',
        description: both(
          'names of recipes, for example user-personalization-v2,sims,popularity-count',
          '레시피 이름, 예: user-personalization-v2,sims,popularity-count',
        ),
        required: true,
      },
      hpo: {
        type: 'boolean',
        description: both(
          'search for the best hyperparameters, where a recipe lets one',
          '레시피가 허용하면 가장 좋은 하이퍼파라미터를 탐색',
        ),
      },
      anew: {
        type: 'boolean',
        description: both('train again what is trained already', '이미 훈련된 것도 다시 훈련'),
      },
      by: {
        type: 'string',
        value: 'M',
        description: both('the metric that decides (default ndcg@10)', '순위를 정하는 지표 (기본값 ndcg@10)'),
      },
      report: {
        type: 'string',
        value: 'FILE',
        description: both('write a report with charts as HTML', '차트가 있는 보고서를 HTML로 씀'),
      },
      lang: langOption,
    },
    async run(values, _, rim) {
      const language = languageOf(values);
      const say = speaker(language);
      const recipes = [...new Set(namesIn(String(values.recipes)).map(recipeNamed))];
      const group = await readGroup(clients, values);
      const plans = [];
      for (const recipe of recipes) {
        const isTuned = values.hpo === true && recipe.hyperParameters.some(({ tunable }) => tunable);
        plans.push({
          recipe,
          isTuned,
          ...(await startTraining(clients, group, recipe, isTuned, values.anew === true)),
        });
      }
      // All are under way by now; one that fails does not keep the others from being told.
      const trained: Trained[] = [];
      const failed: string[] = [];
      for (const { recipe, isTuned, ...version } of plans) {
        try {
          trained.push(await trainedVersion(clients, version, recipe, isTuned, rim));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          failed.push(error.said(language));
        }
      }
      if (trained.length === 0) throw new UserError(failed.join('\n'));
      const metric = metricOf(String(values.by ?? DEFAULT_METRIC), trained);
      const [first] = byMetric(trained, metric);
      const best = say(
        `Best by ${short(metric)}: ${first?.label} (${first?.value.toFixed(4)}).`,
        `${short(metric)} 기준 최고: ${first?.label} (${first?.value.toFixed(4)}).`,
      );
      if (values.report !== undefined)
        await writeText(String(values.report), report(trained, metric, best, language));
      const { header, rows } = table(trained, language);
      return {
        text: [textTable(header, rows), best, ...failed].join('\n\n'),
        json: { trained, best: first?.label, metric, failed },
        exitCode: failed.length > 0 ? 1 : 0,
      };
    },
  };
}
