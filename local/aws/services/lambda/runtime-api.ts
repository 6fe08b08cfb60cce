// The Lambda Runtime API, one server for all processes: `/<environment>/2018-06-01/runtime/…`.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { send } from '../../wire/http';
import type { Environment } from './environment';

const ROUTE =
  /^\/([\w-]+)\/2018-06-01\/runtime\/(?:invocation\/(next)|invocation\/([\w-]+)\/(response|error)|(init)\/error)$/;

/** A length, because without one node would send an empty body in chunks. */
const answer = (response: ServerResponse, status: number) => send(response, status, { 'content-length': 0 });

export class RuntimeApi {
  private readonly environments = new Map<string, Environment>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.serve(request, response),
    );
  }

  static async start(): Promise<RuntimeApi> {
    const server = createServer();
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the Runtime API has no port');
    return new RuntimeApi(server, address.port);
  }

  address(id: string): string {
    return `127.0.0.1:${this.port}/${id}`;
  }

  add(environment: Environment): void {
    this.environments.set(environment.id, environment);
  }

  remove(environment: Environment): void {
    this.environments.delete(environment.id);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const [, id = '', next, requestId = '', outcome, init] = ROUTE.exec(request.url ?? '') ?? [];
    const environment = this.environments.get(id);
    if (!environment) {
      answer(response, 404);
      return;
    }
    if (next) {
      environment.next((invocation) => {
        const headers = {
          'content-type': 'application/json',
          'content-length': invocation.payload.length,
          'lambda-runtime-aws-request-id': invocation.requestId,
          'lambda-runtime-deadline-ms': String(invocation.deadline),
          'lambda-runtime-invoked-function-arn': environment.record.arn,
        };
        send(response, 200, headers, invocation.payload);
      });
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (init) environment.initFailed(body);
      else {
        const known = environment.finish(requestId, body, outcome === 'error' ? 'Unhandled' : undefined);
        if (!known) {
          answer(response, 400);
          return;
        }
      }
      answer(response, 202);
    });
  }
}
