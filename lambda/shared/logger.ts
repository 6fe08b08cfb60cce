// The one logger of a function instance. Nothing personal is logged: no tokens, events, visitor ids or bodies.
import { Logger } from '@aws-lambda-powertools/logger';

export const logger = new Logger();
export type { Logger };
