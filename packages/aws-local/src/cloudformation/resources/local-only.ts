// Types that have nothing to make on localhost: the CDK's version metadata, and budgets, because nothing here costs money.
import type { ResourceProvider } from '../provider';

export const cdkMetadata: ResourceProvider = {
  properties: ['*'],
  create: async (_properties, { logicalId }) => ({ physicalId: logicalId, attributes: {} }),
  update: async (physicalId) => ({ physicalId, attributes: {} }),
  async delete() {},
};

const NO_COSTS = 'On localhost nothing costs money: the budget is kept in the stack and never reports.';

export const budget: ResourceProvider = {
  properties: ['Budget', 'NotificationsWithSubscribers', 'ResourceTags'],
  create: async (_properties, context) => ({
    physicalId: context.generateName(100),
    attributes: {},
    note: NO_COSTS,
  }),
  update: async (physicalId) => ({ physicalId, attributes: {}, note: NO_COSTS }),
  async delete() {},
};
