// Decodes aws-chunked bodies: chunks with or without signatures, and the trailer with the checksum.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
import { createHash, createHmac } from 'node:crypto';
import { AwsError } from '../service';

export interface DecodedBody {
  readonly body: Buffer;
  /** Trailing headers, lower-case, for example `x-amz-checksum-crc32`. */
  readonly trailers: Readonly<Record<string, string>>;
}

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

class Reader {
  private offset = 0;
  constructor(private readonly data: Buffer) {}

  get done(): boolean {
    return this.offset >= this.data.length;
  }

  line(): string {
    const end = this.data.indexOf(CRLF, this.offset);
    if (end < 0) {
      const rest = this.data.toString('latin1', this.offset);
      this.offset = this.data.length;
      return rest;
    }
    const line = this.data.toString('latin1', this.offset, end);
    this.offset = end + CRLF.length;
    return line;
  }

  take(length: number): Buffer {
    if (this.offset + length > this.data.length) throw malformed('a chunk is shorter than it says');
    const bytes = this.data.subarray(this.offset, this.offset + length);
    this.offset += length;
    return bytes;
  }
}

function checkSignature(
  previous: string,
  chunk: Buffer,
  given: string | undefined,
  signing: ChunkSigning,
): string {
  const digest = createHash('sha256').update(chunk).digest('hex');
  const text = ['AWS4-HMAC-SHA256-PAYLOAD', signing.timestamp, signing.scope, previous, EMPTY_SHA256, digest];
  const expected = createHmac('sha256', signing.key).update(text.join('\n')).digest('hex');
  if (given !== expected) {
    throw new AwsError('SignatureDoesNotMatch', 'The signature of a chunk does not match its content.', 403);
  }
  return expected;
}

function readTrailers(reader: Reader): Record<string, string> {
  const trailers: Record<string, string> = {};
  while (!reader.done) {
    const line = reader.line();
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

/** Throws InvalidRequest for a malformed body, IncompleteBody for a wrong length, SignatureDoesNotMatch for a wrong chunk. */
export function decodeChunked(
  data: Buffer,
  headers: Readonly<Record<string, string>>,
  signing?: ChunkSigning,
): DecodedBody {
  const reader = new Reader(data);
  const chunks: Buffer[] = [];
  let previous = signing?.seed ?? '';
  for (;;) {
    const [size = '', ...extensions] = reader.line().split(';');
    if (!/^[0-9a-fA-F]{1,8}$/.test(size.trim())) throw malformed(`'${size}' is not a chunk size`);
    const chunk = reader.take(Number.parseInt(size, 16));
    if (signing) {
      const given = extensions
        .find((e) => e.startsWith('chunk-signature='))
        ?.slice('chunk-signature='.length);
      previous = checkSignature(previous, chunk, given, signing);
    }
    if (chunk.length === 0) break;
    chunks.push(chunk);
    if (reader.line() !== '') throw malformed('a chunk is longer than it says');
  }
  const body = Buffer.concat(chunks);
  const declared = headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== body.length) {
    throw new AwsError(
      'IncompleteBody',
      `You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header (${declared}, got ${body.length}).`,
      400,
    );
  }
  return { body, trailers: readTrailers(reader) };
}
