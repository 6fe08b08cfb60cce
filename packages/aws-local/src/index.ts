// AWS on localhost: startEndpoint() opens the one address that answers for all services.
export * from './endpoint';
export { type AccessKey, administratorKey } from './iam/administrator';
export { describePermissions } from './permissions';
export { LogFollower } from './services/logs/group-log';
export { awsEnvironment, type EnvironmentProps, exportLine } from './standalone/environment';
