// The environments that can be deployed. Add one here, then deploy it with `-c environment=<its name>`.
import type { Settings } from './settings';

/** What an environment decides for itself; everything else comes from the defaults in `settings.ts`. */
export type EnvironmentSettings = Partial<Omit<Settings, 'environment'>>;

export const environments: Readonly<Record<string, EnvironmentSettings>> = {
  dev: {},
  prod: { removalPolicy: 'retain', deletionProtection: true, keepVersions: true, logRetentionDays: 180 },
};
