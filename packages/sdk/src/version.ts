/** The version of this package, as `package.json` has it; a test keeps the two equal. */
export const SDK_VERSION = '0.1.0';

/** The name of this package, and of the instrumentation scope of the spans its own functions start. */
export const SDK_NAME = '@clew/sdk';
