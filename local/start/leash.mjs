// Loaded into the CDK CLI's process before the CLI itself: ends it, with all that it has started, when npm start lets go of it or is
// gone, however it ended. A CLI that went on would deploy into the next start. Plain JavaScript, because node runs it as it is.
const end = () => process.kill(-process.pid, 'SIGKILL');

process.stdin.on('end', end);
process.stdin.on('error', end);
process.stdin.resume();
// It does not keep the CLI from ending.
process.stdin.unref();
