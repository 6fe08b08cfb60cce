// Takes over a state folder from before the store. Resources were lines of `<CRC-32 in hex> <JSON>` in `resources.log`; a dataset's
// manifest was plain JSON, and its log had records of `u32 length, u32 CRC-32 of the payload, payload`. The tables of bulk and sealed
// data are as they were. Each dataset is taken over by one rename; the store appears last, and with it all is done.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { DamagedFile, hasStore, replaceFile, Store, syncFolder } from '@emotion-gallery/local-kit/store';
import { MANIFEST } from '../data/dataset-folder';
import type { AnyRecord } from './records';

/** The name of the map of all resources, by ARN. */
export const RESOURCES = 'resources';
/** Where the store of a state folder is. */
export const storeFolder = (stateDir: string): string => join(stateDir, 'store');

/** @throws DamagedFile when an old file is not whole */
export async function takeOver(stateDir: string, log: (line: string) => void): Promise<void> {
  const dir = storeFolder(stateDir);
  if (hasStore(dir)) return;
  const groups = join(stateDir, 'groups');
  const resources = join(stateDir, 'resources.log');
  const datasets = foldersIn(groups).flatMap(foldersIn);
  if (!existsSync(resources)) {
    if (datasets.length > 0)
      throw new DamagedFile(resources, 'it is missing, and there are datasets beside it');
    return;
  }
  for (const dataset of datasets) await takeOverDataset(dataset);
  const draft = `${dir}.new`;
  rmSync(draft, { recursive: true, force: true });
  const store = new Store({ dir: draft, clock: new ManualClock() });
  const map = store.map<AnyRecord>(RESOURCES);
  for (const { put = [], remove = [] } of oldResources(resources)) {
    map.commit([
      ...put.map((value) => ({ key: value.arn, value })),
      ...remove.map((key) => ({ key, removed: true as const })),
    ]);
  }
  await store.close();
  renameSync(draft, dir);
  await syncFolder(stateDir);
  rmSync(resources);
  log(`took over the state of an earlier version: ${map.size} resources, ${datasets.length} datasets`);
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

interface OldManifest {
  readonly next: number;
  readonly log: string;
}

async function takeOverDataset(folder: string): Promise<void> {
  const old = join(folder, 'manifest.json');
  if (!existsSync(old)) return;
  const manifest = JSON.parse(readFileSync(old, 'utf8')) as OldManifest;
  const log = `put-${manifest.next}.log`;
  await replaceFile(join(folder, log), oldRecords(join(folder, manifest.log)));
  const taken = { ...manifest, next: manifest.next + 1, log };
  await replaceFile(join(folder, MANIFEST), [Buffer.from(JSON.stringify(taken))]);
  rmSync(old);
}

/** What follows the last whole record was never completely written, so it was never acknowledged. */
function oldRecords(file: string): Buffer[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const records: Buffer[] = [];
  for (let at = 0; bytes.length - at >= 8; ) {
    const end = at + 8 + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + 8, end);
    if (crc32(payload) !== bytes.readUInt32LE(at + 4))
      throw new DamagedFile(file, `the record at byte ${at} has a wrong checksum`);
    records.push(payload);
    at = end;
  }
  return records;
}

function oldResources(file: string): { put?: readonly AnyRecord[]; remove?: readonly string[] }[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop();
  return lines.map((line, index) => {
    const json = line.slice(9);
    if (crc32(json) !== Number.parseInt(line.slice(0, 8), 16))
      throw new DamagedFile(file, `line ${index + 1} has a wrong checksum`);
    return JSON.parse(json) as { put?: readonly AnyRecord[]; remove?: readonly string[] };
  });
}
