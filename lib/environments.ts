// The environments that can be deployed. Add one here, then deploy it with `-c environment=<its name>`.
import type { Settings } from './config';

/** What an environment decides for itself; everything else comes from the defaults in `config.ts`. */
export type EnvironmentSettings = Partial<Omit<Settings, 'environment'>>;

export const environments: Readonly<Record<string, EnvironmentSettings>> = {
  dev: {},
  prod: { removalPolicy: 'retain', deletionProtection: true, logRetentionDays: 180 },
};
