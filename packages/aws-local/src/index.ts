// AWS on localhost: startEndpoint() opens the one address that answers for all services.
export * from './endpoint';
export { BOOTSTRAP_KEYS } from './iam/credentials';
export { describePermissions } from './permissions';
export { awsEnvironment, type EnvironmentProps, exportLine } from './standalone/environment';
