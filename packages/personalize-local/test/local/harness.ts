// A running service with a manual clock and real SDK clients over HTTP.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { createPersonalize, ManualClock, type PersonalizeOptions } from '../../src';
import { FolderStore } from '../../src/standalone/folder-store';
import { startServer } from '../../src/standalone/server';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/PersonalizeRole`;

export type Harness = Awaited<ReturnType<typeof startHarness>>;

export interface HarnessOptions extends Partial<PersonalizeOptions> {
  /** Folder of an earlier harness; default: a new one. */
  readonly dir?: string;
  /** What the clock shows at the start (epoch ms). */
  readonly startedAt?: number;
}

export async function startHarness({
  dir: given,
  startedAt = Date.UTC(2026, 0, 1),
  ...options
}: HarnessOptions = {}) {
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'personalize-')));
  const clock = new ManualClock(startedAt);
  const s3Dir = join(dir, 's3');
  const service = await createPersonalize({
    stateDir: join(dir, 'state'),
    accountId: ACCOUNT,
    region: REGION,
    clock,
    objectStore: new FolderStore(s3Dir),
    quotas: false,
    ...options,
  });
  const server = await startServer({ service, port: 0 });
  const settings = {
    endpoint: server.url,
    region: REGION,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const control = new PersonalizeClient(settings);
  const events = new PersonalizeEventsClient(settings);
  const runtime = new PersonalizeRuntimeClient(settings);
  return {
    dir,
    s3Dir,
    url: server.url,
    clock,
    service,
    control,
    events,
    runtime,
    /** Moves the clock second by second, letting the work of each second happen, until `done` holds. */
    async until(done: () => Promise<boolean>, what = 'the condition'): Promise<void> {
      const deadline = Date.now() + 120_000;
      while (!(await done())) {
        if (Date.now() > deadline) throw new Error(`${what} did not come to hold`);
        clock.advance(10_000);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    async stop({ keep = false } = {}): Promise<void> {
      for (const client of [control, events, runtime]) client.destroy();
      await server.close();
      await service.close();
      if (!keep) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The error that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { $metadata?: object }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}
