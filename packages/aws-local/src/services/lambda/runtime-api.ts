// The Lambda Runtime API, one server for all processes: `/<environment>/2018-06-01/runtime/…`.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { createServer, type Server, type Socket } from 'node:net';
import type { Environment } from './environment';
import { RuntimeConnection, type RuntimeReply, type RuntimeRequest } from './runtime-connection';

const ROUTE =
  /^\/([\w-]+)\/2018-06-01\/runtime\/(?:invocation\/(next)|invocation\/([\w-]+)\/(response|error)|(init)\/error)$/;

/** What the API asks of an environment. */
export type RuntimeEnvironment = Pick<Environment, 'next' | 'finish' | 'initFailed'> & {
  readonly id: string;
  readonly record: { readonly arn: string };
};

export class RuntimeApi {
  private readonly environments = new Map<string, RuntimeEnvironment>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      new RuntimeConnection(socket, (request, reply) => this.serve(request, reply));
    });
  }

  static async start(): Promise<RuntimeApi> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the Runtime API has no port');
    return new RuntimeApi(server, address.port);
  }

  address(id: string): string {
    return `127.0.0.1:${this.port}/${id}`;
  }

  add(environment: RuntimeEnvironment): void {
    this.environments.set(environment.id, environment);
  }

  remove(environment: RuntimeEnvironment): void {
    this.environments.delete(environment.id);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve({ path, body }: RuntimeRequest, reply: RuntimeReply): void {
    const [, id = '', next, requestId = '', outcome, init] = ROUTE.exec(path) ?? [];
    const environment = this.environments.get(id);
    if (!environment) {
      reply(404);
      return;
    }
    if (next) {
      environment.next((invocation) => {
        const headers = {
          'content-type': 'application/json',
          'lambda-runtime-aws-request-id': invocation.requestId,
          'lambda-runtime-deadline-ms': String(invocation.deadline),
          'lambda-runtime-invoked-function-arn': environment.record.arn,
        };
        reply(200, headers, invocation.payload);
      });
      return;
    }
    if (init) {
      environment.initFailed(body);
      reply(202);
      return;
    }
    const known = environment.finish(requestId, body, outcome === 'error' ? 'Unhandled' : undefined);
    reply(known ? 202 : 400);
  }
}
