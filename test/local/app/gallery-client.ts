// The gallery's HTTP API as a test uses it: people who act through the site's own address.
import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ImagesResponse,
  LikeEvent,
  LikesResponse,
  PeopleResponse,
  Person,
  ProgressResponse,
  RecommendationsResponse,
  StatusResponse,
  VisitorResponse,
} from '../../../lambda/shared/contract/schemas';

const TRIES = 5;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly rawBody?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that was not asked for. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';

  constructor(
    what: string,
    readonly answer: Answer,
  ) {
    super(`${what}: ${answer.status} ${answer.text.slice(0, 500)}`);
  }
}

/** A like of `itemId`, now. */
export function likeOf(itemId: string, more: Partial<LikeEvent> = {}): LikeEvent {
  return {
    eventId: randomUUID(),
    itemId,
    liked: true,
    impression: [itemId],
    occurredAt: new Date().toISOString(),
    ...more,
  };
}

/** The token in an operator link. */
export function operatorToken(link: string): string {
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get('operator');
  if (token === null) throw new Error(`no operator token in ${link}`);
  return token;
}

/** Connections are kept open between calls, as browsers do; `close` ends them. */
export class GalleryClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(readonly siteUrl: string) {}

  close(): void {
    this.agent.destroy();
  }

  /** Any request; rejects only when there is no answer at all. */
  send(path: string, call: Call = {}): Promise<Answer> {
    const url = new URL(this.siteUrl);
    const body = call.rawBody ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const headers = {
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      }),
      ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
      ...call.headers,
    };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        // The path goes out as it is, so that malformed ones reach the server.
        {
          host: url.hostname,
          port: url.port,
          path,
          method: call.method ?? 'GET',
          headers,
          agent: this.agent,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  createVisitor(body: { emotion?: string; locale?: string } = {}): Promise<VisitorResponse> {
    return this.json(201, '/api/visitors', { method: 'POST', body });
  }

  async createPeople(token: string, body: { count?: number; emotion?: string }): Promise<Person[]> {
    const answer = await this.json<PeopleResponse>(201, '/api/operator/people', {
      method: 'POST',
      token,
      body,
    });
    return answer.visitors;
  }

  images(token: string, query = ''): Promise<ImagesResponse> {
    return this.json(200, `/api/images${query}`, { token });
  }

  /** Every picture of the gallery. */
  async allImages(token: string): Promise<ImagesResponse['images']> {
    const images: ImagesResponse['images'] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await this.images(token, `?limit=50${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      images.push(...page.images);
      cursor = page.cursor;
    }
    return images;
  }

  like(token: string, likes: readonly LikeEvent[], sessionId: string = randomUUID()): Promise<LikesResponse> {
    return this.json(202, '/api/likes', { method: 'POST', token, body: { sessionId, likes } });
  }

  progress(): Promise<ProgressResponse> {
    return this.json(200, '/api/progress');
  }

  status(token?: string): Promise<StatusResponse> {
    return this.json(200, '/api/status', { token });
  }

  recommendations(token: string, query = ''): Promise<RecommendationsResponse> {
    return this.json(200, `/api/recommendations${query}`, { token });
  }

  similar(token: string, itemId: string, query = ''): Promise<RecommendationsResponse> {
    return this.json(200, `/api/similar/${itemId}${query}`, { token });
  }

  private async json<T>(status: number, path: string, call: Call = {}): Promise<T> {
    let answer = await this.send(path, call);
    // As the pages do: reading again does no harm.
    for (
      let attempt = 1;
      answer.status === 503 && call.method === undefined && attempt < TRIES;
      attempt += 1
    ) {
      await sleep(attempt * 200);
      answer = await this.send(path, call);
    }
    if (answer.status !== status) throw new UnexpectedAnswer(`${call.method ?? 'GET'} ${path}`, answer);
    return JSON.parse(answer.text) as T;
  }
}
