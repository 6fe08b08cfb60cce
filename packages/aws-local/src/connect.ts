// How services reach each other: by id, by the ARN of a target, and by the name that a state machine's task has for them.
import type { ServiceDeclaration } from './declaration';
import { AwsError, type AwsService, type ServiceContext } from './service';

/** A service of a region; those that are made later are found too. @param region of the caller by default */
export type FindService = (id: string, region?: string) => AwsService | undefined;

export function connect(
  declarations: readonly ServiceDeclaration[],
  find: FindService,
): Pick<ServiceContext, 'service' | 'deliver' | 'requireTarget' | 'task'> {
  /** @throws ValidationException */
  const targetOf = (arn: string) => {
    const [, , id = ''] = arn.split(':');
    const target = declarations.find((declaration) => declaration.id === id)?.target;
    if (target) return target;
    throw new AwsError(
      'ValidationException',
      `Targets of the kind ${id} are not supported on localhost: ${arn}`,
    );
  };
  return {
    service<T>(id: string, region?: string): T {
      const service = find(id, region);
      if (!service)
        throw new AwsError('UnknownService', `There is no service '${id}' on this endpoint.`, 400);
      // The caller names the interface that the service with this id is known to have.
      return service as T;
    },
    async deliver(message) {
      const [, , id = '', region] = message.arn.split(':');
      const target = targetOf(message.arn);
      const service = find(id, region || undefined);
      if (!service)
        throw new AwsError('UnknownService', `There is no service '${id}' on this endpoint.`, 400);
      await target(service, message);
    },
    requireTarget(arn) {
      targetOf(arn);
    },
    task(name) {
      const declaration = declarations.find(({ tasks = {} }) => Object.hasOwn(tasks, name));
      return declaration && { id: declaration.id, errorPrefix: declaration.tasks?.[name] ?? '' };
    },
  };
}
