/**
 * How Step Functions names throttling and broken connections of a service. Throttling is not in the model of many services, and comes
 * under the general exception then. Other errors would only be repeated.
 *
 * @param service as error names begin: `Personalize`, `Sfn`
 */
export const transient = (service: string): string[] => [
  `${service}.ThrottlingException`,
  `${service}.${service}Exception`,
  `${service}.SdkClientException`,
];
