// What every command does alike: `--help`, mistakes in options, and an output that ends before the command does.
export { ENDED_BY_SIGPIPE, endWithOutput, stopWithOutput } from './closed-output';
export { noOptions, orHelp, wholeNumber } from './or-help';
