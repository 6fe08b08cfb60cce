// Stacks on disk: a template is there once, whatever refers to it, and goes when nothing does.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import type { ChangeSetRecord, StackEvent, StackRecord } from '../../../src/cloudformation/stack';
import { StackStore } from '../../../src/cloudformation/store';

const templateOf = (description: string) => JSON.stringify({ Description: description, Resources: {} });
const ONE = templateOf('the first template');
const TWO = templateOf('the second template');
const source = (template: string) => ({ template, parameters: {}, tags: [], capabilities: [] });
const STACK: StackRecord = {
  ...source(ONE),
  id: 'arn:aws:cloudformation:us-east-1:000000000000:stack/gallery/1',
  name: 'gallery',
  status: 'CREATE_IN_PROGRESS',
  createdAt: 1,
  terminationProtection: false,
  disableRollback: false,
  outputs: [],
  leftovers: [],
};
const CHANGE_SET: ChangeSetRecord = {
  ...source(ONE),
  id: 'arn:aws:cloudformation:us-east-1:000000000000:changeSet/set/1',
  name: 'set',
  stackId: STACK.id,
  stackName: STACK.name,
  kind: 'CREATE',
  status: 'CREATE_COMPLETE',
  executionStatus: 'AVAILABLE',
  createdAt: 1,
  changes: [],
};
const previous = { ...source(ONE), resources: [], outputs: [] };
let dir: string;
let store: Store;
let stacks: StackStore;

let clock: ManualClock;

function open(): void {
  store = new Store({ dir, clock });
  stacks = new StackStore(store);
}
/** How often a template's description is in the files of the store. */
function timesOnDisk(description: string): number {
  const files = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'latin1'));
  return files.join('').split(description).length - 1;
}
const templates = () => [...store.map<string>('cloudformation/templates').values()];

beforeEach(() => {
  clock = new ManualClock();
  dir = mkdtempSync(join(tmpdir(), 'stack-store-'));
  open();
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

test('each status of a stack, its rollback and its change sets share one template on the disk', async () => {
  stacks.put(STACK);
  stacks.putChangeSet(CHANGE_SET);
  for (const status of ['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'] as const)
    stacks.change(STACK.id, { status, previous });
  expect(timesOnDisk('the first template')).toBe(1);
  await store.close();
  open();
  expect(stacks.get('gallery')).toMatchObject({ template: ONE, previous: { template: ONE } });
  expect(stacks.changeSet('set', 'gallery').template).toBe(ONE);
});

test('a template stays while a rollback needs it, and goes with the last that has it', () => {
  stacks.put(STACK);
  stacks.change(STACK.id, { ...source(TWO), status: 'UPDATE_FAILED', previous });
  expect(templates()).toEqual([ONE, TWO]);
  stacks.change(STACK.id, { status: 'UPDATE_COMPLETE', previous: undefined });
  expect(templates()).toEqual([TWO]);
});

test('a stack of an earlier version has its template in its record', () => {
  store.map<StackRecord>('cloudformation/stacks').put(STACK.id, STACK);
  expect(stacks.get('gallery').template).toBe(ONE);
  stacks.change(STACK.id, { status: 'CREATE_COMPLETE' });
  expect(stacks.get(STACK.id).template).toBe(ONE);
  expect(templates()).toEqual([ONE]);
});

test('events of stacks and deleted stacks are there for 90 days, what lives for ever', async () => {
  const day = 86_400_000;
  const other = { ...STACK, id: `${STACK.id}2`, name: 'other' };
  stacks.put({ ...other, status: 'CREATE_COMPLETE' });
  stacks.put({ ...STACK, status: 'DELETE_COMPLETE', deletedAt: clock.now() });
  const event = (id: string, time: number) =>
    stacks.addEvent({ id, time, stackId: STACK.id, stackName: STACK.name } as StackEvent);
  event('first', clock.now());
  /** What is there some days later, after the store's next sweep. */
  const afterDays = async (days: number) => {
    for (const step of [days * day, 60_000]) {
      clock.advance(step);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    return [stacks.all().map(({ name }) => name), stacks.events(STACK.id).map(({ id }) => id)];
  };
  expect(await afterDays(89)).toEqual([['other', 'gallery'], ['first']]);
  event('second', clock.now());
  expect(await afterDays(2)).toEqual([['other'], ['second']]);
});
