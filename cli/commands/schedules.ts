// schedules: what is done when, by dataset group; pauses schedules and lets them go on.
import type { Declaration } from '../../lambda/controller/declaration';
import { pauseSchedules } from '../../lambda/controller/rows';
import { nextTime } from '../../lambda/controller/schedule-times';
import { type Command, UserError } from '../command';
import { Outlook, type PlanningClients } from '../planned';
import { textTable } from '../table';
import { GROUP_OPTIONS, readTarget } from '../target';
import { environmentOption } from './plan';

interface Scheduled {
  readonly datasetGroup: string;
  readonly expression: string;
  readonly does: string;
  readonly source: string;
  readonly isPaused: boolean;
  /** ISO 8601; absent for one that is paused, and for a rate, which is counted from the last time. */
  readonly next?: string;
}

/** Every time that a declaration gives to something, with what is done then. */
export function timesOf({ imports, solutions }: Declaration) {
  const at = (expression: string | undefined, does: string, source: string) =>
    expression === undefined ? [] : [{ expression, does, source }];
  return [
    ...imports.flatMap(({ type, schedules, source }) => [
      ...at(schedules.full, `import ${type} (FULL)`, source),
      ...at(schedules.incremental, `import ${type} (INCREMENTAL)`, source),
    ]),
    ...solutions.flatMap(({ name, training, batchJobs, source }) => [
      ...at(training.schedules.full, `train ${name} (FULL)`, source),
      ...at(training.schedules.update, `train ${name} (UPDATE)`, source),
      ...batchJobs.flatMap((job) => at(job.schedule, `run ${job.name}`, job.source)),
    ]),
  ];
}

export function schedules(clients: PlanningClients): Command {
  return {
    name: 'schedules',
    summary: 'Lists what is done when; pauses schedules of a dataset group, or lets them go on.',
    options: {
      ...GROUP_OPTIONS,
      pause: { type: 'string', value: 'S', description: 'an expression of the list, or "all"' },
      resume: { type: 'string', value: 'S', description: 'an expression of the list, or "all"' },
      environment: environmentOption,
    },
    async run(values, _, rim) {
      const target = await readTarget(clients, values);
      const outlook = new Outlook(clients, target, values.environment as string | undefined, rim.now());
      const isChange = values.pause !== undefined || values.resume !== undefined;
      const groups = isChange || values['dataset-group'] ? [target.group] : await outlook.groups();
      if (isChange) {
        const { pausedSchedules: before } = await outlook.row(target.group);
        const known = new Set(
          timesOf(await outlook.declarationOf(target.group)).map((each) => each.expression),
        );
        const paused = changed(before, known, values.pause, values.resume);
        const table = { dynamodb: clients.dynamodb, table: target.deployment.output('RunsTableName') };
        await pauseSchedules(table, target.datasetGroupArn, paused);
      }
      const found: Scheduled[] = [];
      for (const group of groups) found.push(...(await listed(outlook, group, rim.now())));
      const rows = found.map(({ datasetGroup, expression, does, source, isPaused, next = '' }) => [
        datasetGroup,
        expression,
        isPaused ? 'paused' : next || 'from the last time',
        does,
        source,
      ]);
      return {
        text:
          rows.length > 0
            ? textTable(['dataset group', 'schedule', 'next', 'does', 'declared by'], rows)
            : 'Nothing has a schedule.',
        json: found,
      };
    },
  };
}

async function listed(outlook: Outlook, datasetGroup: string, now: number): Promise<Scheduled[]> {
  const { pausedSchedules } = await outlook.row(datasetGroup);
  return timesOf(await outlook.declarationOf(datasetGroup)).map((time) => {
    const isPaused = pausedSchedules.includes(time.expression);
    // A rate is counted from what was done last.
    const isRate = time.expression.startsWith('rate');
    const next = isPaused || isRate ? undefined : nextTime(time.expression, now);
    return {
      datasetGroup,
      ...time,
      isPaused,
      ...(next !== undefined && { next: new Date(next).toISOString() }),
    };
  });
}

/** The expressions that are paused then. @throws UserError for one that the group does not have */
function changed(
  before: readonly string[],
  known: ReadonlySet<string>,
  pause: unknown,
  resume: unknown,
): string[] {
  const meant = (given: unknown): string[] => {
    if (given === undefined) return [];
    if (given === 'all') return [...known];
    if (known.has(String(given))) return [String(given)];
    throw new UserError(`there is no schedule ${given}; there are: ${[...known].join(', ') || 'none'}`, true);
  };
  const [paused, resumed] = [meant(pause), meant(resume)];
  // What is not declared any more has nothing to be paused.
  const all = new Set([...before, ...paused].filter((expression) => known.has(expression)));
  return [...all].filter((expression) => !resumed.includes(expression));
}
