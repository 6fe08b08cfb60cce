// The commands on a dataset group that a configuration file asks for, from its plan to its removal.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../lambda/controller/actions';
import type { GroupRow } from '../../../lambda/controller/group-row';
import { cinemaOnSchedule } from '../training/configurations';
import type { TrainingHarness } from '../training/harness';
import { interactionsCsv, itemsCsv, usersCsv } from '../training/movies';
import type { Caller } from './caller';

interface Stage {
  readonly gallery: TrainingHarness;
  readonly caller: Caller;
  readonly folder: string;
}

type PlanOf = Plan & { readonly datasetGroup: string };

const GROUP = ['--dataset-group', 'cinema'];
const WEEKLY = 'cron(0 3 ? * MON *)';

export function groupOfFile(stage: () => Stage): void {
  let file: string;
  const call = (...args: string[]) => stage().caller.call(...args);
  const json = <T>(...args: string[]) => stage().caller.json<T>(...args);
  const plansOf = (...args: string[]) => json<PlanOf[]>('plan', ...args);

  beforeAll(() => {
    file = join(stage().folder, 'cinema.json');
    writeFileSync(file, JSON.stringify(cinemaOnSchedule({ full: WEEKLY })));
  });

  test('plan shows what a file would make, in which order and for which price, and uploads nothing', async () => {
    const { exitCode, out } = await call('plan', file);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Dataset group cinema\n {2}create dataset group cinema\n/);
    expect(out).toContain('create campaign cinema-personal  [+0.20 $/h]');
    expect(out).toMatch(/Waits for\n {2}no file under s3:.*\/cinema\/Interactions\//);
    expect(out).toMatch(/Billed: 0\.00 US dollars an hour .* → 0\.20 /);
    expect(await stage().gallery.listFiles('personalize/config/cinema')).toEqual([]);
  });

  test('a group that nobody asks for is told by every command, with those that there are', async () => {
    for (const args of [
      ['plan'],
      ['metrics'],
      ['schedules'],
      ['wait'],
      ['status'],
      ['recommend', 'u'],
      ['export'],
      ['describe'],
      ['train'],
    ]) {
      const { exitCode, out, told } = await call(...args, '--dataset-group', 'nobodys');
      expect({ args, exitCode, out }).toEqual({ args, exitCode: 1, out: '' });
      expect(told).toBe(
        'there is no dataset group nobodys, and no file asks for one; there are: training-test',
      );
    }
  });

  test('train --wait fails with what is missing, and the plan shows the same', async () => {
    const { exitCode, out } = await call('train', '--config', file, '--wait');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^cinema nothing was trained: no file under s3:.*\/cinema\/Interactions\//);
    const [plan] = await plansOf(...GROUP);
    expect(plan?.waiting).toEqual(
      expect.arrayContaining([expect.objectContaining({ for: 'files', step: 'import' })]),
    );
  });

  test('train --wait follows the run of its own group, although another one rests', async () => {
    const { gallery } = stage();
    const data = { Interactions: interactionsCsv, Items: itemsCsv, Users: usersCsv };
    for (const [type, text] of Object.entries(data)) {
      await gallery.putFile(`personalize/data/cinema/${type}/${type}.csv`, text);
    }
    const { exitCode, out, told } = await call('train', '--config', file, '--wait');
    expect({ exitCode, told }).toMatchObject({ exitCode: 0 });
    expect(out).toMatch(/^cinema succeeded, started by /);
    const [plan] = await plansOf(...GROUP);
    expect(plan).toMatchObject({ actions: [], problems: [], waiting: [] });
  });

  test('status and metrics tell of every group, or of the one that is meant', async () => {
    type Status = { groups: GroupRow[]; serving: { name: string; status: string }[]; runs: object[] };
    const all = await json<Status>('status');
    expect(all.groups.map(({ datasetGroup }) => datasetGroup.name)).toEqual(['training-test', 'cinema']);
    const one = await json<Status>('status', ...GROUP);
    expect(one.groups).toHaveLength(1);
    expect(one.serving).toEqual([
      expect.objectContaining({ datasetGroup: 'cinema', name: 'cinema-personal', status: 'ACTIVE' }),
    ]);
    expect(one.runs).not.toHaveLength(0);
    const groups = async (...args: string[]) =>
      new Set(
        (await json<{ datasetGroup: string }[]>('metrics', ...args)).map(({ datasetGroup }) => datasetGroup),
      );
    expect(await groups()).toEqual(new Set(['training-test', 'cinema']));
    expect(await groups(...GROUP)).toEqual(new Set(['cinema']));
  });

  test('what is there is described as a file that is good, and of which nothing is to be done', async () => {
    const described = join(stage().folder, 'described.json');
    writeFileSync(described, (await call('describe', ...GROUP)).out);
    expect(await call('config-check', described)).toMatchObject({ exitCode: 0 });
    // In the place of the file that it was made for.
    const [plan] = await plansOf(described, '--as', 'personalize/config/cinema.json');
    expect(plan).toMatchObject({ datasetGroup: 'cinema', actions: [], problems: [], waiting: [] });
  });

  test('schedules are listed with their next time, paused, and let go on', async () => {
    type Scheduled = { datasetGroup: string; expression: string; isPaused: boolean; next?: string };
    const mine = async (...args: string[]) =>
      (await json<Scheduled[]>('schedules', ...args)).filter(({ datasetGroup }) => datasetGroup === 'cinema');
    expect(await mine()).toEqual([
      expect.objectContaining({
        expression: WEEKLY,
        isPaused: false,
        next: expect.stringContaining('T03:00'),
      }),
    ]);
    const unknown = await call('schedules', ...GROUP, '--pause', 'rate(1 day)');
    expect(unknown).toMatchObject({ exitCode: 2, out: '' });
    expect(unknown.told).toContain(`there is no schedule rate(1 day); there are: ${WEEKLY}`);
    expect(await mine(...GROUP, '--pause', WEEKLY)).toMatchObject([{ isPaused: true }]);
    expect((await plansOf(...GROUP))[0]?.next).toBeUndefined();
    expect(await mine(...GROUP, '--resume', 'all')).toMatchObject([{ isPaused: false }]);
    expect((await plansOf(...GROUP))[0]?.next).toMatchObject({ what: 'training of cinema-personal' });
  });

  test('import adds to a dataset of the group by its own schema, and export writes it', async () => {
    const people = join(stage().folder, 'people.csv');
    writeFileSync(people, 'USER_ID,EMOTION\nnew,calm\n');
    const refused = await call('import', people, '--dataset', 'users', ...GROUP);
    expect(refused).toMatchObject({
      exitCode: 1,
      told: expect.stringMatching(/GENDER, AGE[\s\S]*Nothing was uploaded/),
    });
    writeFileSync(people, 'USER_ID,GENDER,AGE\nnew,F,33\n');
    const given = ['import', people, '--dataset', 'users', '--incremental', ...GROUP];
    expect(await call(...given)).toMatchObject({ exitCode: 0 });
    const { path } = await json<{ path: string }>('export', '--dataset', 'users', ...GROUP);
    const prefix = path.slice(path.indexOf('/', 's3://'.length) + 1);
    const keys = (await stage().gallery.listFiles(prefix)).filter((key) => key.endsWith('.csv'));
    const exported = await Promise.all(keys.map((key) => stage().gallery.readFile(key)));
    expect(exported.join('')).toMatch(/^new,F,33$|^"new","F","?33"?$/m);
    expect(await call('export', '--dataset', 'actions', ...GROUP)).toMatchObject({
      exitCode: 1,
      told: 'cinema has no dataset of actions',
    });
  });

  test('a campaign that is not there is told with those that are', async () => {
    expect(await call('recommend', '1', '--campaign', 'nope', ...GROUP)).toMatchObject({
      exitCode: 1,
      told: 'cinema has no campaign and no recommender nope that is up; there are: cinema-personal',
    });
  });

  test('remove shows what would go and touches nothing; then the file goes, and what was made for it', async () => {
    expect(await call('remove', '--config', 'nothing.json')).toMatchObject({
      exitCode: 1,
      told: expect.stringMatching(/no configuration file nothing\.json .*there are: .*cinema\.json/),
    });
    const before = readFileSync(file, 'utf8');
    const dry = await call('remove', '--config', file, '--dry-run');
    expect(dry).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('delete campaign cinema-personal'),
    });
    expect(dry.out).toContain('Nothing was touched.');
    expect(await stage().gallery.readFile('personalize/config/cinema.json')).toBe(before);
    const { out } = await call('remove', '--config', 'cinema.json');
    expect(out).toContain('Removed personalize/config/cinema.json');
    await stage().gallery.groupWhen(
      ({ state, sources }) => state === 'settled' && sources.length === 0,
      'cinema',
    );
    const { groups } = await json<{ groups: GroupRow[] }>('status');
    expect(groups.map(({ datasetGroup }) => datasetGroup.name)).toEqual(['training-test']);
  });
}
