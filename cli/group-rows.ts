// The dataset groups that a deployment looks after, as the controller has written them down.
import { type GroupRow, isGone, isGroupName } from '../lambda/controller/group-row';
import { type RunsTable, readGroups } from '../lambda/controller/rows';
import type { Clients } from './clients';
import type { Values } from './command';
import type { Target } from './target';

export const runsTable = ({ dynamodb }: Pick<Clients, 'dynamodb'>, { deployment }: Target): RunsTable => ({
  dynamodb,
  table: deployment.output('RunsTableName'),
});

/** Those that `--dataset-group` means, otherwise all that are not gone: the gallery's first. */
export async function chosenRows(
  clients: Pick<Clients, 'dynamodb'>,
  target: Target,
  values: Values,
): Promise<GroupRow[]> {
  const rows = await readGroups(runsTable(clients, target));
  const isFirst = ({ datasetGroup }: GroupRow) => Number(datasetGroup.name === target.galleryGroup);
  return values['dataset-group'] === undefined
    ? rows.filter((row) => !isGone(row)).sort((a, b) => isFirst(b) - isFirst(a))
    : rows.filter(({ datasetGroup }) => datasetGroup.name === target.group);
}

/** Whether the row is a group's: one may stand for a file that is at fault. */
export const isGroup = ({ datasetGroup }: GroupRow): boolean => isGroupName(datasetGroup.name);
