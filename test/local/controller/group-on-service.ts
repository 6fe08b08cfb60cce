// The controller of one group, in this process, against Amazon Personalize on localhost with its quotas on and a clock that tests move.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ActualFiles } from '../../../lambda/controller/actual';
import { type PersonalizeApi, paced, personalizeApi } from '../../../lambda/controller/api';
import { emptyDeclaration, type QualityGate } from '../../../lambda/controller/declaration';
import type { GroupRow } from '../../../lambda/controller/group-row';
import { underLease } from '../../../lambda/controller/lease';
import { type Memo, observe } from '../../../lambda/controller/observe';
import { type Ended, tick, type Wanted } from '../../../lambda/controller/tick';
import { declarationOf } from '../../../lambda/shared/configuration/declare';
import { readConfiguration } from '../../../lambda/shared/configuration/read';
import {
  ACCOUNT,
  type Harness,
  REGION,
  ROLE,
  startHarness,
} from '../../../packages/personalize-local/test/local/harness';
import { MemoryRows } from '../../unit/controller/memory-rows';

const BUCKET = 'gallery';
const GALLERY = 'gallery';
const ARN_BASE = `arn:aws:personalize:${REGION}:${ACCOUNT}`;
/** Whether a new version serves does not matter here, as long as it is certain. */
const gate: QualityGate = {
  metric: 'coverage',
  ...{ minimumRatioToBaseline: 0, minimumRatioToServed: 0, standardErrors: 0 },
};

export const arnOf = (kind: string, name: string) => `${ARN_BASE}:${kind}/${name}`;

/** One after the other: the clock moves in jumps, and what is under way together would arrive at one moment. */
function inTurn(api: PersonalizeApi): PersonalizeApi {
  let last: Promise<unknown> = Promise.resolve();
  return {
    call(operation, input) {
      const mine = last.then(() => api.call(operation, input));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

export class GroupOnService {
  readonly rows = new MemoryRows();
  /** How runs ended. */
  readonly ended: Ended[] = [];
  /** What was done, in words. */
  readonly steps: string[] = [];
  /** Of calls that the service refused because they came too fast. */
  throttled = 0;
  /** By operation, when it was called: milliseconds of the service's clock. */
  private readonly calls = new Map<string, number[]>();
  private readonly memo: Memo = new Map();
  private readonly files = new Map<string, number>();
  private readonly api: PersonalizeApi;
  private file?: { readonly text: string; readonly at: string };

  private constructor(
    readonly service: Harness,
    private readonly name: string,
  ) {
    this.api = this.connect();
  }

  static async start(name: string): Promise<GroupOnService> {
    return new GroupOnService(await startHarness({ quotas: true }), name);
  }

  get now(): number {
    return this.service.clock.now();
  }

  /** How many calls there were, and how many of one operation within any one second, of the operation that has most. */
  get traffic(): { readonly calls: number; readonly inASecond: number; readonly of: string } {
    const busiest = [...this.calls].map(([of, times]) => {
      const within = times.map((time, first) => times.slice(first).filter((at) => at < time + 1000).length);
      return { of, inASecond: Math.max(...within) };
    });
    const [most = { of: '', inASecond: 0 }] = busiest.sort((a, b) => b.inASecond - a.inASecond);
    return { calls: [...this.calls.values()].flat().length, ...most };
  }

  async putData(key: string, text: string): Promise<void> {
    const path = join(this.service.s3Dir, BUCKET, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    // As S3 tells times.
    this.files.set(key, Math.floor(this.now / 1000) * 1000);
    this.service.clock.advance(2000);
  }

  /** The file that declares the group; nothing: it is deleted. */
  put(content: object | undefined): void {
    this.file = content && { text: JSON.stringify(content), at: new Date(this.now).toISOString() };
    this.service.clock.advance(2000);
  }

  /** Ticks until the group rests. */
  async settle(): Promise<GroupRow> {
    for (let ticks = 0; ticks < 300; ticks += 1) {
      const ticked = await this.tick();
      if (ticked.waitSeconds === undefined) return ticked.row;
      this.service.clock.advance(ticked.waitSeconds * 1000);
      // Trainings compute in real time.
      await this.service.service.rest();
    }
    throw new Error(`the group does not come to rest: ${JSON.stringify(this.rows.row)}`);
  }

  /** Lets time pass, looking whenever the row asks for it. */
  async pass(ms: number): Promise<GroupRow> {
    const end = this.now + ms;
    let row = await this.settle();
    while (this.now < end) {
      const next = Math.min(end, Math.max(Date.parse(row.lookAt), this.now + 1000));
      this.service.clock.advance(next - this.now);
      row = await this.settle();
    }
    return row;
  }

  private connect(): PersonalizeApi {
    const { clock } = this.service;
    const now = () => clock.now();
    const send = personalizeApi({
      ...{ endpoint: this.service.url, region: REGION, maxAttempts: 1 },
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    });
    return inTurn(
      paced(
        {
          call: async (operation, input) => {
            this.calls.set(operation, [...(this.calls.get(operation) ?? []), now()]);
            try {
              return await send.call(operation, input);
            } catch (error) {
              if ((error as Error).name === 'ThrottlingException') this.throttled += 1;
              throw error;
            }
          },
        },
        { now, sleep: async (ms) => clock.advance(ms) },
      ),
    );
  }

  private async tick() {
    const { api } = this;
    const { clock } = this.service;
    const now = () => clock.now();
    const started = new Date(this.now).toISOString();
    const done = await underLease(this.rows, arnOf('dataset-group', this.name), started, now, (row) =>
      tick(
        {
          ...{ api, now, timeLeft: () => true, run: { key: started, reason: 'test', startedAt: started } },
          wanted: async () => this.wanted(),
          observe: (declaration, { schemas }) =>
            observe(
              {
                ...{ api, memo: this.memo, arnBase: ARN_BASE, schemas, progress: async () => undefined },
                filesOf: async (declared) => this.filesOf(declared.type, declared.prefix),
              },
              declaration,
            ),
          beginRun: async (_row, run) => this.rows.noteRun(run),
          noteStep: async (_row, _run, _step, detail) => {
            this.steps.push(detail);
          },
          noteSchema: async (_row, name) => this.rows.noteSchema(name),
          endRun: async (_row, _run, ended) => {
            this.ended.push(ended);
          },
        },
        row,
      ),
    );
    if (!done) throw new Error('nobody else ticks');
    // A second, as the machine takes at least: calls of the next tick are apart from those of this one.
    clock.advance(1000);
    return done;
  }

  private wanted(): Wanted {
    const source = { name: 'personalize/config/file.json', declaredAt: this.file?.at ?? '' };
    if (!this.file) return { sources: [], declaration: emptyDeclaration({ name: this.name }, GALLERY) };
    const read = readConfiguration(this.file.text);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const declaration = declarationOf(read.configuration, {
      ...{ source, bucket: BUCKET, serviceRoleArn: ROLE, galleryGroup: GALLERY, gate },
    });
    return { sources: [{ name: source.name }], declaration };
  }

  private filesOf(type: ActualFiles['type'], prefix: string): ActualFiles {
    const keys = [...this.files.keys()];
    const times = keys.filter((key) => key.startsWith(prefix)).map((key) => this.files.get(key) ?? 0);
    if (times.length > 0) {
      const fingerprint = createHash('sha256').update(times.join()).digest('hex').slice(0, 8);
      return { type, place: prefix, newestAt: Math.max(...times), fingerprint, found: [] };
    }
    return { type, found: keys };
  }
}
