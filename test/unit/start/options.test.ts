import { UnusableFolder } from '@emotion-gallery/local-kit/lock';
import { DeployError } from '../../../local/start/deploy';
import { readStep } from '../../../local/start/deploy-output';
import { explainFailure } from '../../../local/start/failure';
import { networkAddress } from '../../../local/start/network';
import { parseStartOptions } from '../../../local/start/options';

describe('the command line', () => {
  test('has defaults for everything', () => {
    expect(parseStartOptions([])).toEqual({
      sitePort: 8080,
      awsPort: 4566,
      state: '.emotion-gallery',
      fresh: false,
      lan: false,
      hosts: [],
      speed: 600,
      retiredRecipes: false,
      open: true,
      context: [],
    });
  });

  test('takes ports, a folder, a speed and settings of the app', () => {
    const args = [
      '--site-port',
      '0',
      '--state',
      'x',
      '--speed=1',
      '--fresh',
      '--no-open',
      '--lan',
      '--retired-recipes',
      '--allow-host=host.docker.internal',
      '-c',
      'minimumUsers=30',
    ];
    expect(parseStartOptions(args)).toMatchObject({
      sitePort: 0,
      state: 'x',
      speed: 1,
      fresh: true,
      open: false,
      lan: true,
      retiredRecipes: true,
      hosts: ['host.docker.internal'],
      context: ['minimumUsers=30'],
    });
  });

  test('shows its help when asked', () => {
    expect(parseStartOptions(['--help'])).toBeUndefined();
  });

  test.each([
    [['--site-port', 'http'], "--site-port needs a port number from 0 to 65535, got 'http'"],
    [['--speed', '0'], '--speed needs a number greater than 0'],
    [['--sped', '1'], "Unknown option '--sped'"],
  ])('%j is refused', (args, message) => {
    expect(() => parseStartOptions(args)).toThrow(message);
  });
});

test.each([
  ['✨  Synthesis time: 4.31s', { kind: 'synthesized', seconds: 4.31 }],
  ['gallery-storage: deploying... [1/3]', { kind: 'deploying', stack: 'gallery-storage' }],
  [' ✅  gallery-storage', { kind: 'done', stack: 'gallery-storage', changed: true }],
  [' ✅  gallery-storage (no changes)', { kind: 'done', stack: 'gallery-storage', changed: false }],
  ['gallery-storage: start: Building Template', undefined],
])('the CLI’s line %j is understood', (line, expected) => {
  expect(readStep(line)).toEqual(expected);
});

test('the address on the network is a private one where there is one, and a machine on no network says so', () => {
  const address = (text: string, internal = false) => [
    { address: text, family: 'IPv4' as const, internal, netmask: '', mac: '', cidr: null },
  ];
  const loopback = address('127.0.0.1', true);
  expect(networkAddress({ lo: loopback, vpn: address('100.64.0.7'), wifi: address('192.168.1.20') })).toBe(
    '192.168.1.20',
  );
  expect(networkAddress({ lo: loopback, vpn: address('100.64.0.7') })).toBe('100.64.0.7');
  expect(() => networkAddress({ lo: loopback })).toThrow('--lan needs a network');
});

test('a failed deployment says what the CLI said, and what to do about a full disk', () => {
  expect(explainFailure(new DeployError('no such type'))).toMatch(/no such type[\s\S]*deploy\.log/);
  const full = 'Error: ENOSPC: no space left on device, write\n    at writeSync (node:fs:933:3)';
  expect(explainFailure(new DeployError(full))).not.toContain('node:fs');
  expect(explainFailure(new DeployError(full))).toContain('Free some space and start again');
});

test('a folder that is not ours is explained, with the option that names another', () => {
  expect(explainFailure(new UnusableFolder('x is a file'))).toContain('npm start -- --state FOLDER');
});

test('a port in use and a full disk are explained', () => {
  const failure = (code: string, rest = {}) =>
    explainFailure(Object.assign(new Error(code), { code, ...rest }));
  expect(failure('EADDRINUSE', { port: 8080 })).toContain('Port 8080 is in use');
  expect(failure('ENOSPC')).toContain('disk is full');
  expect(explainFailure(new Error('a defect'))).toBeUndefined();
});
