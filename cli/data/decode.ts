// A file of this machine as text, chunk by chunk. What is not text in the expected encoding is told with its line.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { UserError } from '../command';
import { sizeOf } from '../files';
import { both } from '../text';

/** MovieLens' older files are in Latin-1; everything that Amazon Personalize reads is UTF-8. */
export type Encoding = 'utf-8' | 'latin1';

const CHUNK_BYTES = 1 << 20;

export interface Chunk {
  readonly text: string;
  /** Bytes read up to its end. */
  readonly bytes: number;
}

/** @throws UserError when there is no such file, it is empty, or it is not in this encoding */
export async function* textOf(file: string, encoding: Encoding = 'utf-8'): AsyncGenerator<Chunk> {
  if ((await sizeOf(file)) === 0)
    throw new UserError(
      both(
        `${file} is empty: it needs a header row and rows`,
        `${file}이(가) 비어 있습니다. 헤더 행과 데이터 행이 필요합니다`,
      ),
    );
  const decoder = new TextDecoder(encoding, { fatal: true });
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    let text: string;
    try {
      text = decoder.decode(chunk as Uint8Array, { stream: true });
    } catch {
      throw await notText(file, bytes, encoding);
    }
    bytes += (chunk as Uint8Array).length;
    yield { text, bytes };
  }
  try {
    decoder.decode();
  } catch {
    throw await notText(file, Math.max(0, bytes - CHUNK_BYTES), encoding);
  }
}

/** Looks for the place again, so that nobody pays for it who has no fault. `from`: bytes before the chunk at fault. */
async function notText(file: string, from: number, encoding: Encoding): Promise<UserError> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(2);
    await handle.read(start, 0, 2, 0);
    const isUtf16 = start.readUInt16BE() === 0xfffe || start.readUInt16BE() === 0xfeff;
    const advice = isUtf16
      ? `it is UTF-16; write it anew: iconv -f UTF-16 -t UTF-8 ${file}`
      : `write it anew, for example from Excel's Korean encoding: iconv -f CP949 -t UTF-8 ${file}`;
    const line = await lineAt(file, from, encoding);
    return new UserError(`${file}, line ${line}: this is not ${encoding.toUpperCase()}; ${advice}`);
  } finally {
    await handle.close();
  }
}

/** 1-based line of the first byte from `from` on that cannot be decoded. */
async function lineAt(file: string, from: number, encoding: Encoding): Promise<number> {
  let line = 1;
  let seen = 0;
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    const bytes = chunk as Buffer;
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(10, start);
      const end = newline < 0 ? bytes.length : newline + 1;
      try {
        if (seen + end > from) decoder.decode(bytes.subarray(start, end), { stream: true });
      } catch {
        return line;
      }
      if (newline >= 0) line++;
      start = end;
    }
    seen += bytes.length;
  }
  return line;
}
