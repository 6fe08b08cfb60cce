// A dataset group by its name, whoever made it: no deployment of the gallery is needed.
import { type PersonalizeClient, paginateListDatasetGroups } from '@aws-sdk/client-personalize';
import type { Clients } from '../clients';
import { type Option, UserError, type Values } from '../command';
import { both } from '../text';

export const groupOption: Option = {
  type: 'string',
  value: 'G',
  description: both('the dataset group, by its name', '데이터 세트 그룹의 이름'),
  required: true,
};

export interface Group {
  readonly name: string;
  readonly arn: string;
  /** `arn:aws:personalize:<region>:<account>`. */
  readonly arnBase: string;
}

type Client = Pick<Clients, 'personalize'>;

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,62}$/;

/** @throws UserError for what can be no name of a dataset group */
export function groupName(values: Values): string {
  const name = String(values['dataset-group']);
  if (NAME.test(name)) return name;
  throw new UserError(
    both(
      `--dataset-group must be letters, digits, - and _, at most 63, got ${name}`,
      `--dataset-group에는 영문자, 숫자, -, _로 된 63자까지의 이름이 필요합니다. 받은 값: ${name}`,
    ),
    true,
  );
}

export async function findGroup(client: PersonalizeClient, name: string): Promise<Group | undefined> {
  const groups = await allGroups(client);
  return groups.find((group) => group.name === name);
}

/** @throws UserError that names the groups that there are */
export async function readGroup({ personalize }: Client, values: Values): Promise<Group> {
  const name = groupName(values);
  const groups = await allGroups(personalize);
  const group = groups.find((each) => each.name === name);
  if (group) return group;
  const known = groups.map((each) => each.name).join(', ');
  throw new UserError(
    both(
      `there is no dataset group ${name} in this account and region; there are: ${known || 'none'}. "data load" makes one of files`,
      `이 계정과 리전에 데이터 세트 그룹 ${name}이(가) 없습니다. 있는 그룹: ${known || '없음'}. "data load"로 파일에서 만들 수 있습니다`,
    ),
  );
}

async function allGroups(client: PersonalizeClient): Promise<Group[]> {
  const found: Group[] = [];
  for await (const { datasetGroups = [] } of paginateListDatasetGroups({ client }, {})) {
    for (const { name = '', datasetGroupArn: arn = '' } of datasetGroups) {
      found.push({ name, arn, arnBase: arn.slice(0, arn.lastIndexOf(':')) });
    }
  }
  return found;
}
