// Pages of lists. A token says where the next page begins and which list it belongs to.
import { createHash } from 'node:crypto';
import { PersonalizeError } from '../protocol/errors';

const LARGEST_PAGE = 100;

export interface PageRequest {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

interface Token {
  /** Digest of the list and its parameters: a token is only good for the list that gave it. */
  readonly list: string;
  readonly after: number;
}

/**
 * One page of `records`, which are in the order of `sequence`. `list` names the operation and its other parameters.
 *
 * @throws PersonalizeError InvalidNextTokenException
 */
export function page<R extends { readonly sequence: number }>(
  records: readonly R[],
  { nextToken, maxResults = LARGEST_PAGE }: PageRequest,
  list: readonly (string | undefined)[],
): { readonly records: readonly R[]; readonly nextToken?: string } {
  const digest = createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, 16);
  const after = nextToken === undefined ? 0 : readToken(nextToken, digest);
  const rest = records.filter(({ sequence }) => sequence > after);
  const shown = rest.slice(0, maxResults);
  const last = shown.at(-1);
  if (!last || shown.length === rest.length) return { records: shown };
  const token: Token = { list: digest, after: last.sequence };
  return { records: shown, nextToken: Buffer.from(JSON.stringify(token)).toString('base64url') };
}

function readToken(text: string, digest: string): number {
  const invalid = new PersonalizeError('InvalidNextTokenException', 'The given nextToken is not valid.');
  let token: Partial<Token> | null;
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw invalid;
  }
  if (token?.list !== digest || !Number.isSafeInteger(token.after)) throw invalid;
  return token.after as number;
}
