// A plan as text: what is done, why, what differs, what it costs.
import { planText } from '../../../cli/plan-text';
import type { Action } from '../../../lambda/controller/actions';

const action: Action = {
  id: 'update campaign shop',
  step: 'serve',
  verb: 'update',
  resource: { kind: 'campaign', name: 'shop' },
  source: 'settings',
  reason: 'it is declared otherwise',
  differences: [{ what: 'minProvisionedTPS', from: 1, to: 3 }],
  deletes: [],
  pricePerHour: 0.4,
  isRetry: false,
  after: [],
};

test('an action tells its reason, its differences and its price', () => {
  const text = planText('films', {
    actions: [action],
    waiting: [{ for: 'likes', step: 'train', message: '6 more likes' }],
    problems: [],
    judged: [],
    next: { at: '2026-12-01T03:00:00.000Z', what: 'train shop' },
    pricePerHour: { now: 0.2, after: 0.6 },
  });
  expect(text.split('\n')).toEqual([
    'Dataset group films',
    '  update campaign shop  [+0.40 $/h]',
    '      it is declared otherwise',
    '      minProvisionedTPS: 1 → 3',
    'Waits for',
    '  6 more likes',
    'Next: train shop, 2026-12-01T03:00:00.000Z',
    'Billed: 0.20 US dollars an hour (144 in 30 days) → 0.60 US dollars an hour (432 in 30 days)',
  ]);
});

test('what is taken down names what goes with it, and what comes first', () => {
  const text = planText('films', {
    actions: [
      {
        ...action,
        verb: 'delete',
        differences: [],
        deletes: [{ kind: 'solution version', name: 'a1' }],
        replaces: { kind: 'solution', name: 'old' },
        pricePerHour: -0.2,
        after: ['campaign old'],
      },
    ],
    waiting: [],
    problems: [
      {
        step: 'resources',
        source: 'settings',
        code: 'ReplacementRefused',
        reason: 'filter f has another expression',
        advice: 'Set allowReplace.',
        differences: [{ what: 'filterExpression', from: 'a', to: undefined }],
      },
    ],
    judged: [],
    pricePerHour: { now: 0.2, after: 0 },
  });
  expect(text).toContain('  delete campaign shop  [-0.20 $/h]\n');
  expect(text).toContain(
    '      in place of solution old\n      goes with it: solution version a1\n      after: campaign old\n',
  );
  expect(text).toContain(
    '  ReplacementRefused: filter f has another expression\n      filterExpression: "a" → nothing\n      Set allowReplace.\n',
  );
});

test('a group that is as declared has nothing to be done', () => {
  const nothing = { actions: [], waiting: [], problems: [], judged: [], pricePerHour: { now: 0, after: 0 } };
  expect(planText('films', nothing)).toBe(
    'Dataset group films\n  nothing is to be done\nBilled: 0.00 US dollars an hour (0 in 30 days)',
  );
});
