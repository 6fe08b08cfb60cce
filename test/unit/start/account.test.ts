// The environment that programs get which are to see the local AWS only.
import { exportLine } from '@emotion-gallery/aws-local';
import { ACCOUNT_ID, childEnvironment, REGION } from '../../../local/start/account';

const access = {
  endpoint: 'http://127.0.0.1:4566',
  credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'secret' },
};

test('the CLI sees this account and nothing of the person’s profiles', () => {
  const environment = childEnvironment(
    { AWS_PROFILE: 'work', AWS_SESSION_TOKEN: 'x', HOME: '/home/me' },
    access,
  );
  expect(environment).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIALOCAL', HOME: '/home/me' });
  expect(environment).not.toHaveProperty('AWS_PROFILE');
  expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
});

test('what is on this machine is asked past a proxy, whatever else is', () => {
  const proxy = { HTTP_PROXY: 'http://proxy:3128' };
  expect(childEnvironment(proxy, access)).toMatchObject({ NO_PROXY: 'localhost,127.0.0.1,::1' });
  expect(childEnvironment({ ...proxy, no_proxy: 'internal' }, access)).toMatchObject({
    NO_PROXY: 'internal,localhost,127.0.0.1,::1',
    no_proxy: 'internal,localhost,127.0.0.1,::1',
  });
});

test('the printed line has the key, and leads past a proxy where the shell has one', () => {
  const props = { ...access, region: REGION, accountId: ACCOUNT_ID };
  const line = exportLine(props, {});
  expect(line).toContain('AWS_ACCESS_KEY_ID=AKIALOCAL AWS_SECRET_ACCESS_KEY=secret');
  expect(line).not.toContain('NO_PROXY');
  expect(exportLine(props, { https_proxy: 'http://proxy:3128' })).toContain(
    'NO_PROXY="localhost,127.0.0.1,$NO_PROXY"',
  );
});
