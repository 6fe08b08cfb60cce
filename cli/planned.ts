// What the controller would do for a dataset group: the same declaration, observation and plan, read from here.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../lambda/controller/actions';
import type { Actual } from '../lambda/controller/actual';
import { paced, personalizeApi } from '../lambda/controller/api';
import type { Declaration } from '../lambda/controller/declaration';
import { type FoundFile, fileReader, filesOf, listFiles, type ReadFile } from '../lambda/controller/files';
import { galleryDeclaration } from '../lambda/controller/gallery';
import { askedOf, type GroupRow, newRow } from '../lambda/controller/group-row';
import { observe } from '../lambda/controller/observe';
import { plan } from '../lambda/controller/plan';
import { readGroups } from '../lambda/controller/rows';
import { groupOf, wantedOf } from '../lambda/controller/wanted';
import type { Configuration } from '../lambda/shared/configuration/configuration';
import { readTotals } from '../lambda/shared/data/totals';
import { readSettings } from '../lib/config';
import type { Clients } from './clients';
import { UserError } from './command';
import type { Target } from './target';

export type PlanningClients = Pick<Clients, 'cloudFormation' | 'dynamodb' | 'personalize' | 's3'>;

/** What would be otherwise in the bucket than it is: a file that is uploaded, or one that is removed. */
export type Instead =
  | { readonly put: string; readonly configuration: Configuration }
  | { readonly remove: string };

export interface Planned {
  readonly datasetGroup: string;
  readonly declaration: Declaration;
  readonly actual: Actual;
  readonly plan: Plan;
}

export class Outlook {
  private readonly api = paced(personalizeApi({}), { now: Date.now, sleep });
  private readonly read: (file: FoundFile) => Promise<ReadFile | undefined>;

  constructor(
    private readonly clients: PlanningClients,
    private readonly target: Target,
    /** Of the environment whose settings declare the gallery's own group. */
    private readonly environment: string | undefined,
    private readonly now: number,
    private readonly instead?: Instead,
  ) {
    this.read = fileReader(clients.s3, target.bucket, target.passable);
  }

  /** The keys of the configuration files, as they would be. */
  async files(): Promise<FoundFile[]> {
    const { instead } = this;
    const there = await listFiles(this.clients.s3, this.target.bucket);
    if (!instead) return there;
    const key = 'put' in instead ? instead.put : instead.remove;
    const others = there.filter((file) => file.key !== key);
    if (!('put' in instead)) return others;
    return [...others, { key, etag: '', uploadedAt: new Date(this.now).toISOString() }];
  }

  private async readFile(file: FoundFile): Promise<ReadFile | undefined> {
    const { instead } = this;
    if (instead && 'put' in instead && file.key === instead.put) {
      return { file, configuration: instead.configuration };
    }
    return this.read(file);
  }

  /** The names of all groups that something is declared for, the gallery's first. */
  async groups(): Promise<string[]> {
    const { galleryGroup } = this.target;
    const files = await Promise.all((await this.files()).map((file) => this.readFile(file)));
    const named = files.flatMap((file) =>
      file && 'configuration' in file ? [groupOf(file.configuration, galleryGroup)] : [],
    );
    return [...new Set([galleryGroup, ...named])];
  }

  /** @throws UserError when a file of the group is at fault */
  async declarationOf(datasetGroup: string): Promise<Declaration> {
    const wanted = await wantedOf(this.declared(), datasetGroup, await this.row(datasetGroup));
    if ('refused' in wanted) throw new UserError(wanted.refused.map(({ reason }) => reason).join('\n'));
    return wanted.declaration;
  }

  /** @throws UserError when a file of the group is at fault */
  async of(datasetGroup: string): Promise<Planned> {
    const row = await this.row(datasetGroup);
    const declaration = await this.declarationOf(datasetGroup);
    const { s3, dynamodb } = this.clients;
    const totals = this.target.deployment.output('TotalsTableName');
    const actual = await observe(
      {
        api: this.api,
        memo: new Map(),
        arnBase: this.target.arnBase,
        schemas: row.schemas,
        filesOf: (each) => filesOf(s3, each),
        progress: () => readTotals(dynamodb, totals, { random: Math.random, sleep }),
      },
      declaration,
    );
    return { datasetGroup, declaration, actual, plan: plan(declaration, actual, this.now, askedOf(row)) };
  }

  async row(datasetGroup: string): Promise<GroupRow> {
    const { target, clients, now } = this;
    const table = { dynamodb: clients.dynamodb, table: target.deployment.output('RunsTableName') };
    const arn = target.groupArn(datasetGroup);
    const rows = await readGroups(table, now);
    return (
      rows.find((row) => row.datasetGroup.arn === arn) ??
      newRow({ name: datasetGroup, arn }, new Date(now).toISOString())
    );
  }

  private declared() {
    const { target, environment } = this;
    const settings = readSettings(environment ? { environment } : {});
    const gate = {
      metric: settings.gateMetric,
      minimumRatioToBaseline: settings.gateRatioToBaseline,
      minimumRatioToServed: settings.gateRatioToServed,
      standardErrors: settings.gateStandardErrors,
    };
    const serviceRoleArn = target.deployment.output('PersonalizeRoleArn');
    const gallery = galleryDeclaration({
      datasetGroup: target.galleryGroup,
      served: settings.campaigns,
      schedule: settings.trainingSchedule,
      gate,
      minimum: { users: settings.minimumUsers, interactions: settings.minimumInteractions },
      bucket: target.bucket,
      serviceRoleArn,
    });
    return {
      gallery,
      gate,
      bucket: target.bucket,
      serviceRoleArn,
      listFiles: () => this.files(),
      readFile: (file: FoundFile) => this.readFile(file),
    };
  }
}
