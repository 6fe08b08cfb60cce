// Files on their way into the gallery: asked about, sent, and watched until the catalogue has looked into each.

import { isFileType, MOST_FILES } from '../../../lambda/shared/contract/files';
import type { UploadFile, UploadState, Uploads } from '../../api/types';
import type { Emotion } from '../../emotions';
import { type ChosenFile, emotionOfFolders, typeOf, type Unfit, unfitness } from './chosen-files';

/** Where a file stands. */
export type Standing =
  | { readonly at: 'chosen' | 'waiting' | 'looking' | 'slow' }
  | { readonly at: 'sending'; readonly share: number }
  | { readonly at: 'listed' | 'duplicate' | 'removed'; readonly itemId: string }
  | { readonly at: 'refused'; readonly reason: string }
  | { readonly at: 'unfit'; readonly why: Unfit }
  | { readonly at: 'failed'; readonly reason: string };

export interface QueuedFile {
  readonly id: number;
  readonly file: File;
  readonly emotion: Emotion;
  readonly standing: Standing;
}

type Request = NonNullable<UploadState['request']>;

export interface QueuePorts {
  plan(files: readonly UploadFile[]): Promise<Uploads>;
  send(request: Request, file: Blob, onProgress: (share: number) => void): Promise<void>;
  /** SHA-256 in base64. */
  hash(file: Blob): Promise<string>;
  wait(milliseconds: number): Promise<void>;
  onChange(): void;
}

const AT_A_TIME = 3;
const TRIES = 3;
const FIRST_PAUSE_MS = 1_000;
const LOOK_EVERY_MS = 2_000;
/** A picture is looked into within seconds; a whole folder of them takes longer. */
const LOOKS = 90;

export class UploadQueue {
  private entries: QueuedFile[] = [];
  private readonly hashes = new Map<number, string>();
  private nextId = 1;

  constructor(private readonly ports: QueuePorts) {}

  get files(): readonly QueuedFile[] {
    return this.entries;
  }

  /** @param emotion of those whose folder does not name one */
  add(chosen: readonly ChosenFile[], emotion: Emotion): void {
    for (const { file, folders } of chosen) {
      // What systems put beside pictures (.DS_Store) was not chosen by anybody.
      if (file.name.startsWith('.')) continue;
      const why = unfitness(file);
      this.entries.push({
        ...{ id: this.nextId++, file, emotion: emotionOfFolders(folders) ?? emotion },
        standing: why ? { at: 'unfit', why } : { at: 'chosen' },
      });
    }
    this.ports.onChange();
  }

  /** Takes a file off the list; one that is being sent is sent. */
  drop(id: number): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.ports.onChange();
  }

  /** Takes off what needs nobody any more. */
  clear(): void {
    this.entries = this.entries.filter(({ standing }) =>
      ['chosen', 'waiting', 'sending', 'looking'].includes(standing.at),
    );
    this.ports.onChange();
  }

  /** A picture was taken out of the gallery, or put back: files that are it, or its copies, stand there so. */
  note(action: 'remove' | 'restore', itemId: string): void {
    const at = action === 'remove' ? 'removed' : 'listed';
    for (const { id, standing } of this.entries) {
      if ('itemId' in standing && standing.itemId === itemId) this.move(id, { at, itemId });
    }
  }

  count(...at: Standing['at'][]): number {
    return this.entries.filter(({ standing }) => at.includes(standing.at)).length;
  }

  /** Sends what was chosen, and again what failed. Resolves when each file's fate is known. */
  async start(): Promise<void> {
    const wanted = this.entries.filter(({ standing }) => ['chosen', 'failed', 'slow'].includes(standing.at));
    for (const { id } of wanted) this.move(id, { at: 'waiting' });
    for (let from = 0; from < wanted.length; from += MOST_FILES) {
      await this.sendSome(wanted.slice(from, from + MOST_FILES));
    }
  }

  private move(id: number, standing: Standing): void {
    this.entries = this.entries.map((entry) => (entry.id === id ? { ...entry, standing } : entry));
    this.ports.onChange();
  }

  private async sendSome(files: readonly QueuedFile[]): Promise<void> {
    try {
      const toSend = await this.ask(files);
      const next = toSend.values();
      // Each of these takes the next file when it is done with one.
      const sender = async (): Promise<void> => {
        for (const [file, request] of next) await this.sendOne(file, request);
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, sender));
      await this.watch(toSend.map(([file]) => file));
    } catch (error) {
      for (const { id } of files) {
        if (['waiting', 'looking'].includes(this.standingOf(id))) {
          this.move(id, { at: 'failed', reason: (error as Error).message });
        }
      }
    }
  }

  private standingOf(id: number): Standing['at'] | '' {
    return this.entries.find((entry) => entry.id === id)?.standing.at ?? '';
  }

  private async describe({ id, file, emotion }: QueuedFile): Promise<UploadFile> {
    const sha256 = this.hashes.get(id) ?? (await this.ports.hash(file));
    this.hashes.set(id, sha256);
    const type = typeOf(file);
    if (!isFileType(type)) throw new Error(`${file.name} is of the type ${type}`);
    return { emotion, name: file.name, type, bytes: file.size, sha256 };
  }

  /** Writes down what became of files; those that are to be sent, with their requests. */
  private async ask(files: readonly QueuedFile[]): Promise<[QueuedFile, Request][]> {
    const described = await Promise.all(files.map((file) => this.describe(file)));
    const { uploads } = await this.again(() => this.ports.plan(described));
    const toSend: [QueuedFile, Request][] = [];
    const sent = new Map<string, true>();
    for (const [index, file] of files.entries()) {
      const upload = uploads[index];
      if (!upload) throw new Error('the answer left files out');
      if (upload.state === 'send' && upload.request) {
        // The same picture twice in one go: the second one is a copy of the first.
        if (sent.has(upload.itemId)) this.move(file.id, { at: 'duplicate', itemId: upload.itemId });
        else toSend.push([file, upload.request]);
        sent.set(upload.itemId, true);
      } else this.settle(file.id, upload);
    }
    return toSend;
  }

  private settle(id: number, { state, itemId, reason = '' }: UploadState): void {
    if (state === 'refused') this.move(id, { at: 'refused', reason });
    else if (state !== 'send') this.move(id, { at: state, itemId });
  }

  private async sendOne({ id, file }: QueuedFile, request: Request): Promise<void> {
    try {
      this.move(id, { at: 'sending', share: 0 });
      await this.again(() =>
        this.ports.send(request, file, (share) => this.move(id, { at: 'sending', share })),
      );
      this.move(id, { at: 'looking' });
    } catch (error) {
      this.move(id, { at: 'failed', reason: (error as Error).message });
    }
  }

  private async again<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (tries === TRIES) throw error;
        await this.ports.wait(FIRST_PAUSE_MS * 2 ** (tries - 1));
      }
    }
  }

  private async watch(files: readonly QueuedFile[]): Promise<void> {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      const open = files.filter(({ id }) => this.standingOf(id) === 'looking');
      if (open.length === 0) return;
      await this.ports.wait(LOOK_EVERY_MS);
      await this.ask(open);
    }
    for (const { id } of files) if (this.standingOf(id) === 'looking') this.move(id, { at: 'slow' });
  }
}
