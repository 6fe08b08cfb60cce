// The program in a function's process: loads the handler and serves the Lambda Runtime API, as AWS's Node.js runtime does.
// Plain JavaScript, because node runs it as it is.
const path = require('node:path');
const { existsSync } = require('node:fs');
const { pathToFileURL } = require('node:url');
const util = require('node:util');
const v8 = require('node:v8');
const { redirectAwsHosts } = require('./aws-hosts.js');
const { RuntimeClient } = require('./runtime-client.js');

/**
 * Functions here are young: what AWS runs for hours, a laptop runs for some hundred events. So V8 takes code for hot after a
 * third of the bytes of bytecode that it would wait for (66 KB), and a handler is at full speed after some 500 events, not 1,500.
 */
v8.setFlagsFromString('--interrupt-budget=20000');

const taskRoot = process.env.LAMBDA_TASK_ROOT;
const isJsonLog = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
/** There is one invocation at a time; an AsyncLocalStorage would slow down every promise of the process. */
let currentRequestId = '';

function describeError(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function patchConsole() {
  const levels = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...args) => {
      const timestamp = new Date().toISOString();
      const requestId = currentRequestId;
      const message = util.format(...args);
      const line = isJsonLog
        ? JSON.stringify({ timestamp, level, requestId, message })
        : `${timestamp}\t${requestId}\t${level}\t${message.replaceAll('\n', '\r')}`;
      process.stdout.write(`${line}\n`);
    };
  }
}

/** The exported function that `_HANDLER` (`folder/file.export.path`) names. */
async function loadHandler() {
  const setting = process.env._HANDLER ?? '';
  const match = /^((?:.*\/)?[^.]+)\.(.+)$/.exec(setting);
  if (!match)
    throw Object.assign(new Error(`Bad handler '${setting}'`), { name: 'Runtime.MalformedHandlerName' });
  const [, file, exported] = match;
  const found = ['', '.js', '.mjs', '.cjs']
    .map((end) => path.join(taskRoot, file + end))
    .find((name) => existsSync(name));
  if (!found) {
    throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  }
  const loaded = await importModule(found);
  const handler = exported.split('.').reduce((value, name) => value?.[name], loaded);
  if (typeof handler !== 'function') {
    const message = `${setting} is ${handler === undefined ? 'undefined or not exported' : 'not a function'}`;
    throw Object.assign(new Error(message), { name: 'Runtime.HandlerNotFound' });
  }
  return handler;
}

async function importModule(file) {
  if (!file.endsWith('.mjs')) {
    try {
      return require(file);
    } catch (error) {
      if (error.code !== 'ERR_REQUIRE_ESM') throw error;
    }
  }
  return import(pathToFileURL(file).href);
}

function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    context.done = (error, result) => (error ? reject(error) : resolve(result));
    context.succeed = resolve;
    context.fail = reject;
    const result = handler(event, context, context.done);
    if (typeof result?.then === 'function') result.then(resolve, reject);
    else if (handler.length < 3) resolve(result);
  });
}

function makeContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function serve(client, handler) {
  let next = await client.next();
  for (;;) {
    const id = next.headers['lambda-runtime-aws-request-id'];
    currentRequestId = id;
    try {
      const result = await run(handler, JSON.parse(next.body), makeContext(next.headers));
      next = await client.respond(id, JSON.stringify(result === undefined ? null : result));
    } catch (error) {
      const description = describeError(error);
      console.error('Invoke Error', JSON.stringify({ ...description, stack: description.trace }));
      next = await client.fail(id, description);
    }
  }
}

async function die(error) {
  const description = describeError(error);
  console.error('Uncaught Exception', JSON.stringify({ ...description, stack: description.trace }));
  process.exit(129);
}

async function main() {
  patchConsole();
  redirectAwsHosts(process.env.AWS_ENDPOINT_URL);
  // A handler that waits for nothing that can happen hangs until its timeout; it does not end the process.
  setInterval(() => undefined, 2 ** 30);
  // Ctrl-C reaches all processes of a terminal; the endpoint ends its functions when their answers have come.
  process.on('SIGINT', () => undefined);
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  const client = new RuntimeClient();
  let handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    const description = describeError(error);
    console.error('Uncaught Exception', JSON.stringify({ ...description, stack: description.trace }));
    await client.initFailed(description);
    process.exit(1);
  }
  await serve(client, handler);
}

main().catch(die);
