// The errors that the three services answer with.

/** Names of the modelled errors, and of the common ones that every AWS service has. */
export type ErrorCode =
  | 'InvalidInputException'
  | 'InvalidNextTokenException'
  | 'LimitExceededException'
  | 'ResourceAlreadyExistsException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'TooManyTagsException'
  | 'TooManyTagKeysException'
  | 'ValidationException'
  | 'SerializationException'
  | 'UnknownOperationException'
  | 'ThrottlingException'
  | 'InternalFailure'
  | 'MissingAuthenticationTokenException'
  | 'IncompleteSignatureException';

/** An error for the caller; anything else that is thrown becomes an InternalFailure. */
export class PersonalizeError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
    this.name = code;
  }
}

export const invalidInput = (message: string) => new PersonalizeError('InvalidInputException', message);
export const notFound = (message: string) => new PersonalizeError('ResourceNotFoundException', message);
export const inUse = (message: string) => new PersonalizeError('ResourceInUseException', message);
export const limitExceeded = (message: string) => new PersonalizeError('LimitExceededException', message);
export const alreadyExists = (message: string) =>
  new PersonalizeError('ResourceAlreadyExistsException', message);

/**
 * HTTP status of an error. The control plane answers every client error with 400; events and runtime use the statuses of
 * their service models.
 */
export function statusOf(code: ErrorCode, service: string): number {
  if (code === 'InternalFailure') return 500;
  if (code === 'MissingAuthenticationTokenException') return 403;
  if (service === 'personalize') return 400;
  if (code === 'ResourceNotFoundException' || code === 'UnknownOperationException') return 404;
  if (code === 'ResourceInUseException') return 409;
  if (code === 'ThrottlingException') return 429;
  return 400;
}
