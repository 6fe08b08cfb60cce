// How services reach each other: by id, by the ARN of a target, and by the name that a state machine's task has for them.
import type { ServiceDeclaration } from './declaration';
import { AwsError, type AwsService, type ServiceContext } from './service';

/** @param services by id; those that are made later are found too */
export function connect(
  declarations: readonly ServiceDeclaration[],
  services: ReadonlyMap<string, AwsService>,
): Pick<ServiceContext, 'service' | 'deliver' | 'task'> {
  return {
    service<T>(id: string): T {
      const service = services.get(id);
      if (!service)
        throw new AwsError('UnknownService', `There is no service '${id}' on this endpoint.`, 400);
      // The caller names the interface that the service with this id is known to have.
      return service as T;
    },
    async deliver(message) {
      const id = message.arn.split(':')[2] ?? '';
      const service = services.get(id);
      const target = declarations.find((declaration) => declaration.id === id)?.target;
      if (!service || !target) {
        throw new AwsError(
          'ValidationException',
          `Targets of the kind ${id} are not supported on localhost: ${message.arn}`,
        );
      }
      await target(service, message);
    },
    task(name) {
      const declaration = declarations.find(({ tasks = {} }) => Object.hasOwn(tasks, name));
      return declaration && { id: declaration.id, errorPrefix: declaration.tasks?.[name] ?? '' };
    },
  };
}
