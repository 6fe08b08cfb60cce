// Turns what can go wrong at the start into a sentence that says what to do.
import { FolderInUse, UnusableFolder } from '@emotion-gallery/local-kit/lock';
import { DeployError } from './deploy';

interface SystemError extends Error {
  readonly code?: string;
  readonly port?: number;
  readonly path?: string;
}

const FULL_DISK =
  'The disk is full. Free some space and start again, or keep the state elsewhere with --state; nothing that was collected is lost.';

const EXPLANATIONS: Readonly<Record<string, (error: SystemError) => string>> = {
  EADDRINUSE: ({ port }) =>
    `Port ${port} is in use. Stop what uses it, or choose another one: npm start -- --site-port 8081 --aws-port 4567`,
  EACCES: ({ path, port }) =>
    port === undefined
      ? `There is no permission to write ${path}. Choose another folder with --state.`
      : `There is no permission to listen on port ${port}. Choose one above 1023.`,
  ENOSPC: () => FULL_DISK,
  EROFS: ({ path }) => `${path} is on a read-only disk. Choose another folder with --state.`,
};

const AFTER_DEPLOYMENT =
  'What was deployed before is as it was, and nothing that was collected is lost. All that the CLI said is in deploy.log of the ' +
  'state folder.';

function explainDeployment({ message }: DeployError): string {
  // What the CLI says of a full disk is a stack of its own, and says no more.
  if (/ENOSPC|no space left/i.test(message)) return `\nThe deployment failed. ${FULL_DISK}`;
  return `\nThe deployment failed:\n\n${message}\n\n${AFTER_DEPLOYMENT}`;
}

/** One or a few sentences; undefined for an error that is a defect and deserves its stack. */
export function explainFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DeployError) return explainDeployment(error);
  if (error instanceof FolderInUse || error instanceof UnusableFolder) {
    return `${error.message}\nThe option --state names the folder: npm start -- --state FOLDER`;
  }
  const system = error as SystemError;
  const explanation = system.code === undefined ? undefined : EXPLANATIONS[system.code];
  return explanation?.(system);
}
