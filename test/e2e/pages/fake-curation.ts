// The calls of operators about pictures, with a memory instead of a bucket and a catalogue: what was sent is listed when it is asked for.
import { itemIdOf } from '../../../lambda/curate/file-name';
import { EMOTIONS, type Emotion } from '../../../lambda/shared/contract/emotions';
import type { PictureRequest, UploadFile, UploadState } from '../../../lambda/shared/contract/schemas';
import type { FakeRequest, FakeResponse } from './fake-api';

export class FakeCuration {
  /** Item ids that are in the gallery, the newest first. */
  readonly shown: string[];
  readonly removed: string[] = [];
  /** What was sent, by item id. */
  readonly received = new Map<string, Buffer>();

  constructor(items: readonly { readonly itemId: string }[]) {
    this.shown = items.map(({ itemId }) => itemId);
  }

  /** Undefined for a call of another kind. */
  handle({ method, path, query, body }: FakeRequest): FakeResponse | undefined {
    switch (`${method} ${path}`) {
      case 'GET /api/operator/pictures':
        return this.list(query.get('emotion') as Emotion, Number(query.get('from')));
      case 'POST /api/operator/pictures':
        return this.move(body as PictureRequest);
      case 'GET /api/operator/removed': {
        const files = this.removed.map((itemId) => ({ itemId, removedAt: '2026-05-01T12:00:00.000Z' }));
        return { status: 200, body: { files, count: files.length } };
      }
      case 'POST /api/operator/uploads': {
        const uploads = (body as { files: UploadFile[] }).files.map((file) => this.stateOf(file));
        return { status: 200, body: { uploads } };
      }
      default:
        return undefined;
    }
  }

  /** A file has arrived. */
  receive(path: string, content: Buffer): void {
    this.received.set(path.slice(1), content);
  }

  private list(emotion: Emotion, from: number): FakeResponse {
    const all = this.shown.filter((itemId) => itemId.split('/')[1] === emotion);
    const images = all.slice(from, from + 60).map((itemId) => this.image(itemId));
    return { status: 200, body: { images, count: all.length } };
  }

  private image(itemId: string) {
    const emotion = EMOTIONS.find((each) => each === itemId.split('/')[1]) ?? 'calm';
    return {
      itemId,
      url: this.received.has(itemId) ? `/emotions/${emotion}/${emotion}-01.svg` : `/${itemId}`,
      emotion,
      liked: false,
    };
  }

  private move({ action, itemId }: PictureRequest): FakeResponse {
    const [from, to] = action === 'remove' ? [this.shown, this.removed] : [this.removed, this.shown];
    const place = from.indexOf(itemId);
    if (place < 0) return { status: 404, body: { type: 'about:blank', title: 'Not found', status: 404 } };
    from.splice(place, 1);
    to.unshift(itemId);
    return { status: 202, body: { itemId } };
  }

  private stateOf(file: UploadFile): UploadState {
    const itemId = itemIdOf(file);
    if (this.removed.includes(itemId)) return { state: 'removed', itemId };
    if (this.shown.includes(itemId)) return { state: 'listed', itemId, image: this.image(itemId) };
    const content = this.received.get(itemId);
    if (content?.toString('latin1', 0, 4) === 'text')
      return {
        state: 'refused',
        itemId,
        reason: 'not a picture: expected JPEG, PNG, WebP, AVIF, GIF or SVG',
      };
    if (content) {
      this.shown.unshift(itemId);
      return { state: 'listed', itemId, image: this.image(itemId) };
    }
    const headers = { 'content-type': file.type, 'x-amz-checksum-sha256': file.sha256 };
    return {
      state: 'send',
      itemId,
      request: { url: `/${itemId.split('/').map(encodeURIComponent).join('/')}`, headers },
    };
  }
}
