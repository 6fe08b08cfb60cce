// The account administrator's access key: a random one for each state folder, because every page that is open in a browser, and
// every program of this machine, can reach the endpoint.
import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ID_LETTERS = 16;
/** 40 characters, none of which a shell or a URL reads as something else. */
const SECRET_BYTES = 30;

const fileOf = (stateDir: string) => join(stateDir, 'iam', 'administrator.json');

function newKey(): AccessKey {
  const letters = Array.from({ length: ID_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]);
  return {
    accessKeyId: `AKIA${letters.join('')}`,
    secretAccessKey: randomBytes(SECRET_BYTES).toString('base64url'),
  };
}

function keep(file: string, key: AccessKey): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const descriptor = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(descriptor, JSON.stringify(key));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.new`, file);
}

/** The key of a state folder, made when it has none yet. */
export function administratorKey(stateDir: string): AccessKey {
  const file = fileOf(stateDir);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as AccessKey;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Error(`${file} does not hold an access key: ${String(error)}`);
    }
  }
  const key = newKey();
  keep(file, key);
  return key;
}
