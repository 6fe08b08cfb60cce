// Does what the workshop's documents say, with an AWS on localhost of its own, as a person does: the same commands in a folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsEndpoint, awsEnvironment, createAwsEndpoint } from '@emotion-gallery/aws-local';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { awsClients } from '../../cli/clients';
import { allCommands } from '../../cli/commands';
import { run } from '../../cli/run';
import { type DocumentLanguage, MODULES, readDocument, type Step, stepsOf } from './document';

/** As `npm run aws` has them; the waiting of Amazon Personalize goes by faster. */
const SETTINGS = { region: 'us-east-1', accountId: '000000000000', awsPort: 0, sitePort: 0 };
const SPEED = 6000;

export interface Done extends Step {
  readonly module: (typeof MODULES)[number];
  readonly exitCode: number;
  readonly out: string;
  readonly told: string;
}

/** A folder and an account for one workshop; the process works in the folder until it is closed. */
export class Workshop {
  private readonly before = { cwd: process.cwd(), environment: { ...process.env } };

  private constructor(
    private readonly folder: string,
    private readonly endpoint: AwsEndpoint,
  ) {}

  /** @param faults of Amazon Personalize, for example `CreateSolutionVersion:fail:#1` */
  static async open(faults: readonly string[] = []): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'workshop-'));
    const endpoint = await createAwsEndpoint({
      ...SETTINGS,
      stateDir: join(folder, '.aws-local'),
      clock: new RealClock(1),
      personalizeClock: new RealClock(SPEED),
      faults,
      log: () => undefined,
    });
    const workshop = new Workshop(folder, endpoint);
    Object.assign(process.env, awsEnvironment({ ...endpoint, ...SETTINGS }));
    process.chdir(folder);
    return workshop;
  }

  /** All modules in their order. */
  async perform(language: DocumentLanguage): Promise<Done[]> {
    process.env.GALLERY_LANG = language;
    const done: Done[] = [];
    for (const module of MODULES) {
      for (const step of stepsOf(readDocument(module, language))) {
        done.push({ ...step, module, ...(await this.call(step.words)) });
      }
    }
    return done;
  }

  async call(words: readonly string[]): Promise<Pick<Done, 'exitCode' | 'out' | 'told'>> {
    const [out, told]: [string[], string[]] = [[], []];
    const exitCode = await run(allCommands(awsClients()), words, {
      now: Date.now,
      progress: (line) => told.push(line),
      print: (text) => out.push(text),
      printError: (text) => told.push(text),
    });
    return { exitCode, out: out.join('\n'), told: told.join('\n') };
  }

  async close(): Promise<void> {
    process.chdir(this.before.cwd);
    process.env = this.before.environment;
    await this.endpoint.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
