// One process's connection to the Runtime API: HTTP/1.1 with pipelining, over a plain socket. A process sends its answer and
// the question for the next event in one packet (runtime-client.js); here both answers leave in one packet as well when the
// next event is at hand. With node's HTTP server they are two requests, two responses and two system calls for each invocation.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

export interface RuntimeRequest {
  readonly path: string;
  readonly body: Buffer;
}

/** Answers a request, once, now or later. */
export type RuntimeReply = (
  status: number,
  headers?: Readonly<Record<string, string>>,
  body?: Buffer,
) => void;

interface Head {
  readonly path: string;
  /** Bytes of the body. */
  readonly length: number;
}

const END_OF_HEAD = '\r\n\r\n';
const LARGEST_HEAD_BYTES = 16 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

export class RuntimeConnection {
  private received = NOTHING;
  /** What came after it, put together once a whole request can be there: bodies of megabytes come in many pieces. */
  private pieces: Buffer[] = [];
  private size = 0;
  /** Of the request that is being received, once it is there. */
  private head: Head | undefined;
  /** Answers in the order of their requests; one that is not known yet holds the later ones back. */
  private readonly answers: { bytes?: Buffer }[] = [];
  private isScheduled = false;

  constructor(
    private readonly socket: Socket,
    private readonly serve: (request: RuntimeRequest, reply: RuntimeReply) => void,
  ) {
    socket.on('data', (data: Buffer) => {
      this.pieces.push(data);
      this.size += data.length;
      if (this.head && this.received.length + this.size < this.head.length) return;
      this.received = this.received.length === 0 && this.pieces.length === 1 ? data : this.joined();
      this.pieces = [];
      this.size = 0;
      this.read();
    });
    // The process is gone: whoever waits for it learns so from its exit.
    socket.on('error', () => socket.destroy());
  }

  private joined(): Buffer {
    return Buffer.concat([this.received, ...this.pieces]);
  }

  private read(): void {
    for (;;) {
      this.head ??= this.readHead();
      const { head } = this;
      if (!head || this.received.length < head.length) return;
      const body = this.received.subarray(0, head.length);
      this.received = this.received.subarray(head.length);
      this.head = undefined;
      const answer: { bytes?: Buffer } = {};
      this.answers.push(answer);
      this.serve({ path: head.path, body }, (status, headers, content) => {
        answer.bytes = encode(status, headers, content);
        this.schedule();
      });
    }
  }

  private readHead(): Head | undefined {
    const end = this.received.indexOf(END_OF_HEAD);
    if (end < 0) {
      if (this.received.length > LARGEST_HEAD_BYTES) this.refuse(431);
      return undefined;
    }
    const [requestLine = '', ...lines] = this.received.toString('latin1', 0, end).split('\r\n');
    this.received = this.received.subarray(end + END_OF_HEAD.length);
    const path = /^(?:GET|POST) (\S+) HTTP\/1\.1$/.exec(requestLine)?.[1];
    let length = 0;
    for (const line of lines) {
      const [name = '', value = ''] = line.split(/:\s*/, 2);
      if (/^content-length$/i.test(name)) length = /^\d+$/.test(value) ? Number(value) : Number.NaN;
      if (/^transfer-encoding$/i.test(name)) {
        this.refuse(411);
        return undefined;
      }
    }
    if (path === undefined || Number.isNaN(length)) {
      this.refuse(400);
      return undefined;
    }
    return { path, length };
  }

  /** What follows cannot be told apart any more. */
  private refuse(status: number): void {
    this.received = NOTHING;
    this.socket.removeAllListeners('data');
    this.socket.end(encode(status, { connection: 'close' }));
  }

  /** At the end of this turn of the event loop: until then the next event may come. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.write();
    });
  }

  private write(): void {
    const waiting = this.answers.findIndex(({ bytes }) => bytes === undefined);
    const ready = this.answers.splice(0, waiting < 0 ? this.answers.length : waiting);
    if (ready.length === 0 || this.socket.destroyed) return;
    this.socket.write(Buffer.concat(ready.map(({ bytes = NOTHING }) => bytes)));
  }
}

function encode(status: number, headers: Readonly<Record<string, string>> = {}, body = NOTHING): Buffer {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: ${body.length}\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body]);
}
