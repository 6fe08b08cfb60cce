// The HTTP contract with a memory instead of AWS behind it, so that the pages can be tested alone.

import { randomUUID } from 'node:crypto';
import { EMOTIONS, type Emotion } from '../../../lambda/shared/contract/emotions';
import type {
  Campaign,
  Group,
  LikeEvent,
  LikesRequest,
  Person,
  ProgressResponse,
  RankingRequest,
  Run,
  StatusResponse,
  TrainingRequest,
} from '../../../lambda/shared/contract/schemas';

import { FakeCuration } from './fake-curation';
import { answer, type FakeModel, ordered } from './fake-model';
import { groupsOf, runningRun } from './fake-pipeline';

/** A request as the fake sees it. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization?: string;
  readonly body?: unknown;
}

/** A response; `body` becomes JSON. */
export interface FakeResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

export const OPERATOR_TOKEN = 'operator-token-of-the-test';

interface FakeVisitor {
  readonly visitorId: string;
  readonly liked: Set<string>;
  readonly events: Map<string, LikeEvent>;
  readonly sessions: Set<string>;
}

const problem = (status: number, title: string, headers?: Record<string, string>): FakeResponse => ({
  status,
  body: { type: 'about:blank', title, status },
  headers,
});

/** The state behind the fake API, open for the tests to look at and to change. */
export class FakeApi {
  readonly visitors = new Map<string, FakeVisitor>();
  readonly batches: LikesRequest[] = [];
  readonly latest: { itemId: string; url: string; emotion: Emotion; likedAt: string }[] = [];
  /** Interactions that other people have given. */
  others = { users: 3, qualifiedUsers: 2, interactions: 120 };
  minimum = { users: 25, interactions: 1000 };
  /** Answers a call instead of the fake; for faults. */
  intercept: (request: FakeRequest) => FakeResponse | undefined = () => undefined;
  /** Answers a call when this has resolved; for what is under way. */
  delay: (request: FakeRequest) => Promise<void> | undefined = () => undefined;
  model: FakeModel = { source: 'popular', recommendationId: 'RID-1' };
  /** The pipeline's runs, newest first. */
  runs: Run[] = [];
  campaigns: Campaign[] = [];
  refusedFiles: { key: string; reason: string }[] = [];
  groups: Group[] = groupsOf();
  /** What operators asked for, newest last. */
  readonly controlled: TrainingRequest[] = [];
  readonly items: readonly { itemId: string; emotion: Emotion }[];
  readonly curation: FakeCuration;

  constructor(perEmotion = 30) {
    this.items = EMOTIONS.flatMap((emotion) =>
      Array.from({ length: perEmotion }, (_, index) => ({
        itemId: `emotions/${emotion}/${emotion}-${String(index + 1).padStart(2, '0')}.svg`,
        emotion,
      })),
    );
    this.curation = new FakeCuration(this.items);
  }

  get progress(): ProgressResponse {
    const own = [...this.visitors.values()].map(
      ({ events }) => [...events.values()].filter((event) => event.liked).length,
    );
    const users = this.others.users + own.filter((likes) => likes > 0).length;
    const qualifiedUsers = this.others.qualifiedUsers + own.filter((likes) => likes > 1).length;
    const interactions = this.others.interactions + own.reduce((sum, likes) => sum + likes, 0);
    const reached = qualifiedUsers >= this.minimum.users && interactions >= this.minimum.interactions;
    return { users, qualifiedUsers, interactions, minimum: this.minimum, reached };
  }

  /** All like events that were counted, of all visitors. */
  get events(): LikeEvent[] {
    return [...this.visitors.values()].flatMap(({ events }) => [...events.values()]);
  }

  handle(request: FakeRequest): FakeResponse {
    const intercepted = this.intercept(request);
    if (intercepted !== undefined) return intercepted;
    if (request.authorization === `Bearer ${OPERATOR_TOKEN}`) {
      const curated = this.curation.handle(request);
      if (curated) return curated;
    }
    switch (`${request.method} ${request.path}`) {
      case 'POST /api/visitors':
        return { status: 201, body: this.arrive() };
      case 'DELETE /api/visitors/me':
        return this.forget(request);
      case 'GET /api/images':
        return this.images(request);
      case 'POST /api/likes':
        return this.likes(request);
      case 'GET /api/progress':
        return { status: 200, body: this.progress };
      case 'GET /api/latest':
        return { status: 200, body: { images: this.latest.slice(0, 12) } };
      case 'GET /api/recommendations':
        return this.recommend(request);
      case 'POST /api/ranking':
        return this.rank(request);
      case 'GET /api/status':
        return this.status(request);
      case 'POST /api/operator/training':
        return this.training(request);
      case 'GET /api/operator/refused':
        return this.refused(request);
      case 'POST /api/operator/people':
        return this.people(request);
      default:
        return request.path.startsWith('/api/similar/') ? this.similar(request) : problem(404, 'not found');
    }
  }

  private arrive(): Person {
    const visitorId = randomUUID();
    this.visitors.set(visitorId, { visitorId, liked: new Set(), events: new Map(), sessions: new Set() });
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    return { visitorId, token: `token-${visitorId}`, expiresAt, label: 'person' };
  }

  private visitorOf({ authorization }: FakeRequest): FakeVisitor | undefined {
    return this.visitors.get(authorization?.replace('Bearer token-', '') ?? '');
  }

  private forget(request: FakeRequest): FakeResponse {
    const visitor = this.visitorOf(request);
    if (visitor === undefined) return problem(401, 'no valid token');
    this.visitors.delete(visitor.visitorId);
    return { status: 202, body: { likes: visitor.events.size } };
  }

  private images(request: FakeRequest): FakeResponse {
    const visitor = this.visitorOf(request);
    if (visitor === undefined) return problem(401, 'no valid token');
    const emotion = request.query.get('emotion');
    const limit = Number(request.query.get('limit') ?? 12);
    const from = Number(request.query.get('cursor') ?? 0);
    const all = this.items.filter((item) => emotion === null || item.emotion === emotion);
    const images = all.slice(from, from + limit).map((item) => ({
      ...item,
      url: `/${item.itemId}`,
      liked: visitor.liked.has(item.itemId),
    }));
    const cursor = from + limit < all.length ? String(from + limit) : undefined;
    return { status: 200, body: { images, cursor } };
  }

  private recommend(request: FakeRequest): FakeResponse {
    const visitor = this.visitorOf(request);
    if (visitor === undefined) return problem(401, 'no valid token');
    const emotion = request.query.get('emotion');
    const fitting = this.items.filter(
      (item) => (emotion === null || item.emotion === emotion) && !visitor.liked.has(item.itemId),
    );
    const list = ordered(fitting, visitor.liked, this.model.source);
    const body = answer(list.slice(0, Number(request.query.get('limit') ?? 12)), visitor.liked, this.model);
    return { status: 200, body };
  }

  private similar(request: FakeRequest): FakeResponse {
    const visitor = this.visitorOf(request);
    if (visitor === undefined) return problem(401, 'no valid token');
    const itemId = decodeURIComponent(request.path.replace('/api/similar/', ''));
    const shown = this.items.find((item) => item.itemId === itemId);
    if (shown === undefined) return problem(404, 'no such picture');
    const others = this.items.filter((item) => item !== shown && item.emotion === shown.emotion);
    const list = others.slice(-Number(request.query.get('limit') ?? 12));
    const model = { ...this.model, recommendationId: 'RID-similar' };
    return { status: 200, body: answer(list, visitor.liked, model) };
  }

  private rank(request: FakeRequest): FakeResponse {
    const visitor = this.visitorOf(request);
    if (visitor === undefined) return problem(401, 'no valid token');
    const { itemIds } = request.body as RankingRequest;
    const named = this.items.filter(({ itemId }) => itemIds.includes(itemId)).reverse();
    return { status: 200, body: answer(named, visitor.liked, this.model) };
  }

  private status({ authorization }: FakeRequest): FakeResponse {
    const [last] = this.runs;
    const ready = this.runs.some(({ outcome }) => outcome === 'succeeded');
    const body: StatusResponse = !last
      ? { state: 'collecting' }
      : { state: last.outcome === 'running' ? 'training' : ready ? 'ready' : 'failed', step: last.step };
    if (authorization === undefined) return { status: 200, body };
    if (authorization !== `Bearer ${OPERATOR_TOKEN}`) return problem(401, 'not an operator');
    return {
      status: 200,
      body: { ...body, runs: this.runs, campaigns: this.campaigns, groups: this.groups },
    };
  }

  private training({ authorization, body }: FakeRequest): FakeResponse {
    if (authorization !== `Bearer ${OPERATOR_TOKEN}`) return problem(401, 'not an operator');
    const request = body as TrainingRequest;
    this.controlled.push(request);
    const { action } = request;
    if (request.datasetGroup !== undefined) return { status: 202, body: { executions: ['run'] } };
    const now = new Date().toISOString();
    if (action === 'start') this.runs.unshift(runningRun(now));
    else {
      const [last] = this.runs;
      const result = { step: 'train', error: 'Stopped', reason: 'Stopped by an operator' };
      if (last) this.runs[0] = { ...last, outcome: 'failed', endedAt: now, result };
    }
    return { status: 202, body: { executions: ['run'] } };
  }

  private likes(request: FakeRequest): FakeResponse {
    const visitor = this.visitorOf(request);
    if (visitor === undefined) return problem(401, 'no valid token');
    const { sessionId, likes } = request.body as LikesRequest;
    if (likes.length < 1 || likes.length > 10) return problem(400, 'must have 1 to 10 likes');
    this.batches.push({ sessionId, likes });
    visitor.sessions.add(sessionId);
    const receipt = { accepted: [] as string[], duplicates: [] as string[], rejected: [] as object[] };
    for (const event of likes) {
      const known = visitor.events.has(event.eventId);
      (known ? receipt.duplicates : receipt.accepted).push(event.eventId);
      if (known) continue;
      visitor.events.set(event.eventId, event);
      this.note(visitor, event);
    }
    return { status: 202, body: receipt };
  }

  private note(visitor: FakeVisitor, { itemId, liked, occurredAt }: LikeEvent): void {
    const emotion = this.items.find((item) => item.itemId === itemId)?.emotion ?? 'calm';
    if (liked) {
      visitor.liked.add(itemId);
      this.latest.unshift({ itemId, url: `/${itemId}`, emotion, likedAt: occurredAt });
    } else visitor.liked.delete(itemId);
  }

  private refused({ authorization }: FakeRequest): FakeResponse {
    if (authorization !== `Bearer ${OPERATOR_TOKEN}`) return problem(401, 'not an operator');
    return { status: 200, body: { files: this.refusedFiles, count: this.refusedFiles.length } };
  }

  private people(request: FakeRequest): FakeResponse {
    if (request.authorization !== `Bearer ${OPERATOR_TOKEN}`) return problem(403, 'not an operator');
    const { count = 1 } = request.body as { count?: number };
    return { status: 201, body: { visitors: Array.from({ length: count }, () => this.arrive()) } };
  }
}
