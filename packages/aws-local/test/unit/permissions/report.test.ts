import type { RoleRecord } from '../../../src/iam/directory';
import { permissionsReport, printReport } from '../../../src/permissions/report';

const arn = 'arn:aws:iam::1:role/like';
const role: RoleRecord = {
  name: 'like',
  path: '/',
  arn,
  id: 'AROA1',
  createdAt: 0,
  maxSessionSeconds: 3600,
  trustPolicy: '{}',
  attachedPolicies: [],
  tags: [],
  inlinePolicies: {
    own: JSON.stringify({
      Statement: [
        { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Scan'], Resource: 'table' },
        { Effect: 'Deny', Action: 's3:*', Resource: '*' },
      ],
    }),
  },
};
const denial = {
  role: arn,
  action: 'sqs:SendMessage',
  resource: 'q',
  reason: 'implicit',
  count: 2,
  last: '',
};

test('tells granted actions that were never used, and denied calls', () => {
  const decisions = { uses: { [`${arn}|own|0|dynamodb:GetItem`]: 7 }, denials: { x: denial } };
  expect(printReport(permissionsReport([role], decisions))).toBe(
    'like\n  never used  dynamodb:Scan on table (own, statement 1)\n  denied 2×  sqs:SendMessage on q (implicit)',
  );
});

test('is content when everything was used', () => {
  const uses = { [`${arn}|own|0|dynamodb:GetItem`]: 1, [`${arn}|own|0|dynamodb:Scan`]: 1 };
  expect(printReport(permissionsReport([role], { uses, denials: {} }))).toContain(
    'Every granted action was used',
  );
});
