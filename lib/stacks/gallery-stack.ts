// What all stacks of a deployment have in common: name, region, tags, protection.
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge, decidedForAll } from '../constructs/acknowledge';
import type { Alarms } from '../constructs/alarms';
import type { FunctionDefaults } from '../constructs/node-function';
import type { GalleryAssets } from '../gallery-assets';
import type { Settings } from '../settings';

export interface GalleryStackProps {
  readonly settings: Settings;
}

export abstract class GalleryStack extends Stack {
  protected readonly removalPolicy: RemovalPolicy;
  protected readonly logRetentionDays: RetentionDays;

  constructor(
    scope: Construct,
    part: string,
    description: string,
    { settings }: GalleryStackProps,
    options: { readonly stateful: boolean } = { stateful: false },
  ) {
    super(scope, `${settings.prefix}-${part}`, {
      stackName: `${settings.prefix}-${part}`,
      description: `Emotion Gallery (${settings.environment}): ${description}`,
      env: settings.region ? { region: settings.region } : undefined,
      terminationProtection: options.stateful && settings.deletionProtection,
    });
    acknowledge(this, decidedForAll);
    this.removalPolicy = settings.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    // The setting's values are those of the enum.
    this.logRetentionDays = settings.logRetentionDays as RetentionDays;
  }

  protected functionDefaults(assets: GalleryAssets, alarms: Alarms): FunctionDefaults {
    const { logRetentionDays, removalPolicy } = this;
    return { assets, alarms, logRetentionDays, removalPolicy };
  }
}
