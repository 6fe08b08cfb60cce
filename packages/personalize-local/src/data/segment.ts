// A table in a file: a header that says where each column's bytes lie, then the bytes as the typed arrays have them, so
// that loading is reading. Layout, little-endian: 8 bytes magic, u32 length of the header, u32 CRC-32 of all else,
// the header (JSON), padding, the blocks, each at a multiple of 8. A dictionary is written without the texts that no row
// uses.
import { open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { DamagedFile } from '@emotion-gallery/local-kit/store';
import { type Cells, type DictionaryOf, Table } from './table';
import { FloatVector, IntVector, TextVector } from './vectors';

const MAGIC = Buffer.from('EGTABLE1', 'latin1');
const PREFIX = 16;
const aligned = (size: number) => Math.ceil(size / 8) * 8;

interface BlockRange {
  readonly offset: number;
  readonly size: number;
}

interface ColumnHeader {
  readonly name: string;
  readonly kind: Cells['kind'];
  readonly blocks: readonly BlockRange[];
}

interface SegmentHeader {
  readonly rows: number;
  readonly columns: readonly ColumnHeader[];
}

const bytesOf = (array: Int32Array | Float64Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** Writes the rows for which `keep` is true (default: all) and waits until they are on the disk. */
export async function writeSegment(
  path: string,
  table: Table,
  keep?: (row: number) => boolean,
): Promise<void> {
  const rows = keptRows(table, keep);
  const blocks: Buffer[] = [];
  let offset = 0;
  const add = (block: Buffer): BlockRange => {
    const range = { offset, size: block.length };
    blocks.push(block, Buffer.alloc(aligned(block.length) - block.length));
    offset += aligned(block.length);
    return range;
  };
  const columns = table.columns.map((cells) => ({
    name: cells.name,
    kind: cells.kind,
    blocks: columnBlocks(cells, rows).map(add),
  }));
  const header = Buffer.from(JSON.stringify({ rows: rows.length, columns } satisfies SegmentHeader));
  const padding = Buffer.alloc(aligned(PREFIX + header.length) - PREFIX - header.length);
  // Without the empty ones: zlib's CRC starts anew at a null pointer, which an empty buffer is.
  const body = [header, padding, ...blocks].filter((block) => block.length > 0);
  const prefix = Buffer.alloc(PREFIX);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(header.length, 8);
  prefix.writeUInt32LE(
    body.reduce((sum, block) => crc32(block, sum), crc32(prefix.subarray(0, 12))),
    12,
  );
  const file = await open(path, 'w');
  try {
    // Unlike writev, appendFile goes on after a short write.
    for (const block of [prefix, ...body]) await file.appendFile(block);
    await file.sync();
  } finally {
    await file.close();
  }
}

function keptRows(table: Table, keep?: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row++) if (!keep || keep(row)) rows[count++] = row;
  return rows.subarray(0, count);
}

function columnBlocks(cells: Cells, rows: Int32Array): Buffer[] {
  if (cells.kind === 'number') return [bytesOf(Float64Array.from(rows, (row) => cells.values.at(row)))];
  const texts = new TextVector();
  if (cells.kind === 'text') {
    for (const row of rows) texts.push(cells.texts.at(row));
    const { bytes, bounds } = texts.views();
    return [bytes, bytesOf(bounds)];
  }
  const renumbered = new Int32Array(cells.dictionary.size).fill(-1);
  let used = 0;
  const codes = Int32Array.from(rows, (row) => {
    const code = cells.codes.at(row);
    if (code < 0) return -1;
    if (renumbered[code] === -1) {
      renumbered[code] = used++;
      texts.push(cells.dictionary.id(code));
    }
    return renumbered[code] as number;
  });
  const { bytes, bounds } = texts.views();
  return [bytesOf(codes), bytes, bytesOf(bounds)];
}

/** @throws DamagedFile */
export async function readSegment(path: string, dictionaryOf: DictionaryOf): Promise<Table> {
  const file = await readFile(path);
  const damaged = () => new DamagedFile(path, 'its checksum is wrong');
  if (file.length < PREFIX || !file.subarray(0, 8).equals(MAGIC)) throw damaged();
  const sum = crc32(file.subarray(PREFIX), crc32(file.subarray(0, 12)));
  if (sum !== file.readUInt32LE(12)) throw damaged();
  const headerEnd = PREFIX + file.readUInt32LE(8);
  const header = JSON.parse(file.toString('utf8', PREFIX, headerEnd)) as SegmentHeader;
  const start = aligned(headerEnd);
  const blocks = (column: ColumnHeader) =>
    column.blocks.map(({ offset, size }) => file.subarray(start + offset, start + offset + size));
  return new Table(
    header.columns.map((column) => readColumn(column, blocks(column), dictionaryOf)),
    header.rows,
  );
}

function readColumn(column: ColumnHeader, blocks: readonly Buffer[], dictionaryOf: DictionaryOf): Cells {
  const { name, kind } = column;
  const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = blocks;
  if (kind === 'number') return { kind, name, values: new FloatVector(floats(first)) };
  if (kind === 'text') {
    return { kind, name, texts: new TextVector(Buffer.from(first), new IntVector(ints(second))) };
  }
  const dictionary = dictionaryOf(name);
  const texts = new TextVector(second, new IntVector(ints(third)));
  const renumbered = new Int32Array(texts.length);
  for (let i = 0; i < texts.length; i++) renumbered[i] = dictionary.add(texts.at(i) ?? '');
  const codes = ints(first);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    if (code >= 0) codes[row] = renumbered[code] as number;
  }
  return { kind, name, codes: new IntVector(codes), dictionary };
}

/** Copies: the file's buffer is then free, and a small file may lie unaligned in Node's pool. */
function ints(block: Buffer): Int32Array {
  const copy = new Int32Array(block.length / 4);
  bytesOf(copy).set(block);
  return copy;
}

function floats(block: Buffer): Float64Array {
  const copy = new Float64Array(block.length / 8);
  bytesOf(copy).set(block);
  return copy;
}
