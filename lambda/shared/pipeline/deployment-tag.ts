// Marks a dataset group that a configuration file made: its value is the gallery's dataset group, whose teardown takes it along.
export const deploymentTag = 'emotion-gallery:deployment';
