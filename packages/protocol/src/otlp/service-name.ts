/** The resource attribute that names the service. */
export const SERVICE_NAME = 'service.name';

/** What stands for a name that is not there, so that such spans can be found and their sender repaired. */
export const MISSING_SERVICE_NAME = 'missing-service-name';
export const WRONG_SERVICE_NAME = 'service-name-wrong-type';
export const EMPTY_SERVICE_NAME = 'empty-service-name';
export const EMPTY_SPAN_NAME = 'empty-span-name';

/** What is noted of a span whose sender gave no end. */
export const NO_END_TIME = 'no end time: duration set to 0';

/** Whether a service goes by a name that its sender did not give. */
export function isServicePlaceholder(service: string): boolean {
  return (
    service === MISSING_SERVICE_NAME ||
    service === WRONG_SERVICE_NAME ||
    service === EMPTY_SERVICE_NAME
  );
}
