// CloudFront's id of a request (`X-Amz-Cf-Id`), the same towards the origin and the viewer.
import { randomFillSync } from 'node:crypto';

const ID_BYTES = 24;

/** Random bytes in stock: asking for them costs more than the rest of an id. */
const stock = Buffer.alloc(ID_BYTES * 200);
let used = stock.length;

export function newRequestId(): string {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  const id = stock.toString('base64url', used, used + ID_BYTES);
  used += ID_BYTES;
  return id;
}
