// How much Amazon Personalize takes: of data, of resources, of requests.
export * from './data';
export * from './quotas';
export { eventTypesProblem, type TrainingCounts, trainingMinimumProblem } from './training-minimum';
