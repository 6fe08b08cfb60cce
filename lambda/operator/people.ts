// People that an operator acts as: several on one laptop, or a crowd that is simulated and labelled as such.
import type { PeopleRequest, PeopleResponse } from '../shared/contract/schemas';
import { createVisitors, type VisitorOptions } from '../shared/data/visitors';

/** Labels start anew with each call; the four characters tell two calls' people apart. */
export async function createPeople(options: VisitorOptions, request: PeopleRequest): Promise<PeopleResponse> {
  const { emotion, count = 1 } = request;
  const group = options.uuid().slice(0, 4).toUpperCase();
  const wanted = Array.from({ length: count }, (_, index) => ({
    emotion,
    label: `Person ${group}-${index + 1}`,
    madeBy: 'operator' as const,
  }));
  const visitors = await createVisitors(options, wanted);
  return {
    visitors: visitors.map(({ visitorId, token, expiresAt, label = '', emotion: mood }) => ({
      ...{ visitorId, token, expiresAt, label },
      ...(mood && { emotion: mood }),
    })),
  };
}
