// Takes over a state folder from before the store: every map was a file of JSON lines then, each line the changes of one commit. The
// store appears whole, by a rename; only then are the old files removed.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { DamagedFile, Store, type StoredMap, syncFolder } from '@emotion-gallery/local-kit/store';

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
];
/** What is no map: a mailbox that people read. Metrics have another form now, and are no promise. */
const LEFT = new Set(['emails.jsonl', 'metrics.jsonl']);

type Entry = readonly [key: string, value: unknown] | readonly [key: string];

/** @throws DamagedFile when an old file is not whole; nothing is changed then */
export async function takeOver(stateDir: string, dir: string, log: (line: string) => void): Promise<void> {
  const files = SERVICES.flatMap((service) => oldMaps(join(stateDir, service)));
  if (files.length === 0) return;
  const draft = `${dir}.new`;
  rmSync(draft, { recursive: true, force: true });
  const store = new Store({ dir: draft, clock: new ManualClock() });
  for (const file of files)
    copyMap(file, store.map(`${basename(dirname(file))}/${basename(file, '.jsonl')}`));
  await store.close();
  renameSync(draft, dir);
  syncFolder(stateDir);
  for (const file of files) rmSync(file);
  log(
    `store: took over ${files.length} files of an earlier version: ${files.map((file) => relative(stateDir, file)).join(', ')}`,
  );
}

function oldMaps(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && !LEFT.has(name));
  return names.map((name) => join(folder, name));
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
