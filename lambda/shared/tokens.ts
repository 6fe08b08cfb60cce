// Signed tokens (JWT, HS256): who a caller is. A visitor id is taken from here only, never from a request's body.
import { jwtVerify, SignJWT } from 'jose';
import { unauthorized } from './http/problem';
import type { Secret } from './secrets';

export type Audience = 'visitor' | 'operator';

export interface TokenSettings {
  readonly secret: Secret;
  /** The dataset group's ARN: a token of another deployment is foreign. */
  readonly issuer: string;
  /** Current time, milliseconds since 1970. */
  readonly now: () => number;
}

export interface SignedToken {
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export async function signToken(
  settings: TokenSettings,
  audience: Audience,
  subject: string,
  lifetimeSeconds: number,
): Promise<SignedToken> {
  const issuedAt = Math.floor(settings.now() / 1000);
  const expiresAt = issuedAt + lifetimeSeconds;
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setAudience(audience)
    .setIssuer(settings.issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(await settings.secret());
  return { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
}

/** What a valid token says. */
interface Claims {
  readonly subject: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

async function verify(settings: TokenSettings, audience: Audience, token: string): Promise<Claims> {
  const key = await settings.secret();
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience,
      issuer: settings.issuer,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(settings.now()),
    });
    return { subject: payload.sub as string, expiresAt: payload.exp as number };
  } catch (error) {
    throw unauthorized(refusal(error));
  }
}

/**
 * The token's subject.
 *
 * @throws HttpProblem 401 when it is forged, expired, of another deployment or of the other audience
 */
export async function verifyToken(
  settings: TokenSettings,
  audience: Audience,
  token: string,
): Promise<string> {
  const { subject } = await verify(settings, audience, token);
  return subject;
}

export type TokenVerifier = (token: string) => Promise<string>;

const REMEMBERED_TOKENS = 10_000;

/**
 * {@link verifyToken} that remembers the signatures it has checked. A visitor sends the same token with every request, and
 * checking it costs as much as half a call of DynamoDB. That it has not expired is looked at each time.
 */
export function tokenVerifier(settings: TokenSettings, audience: Audience): TokenVerifier {
  const verified = new Map<string, Claims>();
  return async (token) => {
    const known = verified.get(token);
    if (known && settings.now() < known.expiresAt * 1000) return known.subject;
    const claims = await verify(settings, audience, token);
    if (verified.size >= REMEMBERED_TOKENS) verified.clear();
    verified.set(token, claims);
    return claims.subject;
  };
}

/** jose's codes are documented; its messages are not a contract. */
function refusal(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === 'ERR_JWT_EXPIRED') return 'The token has expired.';
  return 'The token is not valid here.';
}
