// Takes over a state folder from before the store: every map was a file of JSON lines then, each line the changes of one commit, and
// DynamoDB's tables were in a LevelDB. The store appears whole, by a rename; only then are the old files removed.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { DamagedFile, Store, type StoredMap, syncFolder } from '@emotion-gallery/local-kit/store';
import * as dynalite from 'dynalite/db';
import { ITEMS } from '../services/dynamodb/database';
import type { TableDescription } from '../services/dynamodb/dynalite';

/** Of IAM's and CloudFormation's own and of the services. */
const SERVICES = [
  'apigateway',
  'cloudformation',
  'cloudfront',
  'dynamodb',
  'events',
  'iam',
  'lambda',
  'logs',
  'monitoring',
  's3',
  'scheduler',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'states',
];
/**
 * What is no map: a mailbox that people read. Metrics have another form now, and are no promise; so have executions of state
 * machines, of which an earlier version could not go on with what was left.
 */
const LEFT = new Set(['emails.jsonl', 'metrics.jsonl', 'executions.jsonl', 'visits.jsonl']);

type Entry = readonly [key: string, value: unknown] | readonly [key: string];

/** @throws DamagedFile when an old file is not whole; nothing is changed then */
export async function takeOver(stateDir: string, dir: string, log: (line: string) => void): Promise<void> {
  const files = SERVICES.flatMap((service) => oldMaps(join(stateDir, service)));
  const tables = join(stateDir, 'dynamodb', 'tables');
  const old = existsSync(tables) ? [...files, tables] : files;
  if (old.length === 0) return;
  const draft = `${dir}.new`;
  rmSync(draft, { recursive: true, force: true });
  const store = new Store({ dir: draft, clock: new ManualClock() });
  for (const file of files)
    copyMap(file, store.map(`${basename(dirname(file))}/${basename(file, '.jsonl')}`));
  if (existsSync(tables)) await copyTables(tables, store.map(ITEMS));
  await store.close();
  renameSync(draft, dir);
  await syncFolder(stateDir);
  for (const file of old) rmSync(file, { recursive: true });
  log(
    `store: took over ${old.length} files of an earlier version: ${old.map((file) => relative(stateDir, file)).join(', ')}`,
  );
}

function oldMaps(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && !LEFT.has(name));
  return names.map((name) => join(folder, name));
}

/** A table that was being made or deleted when its process died is left out. @throws DamagedFile */
async function copyTables(path: string, map: StoredMap<unknown>): Promise<void> {
  const { db } = dynalite.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  try {
    await db.open();
    const left: string[] = [];
    for await (const [key, value] of db.iterator({ gte: '', lt: '\u{ff}' })) {
      const table = value as Partial<TableDescription>;
      if (key.startsWith('table~') && table.TableStatus !== 'ACTIVE') left.push(key.slice('table~'.length));
      else map.put(key, value);
    }
    const isLeft = (key: string) =>
      left.some((table) => key.startsWith(`item-${table}~`) || key.split('~')[1] === table);
    map.commit([...map.keys()].filter(isLeft).map((key) => ({ key, removed: true })));
  } catch (error) {
    throw new DamagedFile(path, String(error));
  } finally {
    await db.close();
  }
}

function copyMap(file: string, map: StoredMap<unknown>): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last line break was never completely written, so it was never acknowledged.
  lines.pop();
  const values = new Map<string, unknown>();
  for (const [index, line] of lines.entries()) {
    for (const [key, ...value] of parsed(file, index, line)) {
      if (value.length === 0) values.delete(key);
      else values.set(key, value[0]);
    }
  }
  for (const [key, value] of values) map.put(key, value);
}

function parsed(file: string, index: number, line: string): readonly Entry[] {
  try {
    return JSON.parse(line) as readonly Entry[];
  } catch (error) {
    throw new DamagedFile(file, `line ${index + 1} cannot be read (${String(error)})`);
  }
}
