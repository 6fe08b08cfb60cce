// All commands of `npm run gallery`, in the order in which the help lists them.
import type { Clients } from './clients';
import type { Command } from './command';
import { cleanup } from './commands/cleanup';
import { configCheck } from './commands/config-check';
import { events } from './commands/events';
import { exportDataset } from './commands/export-dataset';
import { importDataset } from './commands/import-dataset';
import { metrics } from './commands/metrics';
import { operatorLink } from './commands/operator-link';
import { preflight } from './commands/preflight';
import { rebuild } from './commands/rebuild';
import { rank, recommend, similar } from './commands/recommendations';
import { status } from './commands/status';
import { train } from './commands/train';
import { verify } from './commands/verify';
import { wait } from './commands/wait';

export const allCommands = (clients: Clients): readonly Command[] => [
  preflight(clients),
  verify(clients),
  operatorLink(clients),
  status(clients),
  train(clients),
  wait(clients),
  metrics(clients),
  recommend(clients),
  similar(clients),
  rank(clients),
  events(clients),
  exportDataset(clients),
  importDataset(clients),
  rebuild(clients),
  configCheck,
  cleanup(clients),
];
