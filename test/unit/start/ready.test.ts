// Where npm start says to look.
import { atSite, stackPrefix } from '../../../local/start/ready';

test('a link follows the site to another port', () => {
  const link = 'https://localhost:8080/enabler.html#operator=a.b.c';
  expect(atSite('http://localhost:9090', link)).toBe('http://localhost:9090/enabler.html#operator=a.b.c');
});

test("the deployment is known by the stack that puts out the page's address", () => {
  expect(stackPrefix({ 'mine-storage': {}, 'mine-site': { EnablerUrl: 'https://x' } })).toBe('mine');
  expect(() => stackPrefix({ 'mine-storage': {} })).toThrow('no deployed stack has the output EnablerUrl');
});
