// The checksums that S3 verifies and keeps: CRC32, CRC32C, CRC64NVME, SHA-1 and SHA-256, each base64 of big-endian bytes.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../service';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];
export type Checksums = Partial<Record<ChecksumAlgorithm, string>>;

const CRC32C_POLYNOMIAL = 0x82f63b78;
/** 0x9a6c9329ac4bc9b5: the NVMe polynomial, reflected, as two halves. */
const CRC64_POLYNOMIAL = { high: 0x9a6c9329, low: 0xac4bc9b5 };

const crc32cTable = makeTable32(CRC32C_POLYNOMIAL);
const crc64Table = makeTable64();

/** A checksum of bytes that come one after the other. */
export interface Digest {
  update(data: Buffer): unknown;
  /** Base64. */
  digest(encoding: 'base64'): string;
}

export function digestOf(algorithm: ChecksumAlgorithm): Digest {
  switch (algorithm) {
    case 'CRC32':
      return new Crc32();
    case 'CRC32C':
      return new Crc32c();
    case 'CRC64NVME':
      return new Crc64();
    default:
      return createHash(algorithm.toLowerCase());
  }
}

export function checksum(algorithm: ChecksumAlgorithm, data: Buffer): string {
  const digest = digestOf(algorithm);
  digest.update(data);
  return digest.digest('base64');
}

/** The algorithms that headers, or names of announced trailers, are about. */
export function algorithmsOf(names: readonly string[]): ChecksumAlgorithm[] {
  return CHECKSUM_ALGORITHMS.filter((algorithm) => names.includes(checksumHeader(algorithm)));
}

/**
 * Compares what the request's headers and trailers claim, Content-MD5 too, with what the bytes are.
 * @param md5 base64
 * @returns the verified checksums, which are kept with the object
 * @throws BadDigest, InvalidDigest, MalformedTrailerError
 */
export function verifyChecksums(
  claims: Readonly<Record<string, string>>,
  computed: Checksums,
  md5: string,
): Checksums {
  const contentMd5 = claims['content-md5'];
  if (contentMd5 !== undefined) {
    if (Buffer.from(contentMd5, 'base64').length !== 16) {
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
    }
    if (md5 !== contentMd5) {
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
  }
  const verified: Checksums = {};
  for (const algorithm of algorithmsOf(Object.keys(claims))) {
    const claimed = claims[checksumHeader(algorithm)];
    if (computed[algorithm] === undefined) {
      throw new AwsError(
        'MalformedTrailerError',
        'The request contained trailing data that was not well-formed or did not conform to our published schema.',
      );
    }
    if (computed[algorithm] !== claimed) {
      throw new AwsError(
        'BadDigest',
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
    }
    verified[algorithm] = claimed;
  }
  return verified;
}

/** As `verifyChecksums`, of a body that is there. @throws BadDigest, InvalidDigest */
export function verifyBody(claims: Readonly<Record<string, string>>, body: Buffer): void {
  const names = algorithmsOf(Object.keys(claims));
  const computed = Object.fromEntries(names.map((name) => [name, checksum(name, body)]));
  verifyChecksums(claims, computed, createHash('md5').update(body).digest('base64'));
}

/** `x-amz-checksum-crc32` and so on. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

function makeTable32(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
}

class Crc32 implements Digest {
  private value = 0;

  update(data: Buffer): void {
    // zlib's CRC starts anew at a null pointer, which an empty buffer is.
    if (data.length > 0) this.value = crc32(data, this.value);
  }

  digest(encoding: 'base64'): string {
    return bigEndian(this.value).toString(encoding);
  }
}

class Crc32c implements Digest {
  private value = 0xffffffff;

  update(data: Buffer): void {
    let { value } = this;
    for (const byte of data) value = (value >>> 8) ^ (crc32cTable[(value ^ byte) & 0xff] ?? 0);
    this.value = value;
  }

  digest(encoding: 'base64'): string {
    return bigEndian(~this.value >>> 0).toString(encoding);
  }
}

function makeTable64(): { high: Uint32Array; low: Uint32Array } {
  const table = { high: new Uint32Array(256), low: new Uint32Array(256) };
  for (let index = 0; index < 256; index += 1) {
    let high = 0;
    let low = index;
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry) {
        low ^= CRC64_POLYNOMIAL.low;
        high ^= CRC64_POLYNOMIAL.high;
      }
    }
    table.high[index] = high;
    table.low[index] = low;
  }
  return table;
}

class Crc64 implements Digest {
  private high = 0xffffffff;
  private low = 0xffffffff;

  update(data: Buffer): void {
    let { high, low } = this;
    for (const byte of data) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (crc64Table.low[index] ?? 0);
      high = (high >>> 8) ^ (crc64Table.high[index] ?? 0);
    }
    this.high = high;
    this.low = low;
  }

  digest(encoding: 'base64'): string {
    return bigEndian(~this.high >>> 0, ~this.low >>> 0).toString(encoding);
  }
}

function bigEndian(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, 4 * index);
  return bytes;
}
