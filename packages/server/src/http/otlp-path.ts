/** Where the UI's port takes spans over OTLP/HTTP, below the base path: as in Jaeger. */
export const OTLP_TRACES_PATH = '/api/otlp/v1/traces';
