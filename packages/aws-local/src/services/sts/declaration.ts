// AWS Security Token Service.
import type { ServiceDeclaration } from '../../declaration';
import { createSts } from '.';

export const sts: ServiceDeclaration = {
  id: 'sts',
  title: 'AWS STS',
  spansRegions: true,
  protocol: 'query',
  create: (context, { credentials, directory }) => createSts(context, credentials, directory),
};
