// The calls of the HTTP contract, one method each.

import type { Emotion } from '../emotions';
import { readAnswer, type Shape } from './answer';
import { ProblemError } from './problem-error';
import type {
  Forgotten,
  ImagePage,
  Latest,
  LatestLike,
  LikeBatch,
  LikeReceipt,
  OperatorPictures,
  Progress,
  Recommendations,
  RefusedFiles,
  RemovedFiles,
  Status,
  TrainingReceipt,
  TrainingRequest,
  UploadFile,
  Uploads,
  Visitor,
} from './types';

/** How long a call may take before it counts as a lost connection. */
const TIMEOUT_MS = 15_000;

interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly token?: string;
  readonly body?: unknown;
  /** What the answer has, if it is one. */
  readonly answer: Shape;
}

const VISITOR = { visitorId: 'text', token: 'text' } as const;
const PICTURES = { images: 'list' } as const;

/** The calls under /api/. Every method throws a ProblemError when it gets no good answer. */
export class ApiClient {
  constructor(
    private readonly send: typeof fetch,
    private readonly now: () => number,
  ) {}

  private async call<T>(path: string, { method = 'GET', token, body, answer }: Call): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await this.send(path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw ProblemError.noAnswer(String(error));
    }
    return readAnswer<T>(response, answer, this.now());
  }

  createVisitor(choices: { emotion?: Emotion; locale?: string }): Promise<Visitor> {
    return this.call('/api/visitors', { method: 'POST', body: choices, answer: VISITOR });
  }

  /** Deletes all that is known of the visitor of the token. */
  forgetVisitor(token: string): Promise<Forgotten> {
    return this.call('/api/visitors/me', { method: 'DELETE', token, answer: { likes: 'number' } });
  }

  /** One page of an emotion's pictures; without an emotion, of all pictures. */
  images(token: string, query: { emotion?: Emotion; limit: number; cursor?: string }): Promise<ImagePage> {
    const parameters = new URLSearchParams({ limit: String(query.limit) });
    if (query.emotion !== undefined) parameters.set('emotion', query.emotion);
    if (query.cursor !== undefined) parameters.set('cursor', query.cursor);
    return this.call(`/api/images?${parameters}`, { token, answer: PICTURES });
  }

  sendLikes(token: string, batch: LikeBatch): Promise<LikeReceipt> {
    return this.call('/api/likes', {
      method: 'POST',
      token,
      body: batch,
      answer: { accepted: 'list', duplicates: 'list', rejected: 'list' },
    });
  }

  /** Pictures for the visitor of the token; without an emotion, of all. */
  recommendations(token: string, query: { emotion?: Emotion; limit: number }): Promise<Recommendations> {
    const parameters = new URLSearchParams({ limit: String(query.limit) });
    if (query.emotion !== undefined) parameters.set('emotion', query.emotion);
    return this.call(`/api/recommendations?${parameters}`, { token, answer: PICTURES });
  }

  similar(token: string, itemId: string, limit: number): Promise<Recommendations> {
    const path = itemId.split('/').map(encodeURIComponent).join('/');
    return this.call(`/api/similar/${path}?limit=${limit}`, { token, answer: PICTURES });
  }

  /** The given pictures, at most 100, in the order that suits the visitor of the token. */
  rank(token: string, itemIds: readonly string[]): Promise<Recommendations> {
    return this.call('/api/ranking', { method: 'POST', token, body: { itemIds }, answer: PICTURES });
  }

  /** What the training pipeline is doing; an operator's token brings the runs and the campaigns. */
  status(operatorToken?: string): Promise<Status> {
    return this.call('/api/status', { token: operatorToken, answer: { state: 'text' } });
  }

  /** Files that are not in the gallery, and why; for an operator's token only. */
  refusedFiles(operatorToken: string): Promise<RefusedFiles> {
    const answer = { files: 'list', count: 'number' } as const;
    return this.call('/api/operator/refused', { token: operatorToken, answer });
  }

  /** Where files are to be sent, or what became of them; in their order. */
  planUploads(operatorToken: string, files: readonly UploadFile[]): Promise<Uploads> {
    return this.call('/api/operator/uploads', {
      method: 'POST',
      token: operatorToken,
      body: { files },
      answer: { uploads: 'list' },
    });
  }

  /** Pictures of an emotion, the newest first, from a place in that order on. */
  operatorPictures(operatorToken: string, emotion: Emotion, from: number): Promise<OperatorPictures> {
    const query = new URLSearchParams({ emotion, from: String(from) });
    const answer = { images: 'list', count: 'number' } as const;
    return this.call(`/api/operator/pictures?${query}`, { token: operatorToken, answer });
  }

  removedPictures(operatorToken: string): Promise<RemovedFiles> {
    const answer = { files: 'list', count: 'number' } as const;
    return this.call('/api/operator/removed', { token: operatorToken, answer });
  }

  async movePicture(operatorToken: string, action: 'remove' | 'restore', itemId: string): Promise<void> {
    const body = { action, itemId };
    const answer = { itemId: 'text' } as const;
    await this.call('/api/operator/pictures', { method: 'POST', token: operatorToken, body, answer });
  }

  controlTraining(operatorToken: string, body: TrainingRequest): Promise<TrainingReceipt> {
    return this.call('/api/operator/training', {
      method: 'POST',
      token: operatorToken,
      body,
      answer: { executions: 'list' },
    });
  }

  progress(): Promise<Progress> {
    return this.call('/api/progress', { answer: { interactions: 'number', qualifiedUsers: 'number' } });
  }

  /** The pictures liked last, newest first. */
  async latest(): Promise<readonly LatestLike[]> {
    return (await this.call<Latest>('/api/latest', { answer: PICTURES })).images;
  }

  /** New people, for an operator's token only. */
  async createPeople(
    operatorToken: string,
    people: { count: number; emotion?: Emotion },
  ): Promise<readonly Visitor[]> {
    const call = {
      method: 'POST',
      token: operatorToken,
      body: people,
      answer: { visitors: 'list' },
    } as const;
    return (await this.call<{ visitors: Visitor[] }>('/api/operator/people', call)).visitors;
  }
}
