// verify: looks, after a deployment and as somebody from outside, whether it works and is guarded; leaves it as it was.
import { resultOf } from '../checks';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { readTarget } from '../target';
import { guardChecks } from '../verify/guarded';
import { likeChecks } from '../verify/like';
import { pageChecks } from '../verify/pages';

export function verify(clients: Clients): Command {
  return {
    name: 'verify',
    summary:
      'Looks whether a deployment works: pages, a like until Amazon Personalize has it, policies, alarms.',
    options: {
      ...DEPLOYMENT_OPTIONS,
      quick: {
        type: 'boolean',
        description: 'do not look for the like in an export, which takes Amazon Personalize some minutes',
      },
    },
    async run(values, _, rim) {
      const target = await readTarget(clients, values);
      const { prefix } = target.deployment;
      const site = target.deployment.output('GalleryUrl').replace(/\/$/, '');
      const endpoint = process.env.AWS_ENDPOINT_URL;
      const region = await clients.s3.config.region();
      const bucketUrl = endpoint
        ? `${endpoint.replace(/\/$/, '')}/${target.bucket}`
        : `https://${target.bucket}.s3.${region}.amazonaws.com`;
      const checks = [
        ...(await pageChecks(site)),
        ...(await guardChecks(clients, { prefix, bucket: target.bucket, bucketUrl })),
        ...(await likeChecks({ clients, target, site, quick: values.quick === true, rim })),
      ];
      return resultOf(checks, { prefix, site });
    },
  };
}
