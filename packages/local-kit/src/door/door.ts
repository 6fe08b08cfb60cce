// The one HTTP server of everything that listens here: guarded, bounded, on both loopback addresses.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type Server as NetServer } from 'node:net';
import { holdBody, send } from './body';
import { type GuardProps, refusal } from './guard';

export interface DoorProps extends GuardProps {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers what is refused, with 403. @default - the reason as plain text */
  readonly refuse?: (request: IncomingMessage, response: ServerResponse, reason: string) => void;
  /** @default LIMITS */
  readonly limits?: Partial<typeof LIMITS>;
}

/** `localhost` is the one or the other, as the system likes. The first decides the port. */
export const LOOPBACK = ['127.0.0.1', '::1'] as const;

const MAX_HEADER_BYTES = 16 * 1024;
const LIMITS = {
  /** From the connection to the end of the headers. */
  headersMs: 10_000,
  /** To the end of the body. */
  requestMs: 300_000,
  /** Between two requests. */
  idleMs: 60_000,
  /** How often all three are looked at. */
  checkMs: 5_000,
  /** At once, on each address. */
  connections: 2_000,
};
/** Another server may have the port that was free on the first address. */
const FREE_PORT_ATTEMPTS = 10;
/** The machine has no such address: it speaks the other Internet Protocol only. */
const NO_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

function listenOn(server: NetServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

const closed = (server: NetServer) => new Promise<void>((resolve) => server.close(() => resolve()));

function refuseInText(_request: IncomingMessage, response: ServerResponse, reason: string): void {
  const body = Buffer.from(`${reason}\n`);
  send(response, 403, { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length }, body);
}

export class Door {
  private readonly server: Server;
  /** Listeners on further addresses; they hand their connections to the server. */
  private further: NetServer[] = [];

  private readonly limits: typeof LIMITS;

  constructor(private readonly props: DoorProps) {
    this.limits = { ...LIMITS, ...props.limits };
    this.server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: this.limits.headersMs,
      requestTimeout: this.limits.requestMs,
      keepAliveTimeout: this.limits.idleMs,
      connectionsCheckingInterval: this.limits.checkMs,
    });
    this.server.maxConnections = this.limits.connections;
    this.server.on('request', (request, response) => this.admit(request, response));
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      holdBody(request, response);
      this.admit(request, response);
    });
  }

  /**
   * Listens and returns the port.
   *
   * @param port 0 takes any free one
   * @throws EADDRINUSE, EACCES
   */
  async listen(port: number, addresses: readonly string[] = LOOPBACK): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.listenOnAll(port, addresses);
      } catch (error) {
        await this.stopListening();
        if (port !== 0 || codeOf(error) !== 'EADDRINUSE' || attempt === FREE_PORT_ATTEMPTS) throw error;
      }
    }
  }

  /** Ends when all connections are closed: idle ones at once, busy ones after `graceMs`. */
  async close(graceMs = 0): Promise<void> {
    const stopped = this.stopListening();
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), graceMs);
    await stopped;
    clearTimeout(timer);
  }

  private async listenOnAll(
    port: number,
    [first = LOOPBACK[0], ...rest]: readonly string[],
  ): Promise<number> {
    const actual = await listenOn(this.server, port, first);
    for (const address of rest) {
      const listener = createNetServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        this.server.emit('connection', socket),
      );
      listener.maxConnections = this.limits.connections;
      try {
        await listenOn(listener, actual, address);
        this.further.push(listener);
      } catch (error) {
        if (!NO_ADDRESS.includes(codeOf(error))) throw error;
      }
    }
    return actual;
  }

  private async stopListening(): Promise<void> {
    const listeners = [this.server, ...this.further];
    this.further = [];
    await Promise.all(listeners.map(closed));
  }

  private admit(request: IncomingMessage, response: ServerResponse): void {
    const reason = refusal(request, this.props);
    if (reason === undefined) this.props.serve(request, response);
    else (this.props.refuse ?? refuseInText)(request, response, reason);
  }
}
