// All commands of `npm run gallery`, in the order in which the help lists them.
import type { Clients } from './clients';
import type { Command } from './command';
import { batch } from './commands/batch';
import { cleanup } from './commands/cleanup';
import { compare } from './commands/compare';
import { configCheck } from './commands/config-check';
import { dataConvert } from './commands/data-convert';
import { dataDescribe } from './commands/data-describe';
import { dataLoad } from './commands/data-load';
import { dataSample } from './commands/data-sample';
import { dataSplit } from './commands/data-split';
import { describe } from './commands/describe';
import { evaluate } from './commands/evaluate';
import { events } from './commands/events';
import { exportDataset } from './commands/export-dataset';
import { forget } from './commands/forget';
import { importDataset } from './commands/import-dataset';
import { look } from './commands/look';
import { metrics } from './commands/metrics';
import { operatorLink } from './commands/operator-link';
import { operators } from './commands/operators';
import { pictures } from './commands/pictures';
import { planCommand } from './commands/plan';
import { preflight } from './commands/preflight';
import { rebuild } from './commands/rebuild';
import { rank, recommend, similar } from './commands/recommendations';
import { remove } from './commands/remove';
import { schedules } from './commands/schedules';
import { serve } from './commands/serve';
import { status } from './commands/status';
import { trace } from './commands/trace';
import { train } from './commands/train';
import { verify } from './commands/verify';
import { wait } from './commands/wait';

export const allCommands = (clients: Clients): readonly Command[] => [
  preflight(clients),
  verify(clients),
  operatorLink(clients),
  operators(clients),
  pictures(clients),
  status(clients),
  planCommand(clients),
  train(clients),
  wait(clients),
  schedules(clients),
  metrics(clients),
  recommend(clients),
  similar(clients),
  rank(clients),
  events(clients),
  trace(clients),
  exportDataset(clients),
  importDataset(clients),
  rebuild(clients),
  forget(clients),
  configCheck(clients),
  describe(clients),
  remove(clients),
  cleanup(clients),
  dataSample,
  dataDescribe,
  dataSplit,
  dataConvert,
  dataLoad(clients),
  compare(clients),
  serve(clients),
  batch(clients),
  look(clients),
  evaluate(clients),
];
