// Where npm start says to look.
import { stackPrefix } from '../../../local/start/ready';

test("the deployment is known by the stack that puts out the page's address", () => {
  expect(stackPrefix({ 'mine-storage': {}, 'mine-site': { EnablerUrl: 'https://x' } })).toBe('mine');
  expect(() => stackPrefix({ 'mine-storage': {} })).toThrow('no deployed stack has the output EnablerUrl');
});
