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
  const key = await settings.secret();
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience,
      issuer: settings.issuer,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(settings.now()),
    });
    return payload.sub as string;
  } catch (error) {
    throw unauthorized(refusal(error));
  }
}

/** jose's codes are documented; its messages are not a contract. */
function refusal(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === 'ERR_JWT_EXPIRED') return 'The token has expired.';
  return 'The token is not valid here.';
}
