// Amazon CloudFront.
import type { ServiceDeclaration } from '../../declaration';
import { createCloudFront } from '.';
import {
  cachePolicy,
  distribution,
  originAccessControl,
  originRequestPolicy,
  responseHeadersPolicy,
} from './resources';

export const cloudFront: ServiceDeclaration = {
  id: 'cloudfront',
  title: 'Amazon CloudFront',
  spansRegions: true,
  protocol: 'rest-xml',
  resources: {
    'AWS::CloudFront::CachePolicy': cachePolicy,
    'AWS::CloudFront::Distribution': distribution,
    'AWS::CloudFront::OriginAccessControl': originAccessControl,
    'AWS::CloudFront::OriginRequestPolicy': originRequestPolicy,
    'AWS::CloudFront::ResponseHeadersPolicy': responseHeadersPolicy,
  },
  create: createCloudFront,
  differences: [
    'The first distribution has the site’s own address; each further one is at `<id>.localhost` on the same port. Viewers speak HTTP.',
  ],
};
