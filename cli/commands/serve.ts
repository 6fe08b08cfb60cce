// serve: puts what a dataset group has trained into campaigns, and makes the event tracker that takes its events.

import { pricePerHour } from '../../lambda/controller/prices';
import { listOption } from '../arguments';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import {
  ensureTracker,
  type GroupCampaign,
  groupSolutions,
  startCampaign,
  untilUp,
} from '../groups/campaigns';
import { groupOption, readGroup } from '../groups/group';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';
import { both } from '../text';

/** Of these recipes Amazon Personalize makes no campaign. */
const BATCH_ALONE = 'USER_SEGMENTATION';

export function serve(clients: Pick<Clients, 'personalize'>): Command {
  return {
    name: 'serve',
    summary: both(
      'Makes campaigns of the trained solutions of a dataset group, and an event tracker.',
      '데이터 세트 그룹의 훈련된 솔루션으로 캠페인과 이벤트 트래커를 만듭니다.',
    ),
    options: {
      'dataset-group': groupOption,
      solutions: {
        type: 'string',
        value: 'S,S',
        description: both('these alone (default all that are trained)', '이것만 (기본값: 훈련된 것 모두)'),
      },
      lang: langOption,
    },
    async run(values, _, rim) {
      const say = speaker(languageOf(values));
      const { personalize } = clients;
      const group = await readGroup(clients, values);
      const solutions = (await groupSolutions(personalize, group, listOption(values, 'solutions'))).filter(
        ({ recipe, versionArn }) => recipe.type !== BATCH_ALONE && versionArn !== undefined,
      );
      if (solutions.length === 0)
        throw new UserError(
          both(
            `${group.name} has nothing that is trained; "compare" trains`,
            `${group.name}에 훈련된 것이 없습니다. "compare"로 훈련하세요`,
          ),
        );
      const campaigns: GroupCampaign[] = [];
      for (const solution of solutions) {
        const [up] = solution.campaigns;
        campaigns.push(up ?? (await startCampaign(personalize, solution)));
      }
      // All come up at once: on AWS each takes some ten minutes.
      for (const campaign of campaigns) await untilUp(personalize, campaign, rim);
      const trackingId = await ensureTracker(personalize, group);
      const priced = campaigns.map((each) => ({
        ...each,
        recipe: each.recipe.name,
        pricePerHour: pricePerHour(each.recipe.name),
      }));
      const rows = priced.map(({ name, recipe, pricePerHour: price }) => [name, recipe, price.toFixed(2)]);
      const sum = priced.reduce((total, each) => total + each.pricePerHour, 0).toFixed(2);
      return {
        text: [
          textTable(
            [say('campaign', '캠페인'), say('recipe', '레시피'), say('$ / h on AWS', 'AWS에서 $ / h')],
            rows,
          ),
          say(
            `On AWS they bill ${sum} US dollars an hour until they are deleted. Events go to ${trackingId}.`,
            `AWS에서는 삭제할 때까지 시간당 ${sum}달러가 청구됩니다. 이벤트는 ${trackingId}(으)로 보냅니다.`,
          ),
        ].join('\n\n'),
        json: { campaigns: priced, trackingId },
      };
    },
  };
}
