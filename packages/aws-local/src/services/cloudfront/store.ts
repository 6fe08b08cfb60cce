// The resources of CloudFront as kept.
import type { Shape } from '../../service';
import type { TagMap } from '../shared/tags';
import type { DistributionConfig } from './config';

export interface Distribution {
  readonly id: string;
  readonly arn: string;
  readonly etag: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly config: DistributionConfig;
  readonly tags?: TagMap;
  /** Another one had the site's own address when this was made, so it has one of its own: `<id>.localhost:8080`. */
  readonly hasOwnName?: boolean;
}

/** A policy or an origin access control. */
export interface Policy {
  readonly id: string;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly config: Shape & { readonly Name: string };
}

const compiled = new Map<string, RegExp>();

/** `*` stands for any characters and `?` for one; a leading slash may be left out. */
export function pathPattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const source = pattern
    .replace(/^\/?/, '/')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`);
  compiled.set(pattern, expression);
  return expression;
}
