// The verifier that remembers: no shortcut past a signature, an audience or an expiry.
import { SECRET_KEPT_MS } from '../../../../lambda/shared/secrets';
import { signToken, type TokenSettings, tokenVerifier } from '../../../../lambda/shared/tokens';

const START = Date.parse('2026-05-01T12:00:00Z');
const LIFETIME_SECONDS = 3600;

function world() {
  const time = { now: START };
  const secret = jest.fn(async () =>
    new TextEncoder().encode('a secret of the test, 64 characters long or nearly so'),
  );
  const settings: TokenSettings = { secret, issuer: 'arn:of-the-group', now: () => time.now };
  return { time, secret, settings };
}

test('a token is verified once and then known', async () => {
  const { secret, settings } = world();
  const { token } = await signToken(settings, 'visitor', 'ann', LIFETIME_SECONDS);
  const verify = tokenVerifier(settings, 'visitor');
  expect(await verify(token)).toBe('ann');
  const reads = secret.mock.calls.length;
  expect(await verify(token)).toBe('ann');
  expect(secret).toHaveBeenCalledTimes(reads);
});

test('a known token expires like any other', async () => {
  const { time, settings } = world();
  const { token } = await signToken(settings, 'visitor', 'ann', LIFETIME_SECONDS);
  const verify = tokenVerifier(settings, 'visitor');
  await verify(token);
  time.now = START + LIFETIME_SECONDS * 1000 - 1;
  expect(await verify(token)).toBe('ann');
  time.now += 1;
  await expect(verify(token)).rejects.toMatchObject({ status: 401, message: 'The token has expired.' });
});

test('a refused token stays refused, also when it resembles a known one', async () => {
  const { settings } = world();
  const { token } = await signToken(settings, 'visitor', 'ann', LIFETIME_SECONDS);
  const { token: operator } = await signToken(settings, 'operator', 'operator', LIFETIME_SECONDS);
  const verify = tokenVerifier(settings, 'visitor');
  await verify(token);
  const [header, payload, signature = ''] = token.split('.');
  const forged = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  for (const refused of [forged, operator, `${token}x`]) {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(verify(refused)).rejects.toMatchObject({ status: 401 });
    }
  }
});

const keyOf = (text: string) => new TextEncoder().encode(text.padEnd(64, '.'));

test('after a rotation what the previous secret has signed is good, and what an older one has is not', async () => {
  const { settings } = world();
  const signedWith = (text: string) =>
    signToken({ ...settings, secret: async () => keyOf(text) }, 'visitor', text, LIFETIME_SECONDS);
  const verify = tokenVerifier(
    { ...settings, secret: async () => keyOf('new'), previousSecret: async () => keyOf('old') },
    'visitor',
  );
  expect(await verify((await signedWith('new')).token)).toBe('new');
  expect(await verify((await signedWith('old')).token)).toBe('old');
  await expect(verify((await signedWith('older')).token)).rejects.toMatchObject({ status: 401 });
});

test('a secret that is taken away ends what is known within minutes', async () => {
  const { time, settings, secret } = world();
  const { token } = await signToken(settings, 'visitor', 'ann', LIFETIME_SECONDS);
  const verify = tokenVerifier(settings, 'visitor');
  expect(await verify(token)).toBe('ann');
  secret.mockResolvedValue(keyOf('another'));
  time.now += SECRET_KEPT_MS;
  await expect(verify(token)).rejects.toMatchObject({ status: 401 });
});
