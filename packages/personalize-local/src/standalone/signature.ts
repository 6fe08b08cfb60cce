// The form of a Signature Version 4, without checking it: alone, the service knows no secret keys.
import { PersonalizeError } from '../protocol/errors';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[\w+=,.@-]+\/\d{8}\/[a-z0-9-]+\/personalize\/aws4_request,\s*SignedHeaders=[a-z0-9;-]+,\s*Signature=[0-9a-f]{64}$/;
const DATE = /^\d{8}T\d{6}Z$/;

/** @throws PersonalizeError MissingAuthenticationTokenException, IncompleteSignatureException */
export function checkSignatureForm(headers: Readonly<Record<string, string>>): void {
  const { authorization, 'x-amz-date': date } = headers;
  if (authorization === undefined) {
    throw new PersonalizeError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  if (!AUTHORIZATION.test(authorization)) {
    throw new PersonalizeError(
      'IncompleteSignatureException',
      'Authorization must be AWS4-HMAC-SHA256 with a Credential scoped to personalize, SignedHeaders and a Signature.',
    );
  }
  if (!DATE.test(date ?? '')) {
    throw new PersonalizeError('IncompleteSignatureException', 'X-Amz-Date must be like 20260102T030405Z.');
  }
}
