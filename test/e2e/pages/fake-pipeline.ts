// Runs of a training pipeline as the real one records them, for the console.

import type { Campaign, Group, Run } from '../../../lambda/shared/contract/schemas';

const VERSION = 'arn:aws:personalize:eu-west-1:111122223333:solution/gallery-';
const SOLUTIONS = ['popularity', 'personal', 'similar', 'ranking'];
const GATE = 'normalized_discounted_cumulative_gain_at_25';

export const versionArn = (solution: string, run: number): string => `${VERSION}${solution}/v${run}`;

const at = (run: number, minute: number): string => new Date(Date.UTC(2026, 4, run, 9, minute)).toISOString();

function stepsOf(run: number): Run['steps'] {
  const perSolution = SOLUTIONS.flatMap((solution) =>
    ['train', 'judge', 'serve', 'batch'].map((step) => ({ step, detail: `gallery-${solution}` })),
  );
  const all = [{ step: 'resources', detail: '' }, { step: 'import', detail: '' }, ...perSolution];
  return all.map((step, index) => ({ ...step, startedAt: at(run, index * 3) }));
}

function resultOf(run: number, quality: number): object[] {
  return SOLUTIONS.map((solution, index) => {
    const value = solution === 'popularity' ? 0.121 + run * 0.004 : quality - index * 0.02;
    const passed = value >= 0.121;
    return {
      solution: `gallery-${solution}`,
      version: versionArn(solution, run),
      metrics: {
        [GATE]: value,
        coverage: 0.3 + index * 0.12 + run * 0.02,
        precision_at_5: value * 0.8,
        mean_reciprocal_rank_at_25: value * 0.9,
      },
      verdict:
        solution === 'popularity'
          ? { passed: true, why: 'no campaign serves this solution' }
          : {
              passed,
              metric: GATE,
              value,
              baseline: 0.121,
              served: run > 1 ? 0.2 : null,
              testUsers: 212,
              why: passed ? 'good enough' : 'below 1 times the baseline',
            },
    };
  });
}

export function succeededRun(run: number, quality: number): Run {
  return {
    reason: run === 1 ? 'minimum-reached' : 'schedule',
    startedAt: at(run, 0),
    endedAt: at(run, 56),
    outcome: 'succeeded',
    step: 'batch',
    steps: stepsOf(run),
    result: resultOf(run, quality),
  };
}

export function failedRun(run: number): Run {
  return {
    reason: 'operator',
    startedAt: at(run, 0),
    endedAt: at(run, 9),
    outcome: 'failed',
    step: 'train',
    detail: 'gallery-personal',
    steps: stepsOf(run).slice(0, 7),
    result: {
      step: 'train',
      error: 'Personalize.LimitExceededException',
      reason: 'too many trainings at a time',
    },
  };
}

export function runningRun(startedAt: string): Run {
  const steps = stepsOf(1).slice(0, 7);
  return {
    reason: 'operator',
    startedAt,
    outcome: 'running',
    step: 'train',
    detail: 'gallery-personal',
    steps,
  };
}

export const campaignsOf = (run: number): Campaign[] =>
  (['personal', 'similar'] as const).map((model) => ({
    model,
    status: 'ACTIVE',
    recipe: `aws-${model === 'personal' ? 'user-personalization-v2' : 'similar-items'}`,
    solutionVersion: versionArn(model, run),
    minProvisionedTps: 1,
  }));

/** The gallery's group as the controller writes it down, and those of files. */
export function groupsOf(run = 0, ...ofFiles: Group[]): Group[] {
  const serving = run === 0 ? [] : campaignsOf(run);
  const gallery = groupOf('gallery', {
    isGallery: true,
    sources: ['settings'],
    state: run === 0 ? 'waiting' : 'settled',
    waiting: run === 0 ? ['6 more likes'] : [],
    serving: serving.map(({ model, ...campaign }) => ({
      ...{ kind: 'campaign', name: `gallery-${model}` },
      ...campaign,
    })),
    pricePerHour: run === 0 ? 0 : 0.7402,
  });
  return [...ofFiles, gallery];
}

export function groupOf(name: string, changes: Partial<Group>): Group {
  return {
    ...{ name, isGallery: false, sources: [`personalize/config/${name}.json`], state: 'settled' },
    ...{ since: at(1, 0), waiting: [], problems: [], planned: [], serving: [], pricePerHour: 0 },
    ...{ observedAt: at(1, 30), lookAt: at(1, 90) },
    ...changes,
  };
}
