// What is handed on: messages, events, executions, invocations without a waiting caller. Each arrives at least once.
import { existsSync, readFileSync } from 'node:fs';
import { zip } from '../lambda-fixture';
import { type Actor, type Call, drain, untilNone } from './actor';

const ARN = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const ROLE = 'arn:aws:iam::000000000000:role/crash';

async function createQueue(call: Call, QueueName: string): Promise<string> {
  return String((await call('sqs', 'CreateQueue', { QueueName })).QueueUrl);
}

export class MessageSender implements Actor {
  acknowledged = 0;
  private queue = '';
  private sent = 0;
  private readonly waiting = new Set<string>();
  private readonly deleted = new Set<string>();

  async setUp(call: Call): Promise<void> {
    this.queue = await createQueue(call, 'crash');
  }

  async step(call: Call, random: () => number): Promise<void> {
    if (random() < 0.6) {
      this.sent += 1;
      const MessageBody = `message-${this.sent}`;
      await call('sqs', 'SendMessage', { QueueUrl: this.queue, MessageBody });
      this.waiting.add(MessageBody);
    } else {
      const { Messages } = await call('sqs', 'ReceiveMessage', {
        QueueUrl: this.queue,
        VisibilityTimeout: 0,
      });
      const [message] = (Messages ?? []) as readonly { Body: string; ReceiptHandle: string }[];
      if (!message) return;
      // A deletion under way may have happened: nothing is expected of the message any more.
      this.waiting.delete(message.Body);
      await call('sqs', 'DeleteMessage', { QueueUrl: this.queue, ReceiptHandle: message.ReceiptHandle });
      this.deleted.add(message.Body);
    }
    this.acknowledged += 1;
  }

  async verify(call: Call): Promise<string[]> {
    const found = new Set(await drain(call, this.queue));
    const lost = [...this.waiting].filter((body) => !found.has(body)).map((body) => `${body} is lost`);
    const back = [...this.deleted].filter((body) => found.has(body)).map((body) => `${body} came back`);
    this.waiting.clear();
    return [...lost, ...back];
  }
}

/** Sends something that is to arrive in a queue. */
abstract class Sender implements Actor {
  acknowledged = 0;
  protected queue = '';
  protected readonly accepted = new Set<string>();
  private readonly arrived = new Set<string>();
  private attempted = 0;

  abstract setUp(call: Call): Promise<void>;
  protected abstract send(call: Call, id: string): Promise<void>;

  async step(call: Call): Promise<void> {
    this.attempted += 1;
    const id = `${this.constructor.name}-${this.attempted}`;
    await this.send(call, id);
    this.accepted.add(id);
    this.acknowledged += 1;
  }

  verify(call: Call): Promise<string[]> {
    return untilNone(async () => {
      for (const body of await drain(call, this.queue))
        this.arrived.add((JSON.parse(body) as { id: string }).id);
      return [...this.accepted].filter((id) => !this.arrived.has(id)).map((id) => `${id} did not arrive`);
    });
  }
}

export class EventSender extends Sender {
  async setUp(call: Call): Promise<void> {
    this.queue = await createQueue(call, 'heard');
    await call('events', 'PutRule', { Name: 'crash', EventPattern: '{"source":["crash"]}' });
    const Targets = [{ Id: 'queue', Arn: ARN('sqs', 'heard'), InputPath: '$.detail' }];
    await call('events', 'PutTargets', { Rule: 'crash', Targets });
  }

  protected async send(call: Call, id: string): Promise<void> {
    const Entries = [{ Source: 'crash', DetailType: 'Crash', Detail: JSON.stringify({ id }) }];
    await call('events', 'PutEvents', { Entries });
  }
}

export class ExecutionStarter extends Sender {
  private machine = '';

  async setUp(call: Call): Promise<void> {
    this.queue = await createQueue(call, 'told');
    const tell = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl: this.queue, 'MessageBody.$': '$' },
      End: true,
    };
    const definition = { StartAt: 'Pass', States: { Pass: { Type: 'Pass', Next: 'Tell' }, Tell: tell } };
    const input = { name: 'crash', roleArn: ROLE, definition: JSON.stringify(definition) };
    this.machine = String((await call('states', 'CreateStateMachine', input)).stateMachineArn);
  }

  protected async send(call: Call, name: string): Promise<void> {
    const input = JSON.stringify({ id: name });
    await call('states', 'StartExecution', { stateMachineArn: this.machine, name, input });
  }

  override async verify(call: Call): Promise<string[]> {
    const problems = await super.verify(call);
    const unfinished = await untilNone(async () => {
      const { executions } = await call('states', 'ListExecutions', {
        stateMachineArn: this.machine,
        statusFilter: 'RUNNING',
      });
      return (executions as readonly { name: string }[]).map(({ name }) => `${name} is still running`);
    });
    return [...problems, ...unfinished];
  }
}

export class AsynchronousInvoker implements Actor {
  acknowledged = 0;
  private attempted = 0;
  private readonly accepted = new Set<string>();

  constructor(private readonly file: string) {}

  async setUp(call: Call): Promise<void> {
    const source = `exports.handler = async (event) => require('node:fs').appendFileSync(process.env.FILE, event.id + '\\n');`;
    await call('lambda', 'CreateFunction', {
      FunctionName: 'crash',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: await zip({ 'index.js': source }) },
      Environment: { Variables: { FILE: this.file } },
    });
  }

  async step(call: Call): Promise<void> {
    this.attempted += 1;
    const id = `invocation-${this.attempted}`;
    const Payload = Buffer.from(JSON.stringify({ id }));
    await call('lambda', 'Invoke', { FunctionName: 'crash', InvocationType: 'Event', Payload });
    this.accepted.add(id);
    this.acknowledged += 1;
  }

  verify(): Promise<string[]> {
    return untilNone(async () => {
      const ran = new Set(existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n') : []);
      return [...this.accepted].filter((id) => !ran.has(id)).map((id) => `${id} did not run`);
    });
  }
}
