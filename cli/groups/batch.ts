// Batch inference and batch segments of a solution: input up, job, output down.
import { createHash } from 'node:crypto';
import {
  CreateBatchInferenceJobCommand,
  CreateBatchSegmentJobCommand,
  DescribeBatchInferenceJobCommand,
  DescribeBatchSegmentJobCommand,
} from '@aws-sdk/client-personalize';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Clients } from '../clients';
import { type Rim, UserError } from '../command';
import { both } from '../text';
import type { GroupSolution } from './campaigns';
import type { Place } from './place';
import { untilActive } from './settle';

type Used = Pick<Clients, 'personalize' | 's3'>;

interface Line {
  readonly input: { readonly userId?: string; readonly itemId?: string };
  readonly output: {
    readonly recommendedItems?: readonly string[];
    readonly usersList?: readonly string[];
  } | null;
  readonly error: string | null;
}

/**
 * @param inputs users, or items for a recipe that asks for items (similar items, segments)
 * @returns items (of segments: users) by input, best first
 * @throws UserError when nothing is trained, the recipe has no batch jobs, the job failed, or a line of it
 */
export async function runBatch(
  { personalize, s3 }: Used,
  { bucket, roleArn }: Place,
  { name, recipe, versionArn }: GroupSolution,
  inputs: readonly string[],
  rim: Rim,
  numResults = 25,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!recipe.batch)
    throw new UserError(
      both(
        `${recipe.name} has no batch jobs: ${name} answers by a campaign`,
        `${recipe.name}에는 배치 작업이 없습니다. ${name}은(는) 캠페인으로 답합니다`,
      ),
    );
  if (versionArn === undefined)
    throw new UserError(
      both(
        `${name} has no version that is ready; "compare" trains it`,
        `${name}에 준비된 버전이 없습니다. "compare"로 훈련하세요`,
      ),
    );
  const segments = recipe.type === 'USER_SEGMENTATION';
  if (recipe.segmentsBy === 'itemAttributes') {
    throw new UserError(
      both(
        `${recipe.name} is asked by attributes, not by items: use item-affinity`,
        `${recipe.name}에는 항목이 아니라 속성으로 묻습니다. item-affinity를 쓰세요`,
      ),
    );
  }
  const key = segments || recipe.asksFor.includes('itemId') ? 'itemId' : 'userId';
  const hash = createHash('sha256').update(inputs.join('\n')).digest('hex').slice(0, 8);
  const jobName = `${name.slice(-30)}-${hash}-${rim.now()}`.replace(/^[-_]+/, '');
  const folder = `batch/${jobName}`;
  const Body = inputs.map((id) => `${JSON.stringify({ [key]: id })}\n`).join('');
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/input.json`, Body }));
  const job = {
    ...{ jobName, solutionVersionArn: versionArn, roleArn, numResults },
    jobInput: { s3DataSource: { path: `s3://${bucket}/${folder}/input.json` } },
    jobOutput: { s3DataDestination: { path: `s3://${bucket}/${folder}/output/` } },
  };
  if (segments) {
    const { batchSegmentJobArn } = await personalize.send(new CreateBatchSegmentJobCommand(job));
    const look = async () =>
      (await personalize.send(new DescribeBatchSegmentJobCommand({ batchSegmentJobArn }))).batchSegmentJob;
    await untilActive(`batch job of ${name}`, look, rim);
  } else {
    const { batchInferenceJobArn } = await personalize.send(new CreateBatchInferenceJobCommand(job));
    const look = async () =>
      (await personalize.send(new DescribeBatchInferenceJobCommand({ batchInferenceJobArn })))
        .batchInferenceJob;
    await untilActive(`batch job of ${name}`, look, rim);
  }
  const found = await s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: `${folder}/output/input.json.out` }),
  );
  return read((await found.Body?.transformToString()) ?? '', key, name);
}

function read(text: string, key: 'userId' | 'itemId', name: string): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const [index, line] of text.split('\n').filter(Boolean).entries()) {
    const { input, output, error } = JSON.parse(line) as Line;
    if (error)
      throw new UserError(
        both(
          `the batch job of ${name}, output line ${index + 1}, ${input[key]}: ${error}`,
          `${name}의 배치 작업, 출력 ${index + 1}행, ${input[key]}: ${error}`,
        ),
      );
    lists.set(String(input[key]), output?.recommendedItems ?? output?.usersList ?? []);
  }
  return lists;
}
