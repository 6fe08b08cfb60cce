// Layers are kept and described. Functions do not see their content: the CDK's own layers serve functions that do not run here.

import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import { AwsError, type ServiceContext } from '../../service';
import { type Operations, operation } from '../shared/operations';

export interface LayerVersion {
  readonly name: string;
  readonly version: number;
  readonly description?: string;
  readonly content: unknown;
  readonly compatibleRuntimes?: readonly string[];
  readonly createdAt: number;
}

const VERSION = z.object({ LayerName: z.string(), VersionNumber: z.coerce.number() });

export function layerOperations(context: ServiceContext, layers: StoredMap<LayerVersion>): Operations {
  const arnOf = (name: string) => `arn:aws:lambda:${context.region}:${context.accountId}:layer:${name}`;
  return {
    PublishLayerVersion: operation(
      z.object({
        LayerName: z.string(),
        Description: z.string().optional(),
        Content: z.object({
          S3Bucket: z.string().optional(),
          S3Key: z.string().optional(),
          ZipFile: z.unknown().optional(),
        }),
        CompatibleRuntimes: z.array(z.string()).optional(),
        CompatibleArchitectures: z.array(z.string()).optional(),
        LicenseInfo: z.string().optional(),
      }),
      (input, caller) => {
        const resource = arnOf(input.LayerName);
        context.authorize({
          principal: caller.principal,
          action: 'lambda:PublishLayerVersion',
          resource,
          context: caller.conditions,
        });
        const earlier = [...layers.values()].filter((layer) => layer.name === input.LayerName);
        const version = Math.max(0, ...earlier.map((layer) => layer.version)) + 1;
        layers.put(`${input.LayerName}:${version}`, {
          name: input.LayerName,
          version,
          description: input.Description,
          content: input.Content,
          compatibleRuntimes: input.CompatibleRuntimes,
          createdAt: context.clock.now(),
        });
        return { LayerArn: resource, LayerVersionArn: `${resource}:${version}`, Version: version };
      },
    ),
    ListLayerVersions: operation(z.object({ LayerName: z.string() }), ({ LayerName }, caller) => {
      context.authorize({
        principal: caller.principal,
        action: 'lambda:ListLayerVersions',
        resource: '*',
        context: caller.conditions,
      });
      const versions = [...layers.values()]
        .filter(({ name }) => name === LayerName)
        .sort((a, b) => b.version - a.version);
      return {
        LayerVersions: versions.map(({ name, version, description, compatibleRuntimes, createdAt }) => ({
          LayerVersionArn: `${arnOf(name)}:${version}`,
          Version: version,
          Description: description,
          CreatedDate: new Date(createdAt).toISOString(),
          CompatibleRuntimes: compatibleRuntimes,
        })),
      };
    }),
    DeleteLayerVersion: operation(VERSION, (input, caller) => {
      const resource = `${arnOf(input.LayerName)}:${input.VersionNumber}`;
      context.authorize({
        principal: caller.principal,
        action: 'lambda:DeleteLayerVersion',
        resource,
        context: caller.conditions,
      });
      layers.delete(`${input.LayerName}:${input.VersionNumber}`);
    }),
    GetLayerVersion: operation(VERSION, (input, caller) => {
      const resource = `${arnOf(input.LayerName)}:${input.VersionNumber}`;
      context.authorize({
        principal: caller.principal,
        action: 'lambda:GetLayerVersion',
        resource,
        context: caller.conditions,
      });
      const layer = layers.get(`${input.LayerName}:${input.VersionNumber}`);
      if (!layer)
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
      return {
        LayerArn: arnOf(layer.name),
        LayerVersionArn: resource,
        Version: layer.version,
        Description: layer.description,
        CompatibleRuntimes: layer.compatibleRuntimes,
      };
    }),
  };
}
