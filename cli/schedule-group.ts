// The schedules that earlier versions made for configuration files, in a group of EventBridge Scheduler, and their taking down.
import {
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';

export interface ScheduleItem {
  readonly kind: 'schedule' | 'schedule group';
  readonly arn: string;
  readonly status: string;
}

/** The group and what is in it; empty when there is no group (any more). */
export async function listScheduleGroup(client: SchedulerClient, name: string): Promise<ScheduleItem[]> {
  try {
    const group = await client.send(new GetScheduleGroupCommand({ Name: name }));
    const items: ScheduleItem[] = [];
    for await (const { Schedules = [] } of paginateListSchedules({ client }, { GroupName: name })) {
      for (const { Arn = '', State = '' } of Schedules)
        items.push({ kind: 'schedule', arn: Arn, status: State });
    }
    return [...items, { kind: 'schedule group', arn: group.Arn ?? '', status: group.State ?? '' }];
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

/** Begins the deletion of the group, which takes its schedules along; tells what is still there. */
export async function deleteScheduleGroup(client: SchedulerClient, name: string): Promise<ScheduleItem[]> {
  const items = await listScheduleGroup(client, name);
  if (items.some(({ kind, status }) => kind === 'schedule group' && status !== 'DELETING')) {
    await client.send(new DeleteScheduleGroupCommand({ Name: name }));
  }
  return items;
}
