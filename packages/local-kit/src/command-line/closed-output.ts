// What reads a command's output may end before the command does: `npm run gallery -- status | head -1`. Other tools are then ended
// by SIGPIPE; Node ignores that signal and throws an EPIPE that nobody has asked about.

/** What a shell reports of a tool that SIGPIPE ended: 128 and the signal's number. */
export const ENDED_BY_SIGPIPE = 141;

/** Ends quietly when nobody reads the output any more. Called once, before anything is printed. */
export function endWithOutput(end: () => void = () => process.exit(ENDED_BY_SIGPIPE)): void {
  let isEnding = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      // What is still printed on the way out fails as well.
      if (!isEnding) end();
      isEnding = true;
    });
  }
}

/** The same for a server, which ends in order, as on Ctrl-C. */
export function stopWithOutput(): void {
  endWithOutput(() => process.kill(process.pid, 'SIGTERM'));
}
