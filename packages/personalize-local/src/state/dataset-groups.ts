// The data of every dataset group, each in a folder of its own under `groups/`, open while the group exists.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatasetGroupData, openDatasetGroup } from '../data';

export class OpenDatasetGroups {
  private readonly open = new Map<string, DatasetGroupData>();

  private constructor(
    private readonly dir: string,
    private readonly now: () => number,
    private readonly log: (line: string) => void,
  ) {}

  /** Opens the folders that belong to a dataset group and removes what a deletion cut short has left. */
  static async start(
    stateDir: string,
    folders: readonly string[],
    now: () => number,
    log: (line: string) => void,
  ): Promise<OpenDatasetGroups> {
    const dir = join(stateDir, 'groups');
    await mkdir(dir, { recursive: true });
    const groups = new OpenDatasetGroups(dir, now, log);
    for (const name of await readdir(dir)) {
      if (!folders.includes(name)) await rm(join(dir, name), { recursive: true, force: true });
    }
    for (const folder of folders) await groups.create(folder);
    return groups;
  }

  async create(folder: string): Promise<void> {
    if (this.open.has(folder)) return;
    const data = await openDatasetGroup(join(this.dir, folder), { now: this.now, onRepair: this.log });
    this.open.set(folder, data);
  }

  of(group: { readonly folder: string; readonly arn: string }): DatasetGroupData {
    const data = this.open.get(group.folder);
    if (!data) throw new Error(`the data of ${group.arn} is not open`);
    return data;
  }

  /** Call when the dataset group's record is about to go; a crash in between is repaired by the next start. */
  async remove(folder: string): Promise<void> {
    await this.open.get(folder)?.close();
    this.open.delete(folder);
    await rm(join(this.dir, folder), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((data) => data.close()));
  }
}
