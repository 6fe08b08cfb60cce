// operators: who has an operator link, a link for one more, the end of one alone.
import { type Command, UserError } from '../command';
import { LINK_OPTIONS, type OperatorClients, Operators } from '../operators';
import { textTable } from '../table';
import { linkText } from './operator-link';

export function operators(clients: OperatorClients): Command {
  return {
    name: 'operators',
    summary: 'Lists who has an operator link; `add NAME` prints one more, `revoke NAME` ends one at once.',
    positionals: ['[list|add|revoke]', '[NAME]'],
    options: LINK_OPTIONS,
    async run(values, [action = 'list', name], { now }) {
      if (!['list', 'add', 'revoke'].includes(action))
        throw new UserError(`expected list, add or revoke, got ${action}`, true);
      if (action !== 'list' && !name) throw new UserError(`${action} whom? A NAME is missing`, true);
      const all = await Operators.of(clients, values, now);
      if (action === 'add') {
        const link = await all.add(name);
        return { text: linkText(link), json: link };
      }
      if (action === 'revoke') {
        await all.revoke(String(name));
        return { text: `The link of ${name} is refused from now on.`, json: { revoked: name } };
      }
      const rows = await all.list();
      const text =
        rows.length === 0
          ? 'Nobody has an operator link.'
          : textTable(
              ['name', 'since', 'valid until'],
              rows.map(({ name: each, createdAt, expiresAt, revokedAt }) => [
                each,
                createdAt,
                revokedAt ? `revoked ${revokedAt}` : expiresAt,
              ]),
            );
      return { text, json: rows };
    },
  };
}
