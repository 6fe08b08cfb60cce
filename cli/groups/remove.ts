// Everything of one hand-made dataset group goes: campaigns, solutions, tracker, filters, datasets, schemas, the group, its bucket
// and role; and then it is proven that nothing is left.
import { ListTagsForResourceCommand, paginateListSchemas } from '@aws-sdk/client-personalize';
import { deploymentTag } from '../../lambda/controller/declaration';
import { inventory, pass } from '../../lambda/teardown/teardown';
import type { Clients } from '../clients';
import { type Result, type Rim, UserError, type Values } from '../command';
import { languageOf, speaker } from '../language';
import { textTable } from '../table';
import { both } from '../text';
import { pollingInterval, waitFor } from '../wait-for';
import { findGroup, type Group, groupName, readGroup } from './group';
import { placeStack, removePlace, stackNamed } from './place';

type Used = Pick<Clients, 'personalize' | 's3' | 'cloudFormation'>;

/** @throws UserError for a group that a deployment looks after, and when something is left */
export async function removeGroup(clients: Used, values: Values, rim: Rim): Promise<Result> {
  const { personalize } = clients;
  const name = groupName(values);
  const say = speaker(languageOf(values));
  const stack = await stackNamed(clients, placeStack(name));
  // A removal that stopped half way may have left the bucket alone.
  const group = stack ? await findGroup(personalize, name) : await readGroup(clients, values);
  if (group) await refuseOthers(clients, group);
  const all = group ? await inventory(personalize, group.arn, 'everything') : [];
  const rows = all.map(({ kind, status, arn }) => [kind, status, arn]);
  if (stack) rows.push(['bucket and role', stack.StackStatus ?? '', stack.StackId ?? '']);
  const table = textTable([say('kind', '종류'), say('status', '상태'), 'arn'], rows);
  if (values['dry-run'])
    return { text: `${table}\n\n${say('Nothing was touched.', '아무것도 건드리지 않았습니다.')}`, json: all };
  rim.progress(table);
  if (group) {
    await waitFor(
      {
        look: () => pass(personalize, group.arn, 'everything'),
        isDone: (left) => left.length === 0,
        tell: (left) =>
          left.map(({ kind, status }) => `${kind} ${status.toLowerCase()}`).join(', ') || 'empty',
        everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
      },
      rim,
    );
  }
  const schemas = new Set(all.filter(({ kind }) => kind === 'schema').map(({ arn }) => arn));
  const left = [
    ...(await schemasLeft(clients, schemas)),
    ...(group ? await inventory(personalize, group.arn, 'everything') : []),
  ];
  await removePlace(clients, name, rim);
  if (left.length > 0) {
    throw new UserError(
      `left of ${name}: ${left.map((each) => (typeof each === 'string' ? each : each.arn)).join(', ')}`,
    );
  }
  return {
    text: say(
      `Deleted ${rows.length} resources of ${name}; nothing of it is left.`,
      `${name}의 리소스 ${rows.length}개를 지웠습니다. 남은 것이 없습니다.`,
    ),
    json: { deleted: all },
  };
}

async function schemasLeft({ personalize: client }: Used, arns: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const { schemas = [] } of paginateListSchemas({ client }, {})) {
    for (const { schemaArn = '' } of schemas) if (arns.has(schemaArn)) found.push(schemaArn);
  }
  return found;
}

/** The gallery's own group, and those of configuration files, would only be made again. */
async function refuseOthers(clients: Used, { name, arn }: Group): Promise<void> {
  if (await stackNamed(clients, `${name}-personalize`)) {
    throw new UserError(
      both(
        `${name} is a gallery's own dataset group: "npx cdk destroy --all" takes it down`,
        `${name}은(는) 갤러리 자신의 데이터 세트 그룹입니다. "npx cdk destroy --all"로 내리세요`,
      ),
    );
  }
  const { tags = [] } = await clients.personalize.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  const owner = tags.find(({ tagKey }) => tagKey === deploymentTag)?.tagValue;
  if (owner)
    throw new UserError(
      both(
        `${name} belongs to a configuration file of ${owner}: "remove --config FILE" takes it down`,
        `${name}은(는) ${owner}의 구성 파일에 속합니다. "remove --config FILE"로 내리세요`,
      ),
    );
}
