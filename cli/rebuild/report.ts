// What a rebuild brings into the datasets, and what it leaves out, with the reasons.
import { textTable } from '../table';
import type { Target } from '../target';
import { type Collected, DATASETS, MINIMUM_INTERACTIONS } from './collect';
import { keyOf, uploaded } from './upload';

export function report(target: Target, collected: Collected, datasetMadeAt: number) {
  const { files, refused, streamed, leftOver, fewLikes } = collected;
  const withFile = uploaded(collected);
  const datasets = DATASETS.map((dataset) => {
    const file = withFile.includes(dataset) ? `s3://${target.bucket}/${keyOf(target, dataset)}` : undefined;
    return { dataset, rows: files[dataset].rows, file };
  });
  const since = new Date(datasetMadeAt).toISOString();
  const table = textTable(
    ['dataset', 'rows', 'where'],
    datasets.map(({ dataset, rows, file }) => [
      dataset,
      String(rows),
      file ?? (rows > 0 ? 'streamed' : '(nothing)'),
    ]),
  );
  const left: [number, string][] = [
    [refused, 'items: their files are not pictures of the gallery'],
    [streamed, `likes: accepted since the dataset was made (${since}), so they are streamed into it`],
    [leftOver, 'likes: accepted before, but undelivered then, so the sweep streams them'],
  ];
  const notes = [
    ...left.filter(([count]) => count > 0).map(([count, why]) => `Left out ${count} ${why}.`),
    ...(fewLikes
      ? [
          `An import takes ${MINIMUM_INTERACTIONS} interactions at least: these are streamed under their event ids.`,
        ]
      : []),
  ];
  return {
    text: [table, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n'),
    json: {
      datasets,
      streamed: fewLikes?.length ?? 0,
      leftOut: { refusedItems: refused, streamedLikes: streamed, undeliveredLikes: leftOver },
      interactionsDatasetMadeAt: since,
    },
  };
}
