// The function's side of the Lambda Runtime API, on one connection. An answer and the question for the next event go out in
// one packet (HTTP/1.1 pipelining): node's own client cannot do that, and costs a function more than many handlers do.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// Plain JavaScript, because node runs it as it is.
const net = require('node:net');

const [, host, port, prefix] = /^([^:]+):(\d+)(.*)$/.exec(process.env.AWS_LAMBDA_RUNTIME_API);
const RUNTIME = `${prefix}/2018-06-01/runtime`;
const END_OF_HEAD = '\r\n\r\n';

const get = (resource) => `GET ${RUNTIME}/${resource} HTTP/1.1\r\nhost: ${host}:${port}\r\n\r\n`;

function post(resource, body) {
  const head = `POST ${RUNTIME}/${resource} HTTP/1.1\r\nhost: ${host}:${port}`;
  return `${head}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Headers in lower case. */
function parseHead(text) {
  const [statusLine, ...lines] = text.split('\r\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(statusLine.split(' ')[1]), headers };
}

class RuntimeClient {
  #received = Buffer.alloc(0);
  /** The answer that is being received, once its head is there. */
  #head;
  /** Who waits for the answers that are still to come, in their order. */
  #waiting = [];
  #socket = net.connect({ host, port: Number(port), noDelay: true });

  constructor() {
    this.#socket.on('data', (data) => this.#read(data));
    // The endpoint is gone when the parent process is: nobody is left to work for.
    this.#socket.on('error', () => process.exit(1));
    this.#socket.on('close', () => process.exit(1));
  }

  /** The next event; it may come in an hour. */
  next() {
    return this.#send(get('invocation/next'), 1);
  }

  /** Answers an event and asks for the next one. */
  respond(id, result) {
    return this.#send(post(`invocation/${id}/response`, result) + get('invocation/next'), 2);
  }

  /** The same, when the handler failed. */
  fail(id, description) {
    const body = JSON.stringify(description);
    return this.#send(post(`invocation/${id}/error`, body) + get('invocation/next'), 2);
  }

  /** The function cannot be loaded. */
  initFailed(description) {
    return this.#send(post('init/error', JSON.stringify(description)), 1);
  }

  /** Resolves with the last one of `count` answers. */
  #send(requests, count) {
    return new Promise((resolve) => {
      for (let index = 1; index < count; index += 1) this.#waiting.push(undefined);
      this.#waiting.push(resolve);
      this.#socket.write(requests);
    });
  }

  #read(data) {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    for (;;) {
      if (!this.#head) {
        const end = this.#received.indexOf(END_OF_HEAD);
        if (end < 0) return;
        this.#head = parseHead(this.#received.toString('latin1', 0, end));
        this.#received = this.#received.subarray(end + END_OF_HEAD.length);
      }
      const { headers } = this.#head;
      // The local Runtime API gives every answer a length.
      const length = Number(headers['content-length']);
      if (this.#received.length < length) return;
      const body = this.#received.toString('utf8', 0, length);
      this.#received = this.#received.subarray(length);
      this.#head = undefined;
      this.#waiting.shift()?.({ headers, body });
    }
  }
}

module.exports = { RuntimeClient };
