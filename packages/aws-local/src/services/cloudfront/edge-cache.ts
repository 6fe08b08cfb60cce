// What the edge remembers: answers by distribution, path and query, with their compressed forms, the least used dropped first.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface CachedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  readonly expiresAt: number;
  readonly path: string;
  readonly compressed: Map<Encoding, Promise<Buffer>>;
}

export type Encoding = 'br' | 'gzip';

const MOST_BYTES = 48 * 1024 * 1024;
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const SMALLEST_COMPRESSED = 1_000;
const LARGEST_COMPRESSED = 10_000_000;
const COMPRESSED_TYPES =
  /^(text\/|application\/(json|javascript|x-javascript|xml|xhtml\+xml|rss\+xml|vnd\.ms-fontobject|wasm|manifest\+json|problem\+json)|image\/(svg\+xml|bmp|x-icon)|font\/(ttf|otf|opentype|eot))/;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

export class EdgeCache {
  private readonly answers = new Map<string, CachedAnswer>();
  private bytes = 0;

  get(key: string, now: number): CachedAnswer | undefined {
    const answer = this.answers.get(key);
    if (!answer) return undefined;
    if (answer.expiresAt <= now) {
      this.drop(key);
      return undefined;
    }
    // Moved to the end: the map's order is the order of use.
    this.answers.delete(key);
    this.answers.set(key, answer);
    return answer;
  }

  put(key: string, answer: CachedAnswer): void {
    this.drop(key);
    if (answer.body.length > MOST_BYTES / 8) return;
    this.answers.set(key, answer);
    this.bytes += answer.body.length;
    for (const oldest of this.answers.keys()) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest);
    }
  }

  /** Forgets the answers of a distribution whose path fits; a `*` at the pattern's end stands for anything. */
  invalidate(distribution: string, pattern: string): void {
    for (const [key, answer] of this.answers) {
      if (!key.startsWith(`${distribution} `)) continue;
      const fits = pattern.endsWith('*')
        ? answer.path.startsWith(pattern.slice(0, -1))
        : answer.path === pattern;
      if (fits) this.drop(key);
    }
  }

  private drop(key: string): void {
    const answer = this.answers.get(key);
    if (!answer) return;
    this.bytes -= answer.body.length;
    this.answers.delete(key);
  }
}

/** The encoding that the viewer takes and the answer is worth, or undefined. */
export function chooseEncoding(accepted: string | undefined, answer: CachedAnswer): Encoding | undefined {
  const type = answer.headers['content-type'];
  const size = answer.body.length;
  if (size < SMALLEST_COMPRESSED || size > LARGEST_COMPRESSED || answer.headers['content-encoding'])
    return undefined;
  if (typeof type !== 'string' || !COMPRESSED_TYPES.test(type)) return undefined;
  const offers = (accepted ?? '').split(',').map((offer) => offer.trim());
  const takes = (name: string) =>
    offers.some((offer) => new RegExp(`^${name}(;\\s*q=(?!0(\\.0*)?$).*)?$`).test(offer));
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : undefined;
}

export function compress(answer: CachedAnswer, encoding: Encoding): Promise<Buffer> {
  const known = answer.compressed.get(encoding);
  if (known) return known;
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  const made = encoding === 'br' ? brotli(answer.body, options) : zip(answer.body);
  answer.compressed.set(encoding, made);
  return made;
}
