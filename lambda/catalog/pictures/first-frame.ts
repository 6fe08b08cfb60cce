// The first picture of a moving WebP as a file of its own: the decoder reads still ones only.
// https://developers.google.com/speed/webp/docs/riff_container

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Place, size and time of a frame, in front of its chunks. */
const FRAME_HEADER_BYTES = 16;
const HAS_ALPHA = 0x10;

/** The file itself when it is a still one. */
export function firstFrame(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  let at = RIFF_HEADER_BYTES;
  while (at + CHUNK_HEADER_BYTES + FRAME_HEADER_BYTES <= bytes.length) {
    const size = bytes.readUInt32LE(at + 4);
    const content = bytes.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + size);
    if (bytes.toString('latin1', at, at + 4) === 'ANMF') return still(content);
    at += CHUNK_HEADER_BYTES + size + (size % 2);
  }
  return file;
}

function still(frame: Buffer): Buffer {
  const chunks = frame.subarray(FRAME_HEADER_BYTES);
  const extended = Buffer.alloc(CHUNK_HEADER_BYTES + 10);
  extended.write('VP8X', 'latin1');
  extended.writeUInt32LE(10, 4);
  extended[CHUNK_HEADER_BYTES] = chunks.toString('latin1', 0, 4) === 'VP8 ' ? 0 : HAS_ALPHA;
  // Width and height, each less one, in 24 bits: as the frame has them.
  frame.copy(extended, CHUNK_HEADER_BYTES + 4, 6, 12);
  const header = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  header.writeUInt32LE(4 + extended.length + chunks.length, 4);
  return Buffer.concat([header, extended, chunks]);
}
