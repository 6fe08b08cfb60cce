// Decodes aws-chunked bodies: chunks with or without signatures, and the trailer with the checksum.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
import { createHash, createHmac } from 'node:crypto';
import { AwsError } from '../service';

/** What the chunks of a signed upload are signed with; absent for unsigned chunks. */
export interface ChunkSigning {
  readonly key: Buffer;
  /** The signature of the request's headers, from which the chain starts. */
  readonly seed: string;
  readonly timestamp: string;
  /** `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: string;
}

const CRLF = Buffer.from('\r\n');
const EMPTY_SHA256 = createHash('sha256').update('').digest('hex');

export function isChunked(headers: Readonly<Record<string, string>>): boolean {
  return (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
}

function malformed(what: string): AwsError {
  return new AwsError('InvalidRequest', `The aws-chunked body is malformed: ${what}.`, 400);
}

/** A line is a size and a signature, or a trailer. */
const MOST_LINE_BYTES = 4096;

/** Lines and runs of bytes out of pieces that come as they like. */
class Reader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly pieces: AsyncIterator<Buffer>;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** Undefined at the end. The last line may lack its end. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.rest.indexOf(CRLF);
      if (Math.max(end, end < 0 ? this.rest.length : 0) > MOST_LINE_BYTES)
        throw malformed('a line is too long');
      if (end >= 0) return this.cut(end + CRLF.length).toString('latin1', 0, end);
      const more = await this.next();
      if (!more) return this.rest.length > 0 ? this.cut(this.rest.length).toString('latin1') : undefined;
      this.rest = Buffer.concat([this.rest, more]);
    }
  }

  async *take(length: number): AsyncGenerator<Buffer, void, undefined> {
    for (let missing = length; missing > 0; ) {
      if (this.rest.length === 0) {
        const more = await this.next();
        if (!more) throw malformed('a chunk is shorter than it says');
        this.rest = more;
      }
      const bytes = this.cut(Math.min(missing, this.rest.length));
      missing -= bytes.length;
      yield bytes;
    }
  }

  private cut(length: number): Buffer {
    const bytes = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return bytes;
  }

  private async next(): Promise<Buffer | undefined> {
    const { done, value } = await this.pieces.next();
    return done ? undefined : value;
  }
}

/** The signature of a chunk, each of which is made with the one before. */
function chunkSignature(previous: string, digest: string, signing: ChunkSigning): string {
  const text = ['AWS4-HMAC-SHA256-PAYLOAD', signing.timestamp, signing.scope, previous, EMPTY_SHA256, digest];
  return createHmac('sha256', signing.key).update(text.join('\n')).digest('hex');
}

/**
 * The bytes as they come. What follows them is put into `trailers`, by lower-case name, for example `x-amz-checksum-crc32`.
 *
 * @throws InvalidRequest for a malformed body, IncompleteBody for a wrong length, SignatureDoesNotMatch for a wrong chunk
 */
export async function* unchunked(
  source: AsyncIterable<Buffer>,
  headers: Readonly<Record<string, string>>,
  trailers: Record<string, string>,
  signing?: ChunkSigning,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new Reader(source);
  let previous = signing?.seed ?? '';
  let bytes = 0;
  for (let length = -1; length !== 0; ) {
    const [size = '', ...extensions] = ((await reader.line()) ?? '').split(';');
    if (!/^[0-9a-fA-F]{1,8}$/.test(size.trim())) throw malformed(`'${size}' is not a chunk size`);
    length = Number.parseInt(size, 16);
    bytes += length;
    const digest = signing && createHash('sha256');
    for await (const piece of reader.take(length)) {
      digest?.update(piece);
      yield piece;
    }
    if (signing && digest) {
      previous = chunkSignature(previous, digest.digest('hex'), signing);
      const given = extensions.find((extension) => extension.startsWith('chunk-signature='));
      if (given !== `chunk-signature=${previous}`) {
        throw new AwsError(
          'SignatureDoesNotMatch',
          'The signature of a chunk does not match its content.',
          403,
        );
      }
    }
    if (length > 0 && (await reader.line()) !== '') throw malformed('a chunk is longer than it says');
  }
  const declared = headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== bytes) {
    throw new AwsError(
      'IncompleteBody',
      `You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header (${declared}, got ${bytes}).`,
      400,
    );
  }
  for (let line = await reader.line(); line !== undefined; line = await reader.line()) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}
