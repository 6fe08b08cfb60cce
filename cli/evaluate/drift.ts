// Whether an evaluation is worse than an earlier one, beyond chance: is the model that serves still good?
import { z } from 'zod';
import { UserError } from '../command';
import { readText } from '../files';
import { both } from '../text';
import type { SystemResult } from './evaluation';

const estimate = z.object({ mean: z.number(), standardError: z.number() });
const earlierEvaluation = z.object({
  at: z.string(),
  systems: z.array(
    z.object({
      name: z.string(),
      segments: z.array(z.object({ segment: z.string(), metrics: z.record(z.string(), estimate) })),
    }),
  ),
});
export type EarlierEvaluation = z.infer<typeof earlierEvaluation>;

/** @throws UserError when it is no evaluation that `evaluate --save` wrote */
export async function readEarlier(file: string): Promise<EarlierEvaluation> {
  try {
    return earlierEvaluation.parse(JSON.parse(await readText(file)));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      both(
        `${file} is no evaluation that "evaluate --save" wrote`,
        `${file}은(는) "evaluate --save"가 쓴 평가 파일이 아닙니다`,
      ),
    );
  }
}

export interface Drift {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** Of the difference, 95 %. */
  readonly interval: readonly [number, number];
  readonly isWorse: boolean;
}

export function driftOf(
  { systems }: EarlierEvaluation,
  results: readonly SystemResult[],
  metric: string,
): Drift[] {
  return results.flatMap(({ name, segments }) => {
    const all = (list: readonly { segment: string; metrics: object }[] | undefined) =>
      (
        list?.find(({ segment }) => segment === 'all')
          ?.metrics as EarlierEvaluation['systems'][0]['segments'][0]['metrics']
      )?.[metric];
    const before = all(systems.find((each) => each.name === name)?.segments);
    const now = all(segments);
    if (!before || !now) return [];
    const difference = now.mean - before.mean;
    const width = 1.96 * Math.hypot(before.standardError, now.standardError);
    const interval = [difference - width, difference + width] as const;
    return [{ name, before: before.mean, now: now.mean, interval, isWorse: interval[1] < 0 }];
  });
}
