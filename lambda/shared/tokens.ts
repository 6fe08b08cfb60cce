// Signed tokens (JWT, HS256): who a caller is. A visitor id is taken from here only, never from a request's body.
import { jwtVerify, SignJWT } from 'jose';
import { unauthorized } from './http/problem';
import { SECRET_KEPT_MS, type Secret } from './secrets';

export type Audience = 'visitor' | 'operator';

export interface TokenSettings {
  readonly secret: Secret;
  /** What it signed is accepted too, so that a rotation ends nothing. @default - only the current secret counts */
  readonly previousSecret?: () => Promise<Uint8Array | undefined>;
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
  const verifyWith = async (key: Uint8Array): Promise<Claims> => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience,
      issuer: settings.issuer,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(settings.now()),
    });
    return { subject: payload.sub as string, expiresAt: payload.exp as number };
  };
  const key = await settings.secret();
  try {
    return await verifyWith(key);
  } catch (error) {
    const previous = isOtherSignature(error) ? await settings.previousSecret?.() : undefined;
    if (!previous) throw unauthorized(refusal(error));
    return verifyWith(previous).catch((again: unknown) => {
      throw unauthorized(refusal(again));
    });
  }
}

const isOtherSignature = (error: unknown) =>
  (error as { code?: string }).code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';

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
 * checking it costs as much as half a call of DynamoDB. That it has not expired is looked at each time; the signature again after some
 * minutes, so that a secret that is taken away ends what it has signed.
 */
export function tokenVerifier(settings: TokenSettings, audience: Audience): TokenVerifier {
  const verified = new Map<string, Claims & { readonly until: number }>();
  return async (token) => {
    const known = verified.get(token);
    if (known && settings.now() < known.until) return known.subject;
    const claims = await verify(settings, audience, token);
    if (verified.size >= REMEMBERED_TOKENS) verified.clear();
    const until = Math.min(claims.expiresAt * 1000, settings.now() + SECRET_KEPT_MS);
    verified.set(token, { ...claims, until });
    return claims.subject;
  };
}

/** jose's codes are documented; its messages are not a contract. */
function refusal(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === 'ERR_JWT_EXPIRED') return 'The token has expired.';
  return 'The token is not valid here.';
}
