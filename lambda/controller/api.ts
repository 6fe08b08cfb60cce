// Amazon Personalize as the controller calls it: any operation by its name, never more than one a second of each, because the control
// plane allows no more (Service Quotas, not adjustable). Lists are read to their last page.
import { Personalize, type PersonalizeClientConfig } from '@aws-sdk/client-personalize';

export interface PersonalizeApi {
  /** @throws the service's error, by its name */
  // biome-ignore lint/suspicious/noExplicitAny: the SDK types each answer by its operation, which is data here.
  call(operation: string, input: object): Promise<any>;
}

export function personalizeApi(config: PersonalizeClientConfig): PersonalizeApi {
  const client = new Personalize(config);
  return {
    call(operation, input) {
      const method = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}` as keyof Personalize;
      const send = client[method] as unknown as ((input: object) => Promise<unknown>) | undefined;
      if (typeof send !== 'function') throw new Error(`Amazon Personalize has no operation ${operation}`);
      return send.call(client, input);
    },
  };
}

export interface Pace {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Waits for calls of others, and has them wait for this one. @default - nobody else calls */
  readonly others?: (operation: string, intervalMs: number) => Promise<void>;
}

/** A little more than a second, because calls do not all take the same time to arrive. */
const INTERVAL_MS = 1050;

/**
 * Calls of one operation follow each other with a second between; those of different operations do not wait for each other. A function
 * that was frozen meanwhile goes on with the wait, so that what waited does not go out at once.
 */
export function paced(api: PersonalizeApi, { now, sleep, others }: Pace): PersonalizeApi {
  const interval = INTERVAL_MS;
  const sent = new Map<string, Promise<number>>();
  const turn = async (operation: string, before: Promise<number>): Promise<number> => {
    const free = (await before) + interval;
    while (now() < free) await sleep(free - now());
    await others?.(operation, interval);
    return now();
  };
  return {
    async call(operation, input) {
      const mine = turn(operation, sent.get(operation) ?? Promise.resolve(Number.NEGATIVE_INFINITY));
      sent.set(operation, mine);
      await mine;
      return api.call(operation, input);
    },
  };
}

/** All pages of a list; `member` as the answer calls it. */
export async function listAll<T>(
  api: PersonalizeApi,
  operation: string,
  member: string,
  input: object = {},
): Promise<T[]> {
  const all: T[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await api.call(operation, { ...input, maxResults: 100, ...(nextToken && { nextToken }) });
    all.push(...((answer[member] ?? []) as T[]));
    nextToken = answer.nextToken;
  } while (nextToken);
  return all;
}

export const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'Error');
