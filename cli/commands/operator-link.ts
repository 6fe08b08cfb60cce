// operator-link: prints the address with which an operator opens the enabler page, for somebody whose name does not matter.
import type { Command } from '../command';
import { LINK_OPTIONS, type OperatorClients, type OperatorLink, Operators } from '../operators';

export function operatorLink(clients: OperatorClients): Command {
  return {
    name: 'operator-link',
    summary: 'Prints an operator link: act as several people, simulate a crowd, start a training.',
    options: LINK_OPTIONS,
    async run(values, _, { now }) {
      const link = await (await Operators.of(clients, values, now)).add();
      return { text: linkText(link), json: link };
    },
  };
}

export const linkText = ({ name, url, expiresAt }: OperatorLink): string =>
  `${url}\n\nValid until ${expiresAt}. To end it before: npm run gallery -- operators revoke ${name}`;
