// Asks IAM whether the caller may act on a stack.
import type { Engine } from '../../cloudformation/engine';
import type { ServiceContext } from '../../service';
import type { Caller } from '../shared/operations';

/** `stackName` may be an ARN, or `*`. Throws AccessDenied. */
export type Allow = (action: string, stackName: string, caller: Caller) => void;

export function createAllow(context: ServiceContext, { store }: Engine): Allow {
  const { region, accountId } = context;
  return (action, stackName, { principal, conditions }) => {
    const known = store.find(stackName)?.id;
    const other =
      stackName === '*' ? '*' : `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/*`;
    context.authorize({
      principal,
      action: `cloudformation:${action}`,
      resource: known ?? other,
      context: conditions,
    });
  };
}
