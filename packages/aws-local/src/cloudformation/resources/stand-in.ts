// Custom resources that the endpoint makes itself, in the place of a function that cannot run here.
import type { Shape } from '../../service';
import { type Properties, type ProviderContext, requiredString } from '../provider';

/** Calls a service as the role of the provider's function: what it may not do, its stand-in may not do either. */
export async function callerAsFunction(
  properties: Properties,
  context: ProviderContext,
  service: string,
): Promise<(operation: string, input: Shape) => Promise<Shape>> {
  const FunctionName = requiredString(properties, 'ServiceToken');
  const { Role } = await context.call('lambda', 'GetFunctionConfiguration', { FunctionName });
  const principal = context.assumeRole(String(Role), context.logicalId.slice(0, 64), 'lambda.amazonaws.com');
  return (operation, input) => context.callAs(principal, service, operation, input);
}
