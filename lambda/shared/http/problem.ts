// Problem documents (RFC 9457): every refusal of the API, as an error that a handler throws.
import type { Problem } from '../contract/schemas';

export interface FieldError {
  /** Path of the field, for example `likes[0].itemId`; `body`, `authorization` or a query parameter's name otherwise. */
  readonly field: string;
  readonly message: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In the way',
  413: 'Body too large',
  415: 'Not JSON',
  422: 'Unknown reference',
  500: 'Internal error',
  503: 'Busy',
};

export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'HttpProblem';
  }

  /** The document that the caller gets. */
  document(): Problem {
    return {
      type: 'about:blank',
      title: TITLES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: [...this.errors] }),
    };
  }
}

export function invalid(...errors: FieldError[]): HttpProblem {
  const fields = errors.map(({ field }) => field).join(', ');
  return new HttpProblem(400, `The request is not valid: ${fields}.`, errors);
}

/** 401 with the challenge that RFC 6750 asks for. */
export function unauthorized(message: string): HttpProblem {
  return new HttpProblem(401, message, [{ field: 'authorization', message }], {
    'www-authenticate': 'Bearer',
  });
}

/** 503: nothing was written, or it is not known whether it was; the same request may be sent again. */
export function busy(detail: string, retryAfterSeconds = 1): HttpProblem {
  return new HttpProblem(503, detail, [], { 'retry-after': String(retryAfterSeconds) });
}
