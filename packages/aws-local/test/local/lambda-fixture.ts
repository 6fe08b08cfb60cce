// Functions for tests: a zip file made of one module.

import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { AwsService, Shape } from '../../src/service';
import { ACCOUNT, type Harness, ROOT } from './harness';

export const ROLE = `arn:aws:iam::${ACCOUNT}:role/function`;

/** `files` by name. */
export async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, text] of Object.entries(files)) archive.addBuffer(Buffer.from(text), name);
  archive.end();
  return buffer(archive.outputStream);
}

/** A function whose module `index.js`, or another `file`, is `source`; returns its configuration. */
export async function createFunction(
  harness: Harness,
  FunctionName: string,
  source: string,
  more: object = {},
  file = 'index.js',
): Promise<Shape> {
  const ZipFile = await zip({ [file]: source });
  return harness.service<AwsService>('lambda').call(
    'CreateFunction',
    {
      FunctionName,
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile },
      ...more,
    },
    ROOT,
  );
}
