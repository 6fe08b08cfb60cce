// What a file that comes from a browser is called in the bucket. Phones call every photo `image.jpg`, so its content is in the name: two
// photos never get in each other's way, and the same one is the same however often it is sent.
import { ENDINGS } from '../shared/contract/files';
import type { UploadFile } from '../shared/contract/schemas';

const LONGEST_STEM = 80;
const DIGITS = 12;
/** Characters that item ids cannot have, or that a path would end at. */
const UNSAFE = /["|\\/\p{Cc}\p{Cs}]/gu;

/** `emotions/<emotion>/<name>-<start of the content's hash>.<ending of the type>`, in the form of Unicode that item ids have. */
export function itemIdOf({ emotion, name, type, sha256 }: Omit<UploadFile, 'bytes'>): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const letters = [
    ...last
      .replace(/\.[^.]*$/, '')
      .normalize('NFC')
      .replace(UNSAFE, '-')
      .trim(),
  ];
  const stem = letters.slice(0, LONGEST_STEM).join('') || 'picture';
  const hash = Buffer.from(sha256, 'base64').toString('hex').slice(0, DIGITS);
  return `emotions/${emotion}/${stem}-${hash}.${ENDINGS[type]}`;
}
