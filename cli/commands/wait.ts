// wait: follows what is under way in dataset groups until they rest, step by step; tells of the newest run when nothing is.
import type { Command } from '../command';
import { type FollowClients, follow, followedResult, lookAtGroups } from '../follow';
import { GROUPS_OPTIONS, readTarget, type TargetClients } from '../target';

export function wait(clients: TargetClients & FollowClients): Command {
  return {
    name: 'wait',
    summary: 'Follows what is under way, or else tells of what ended last; fails when that failed.',
    options: GROUPS_OPTIONS,
    async run(values, _, rim) {
      const target = await readTarget(clients, values);
      const begunAt = new Date(rim.now()).toISOString();
      const all = await lookAtGroups(clients, target, [target.group]);
      const meant =
        values['dataset-group'] === undefined ? all : all.filter(({ name }) => name === target.group);
      const underWay = meant.filter(({ isUnderWay }) => isUnderWay);
      const [newest] = [...meant].sort((a, b) => sinceOf(b).localeCompare(sinceOf(a)));
      const followed = underWay.length > 0 ? underWay : newest ? [newest] : [];
      const names = followed.map(({ name }) => name);
      const since = underWay.length > 0 ? begunAt : undefined;
      const groups = await follow(clients, target, names, since, rim);
      const isNothing = groups.every(({ run, reason }) => run === undefined && reason === undefined);
      if (since === undefined && isNothing) {
        return { text: 'Nothing was trained yet; "train" starts one.', json: { groups }, exitCode: 1 };
      }
      return followedResult(groups);
    },
  };
}

const sinceOf = ({ row }: Awaited<ReturnType<typeof lookAtGroups>>[number]): string => row?.since ?? '';
