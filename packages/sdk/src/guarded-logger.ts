import type { DiagLogger } from '@opentelemetry/api';

/** A logger of the application's whose faults stay its own: what it throws is lost. */
export function guardedLogger(logger: DiagLogger): DiagLogger {
  const guard =
    (level: keyof DiagLogger): DiagLogger['info'] =>
    (message, ...args) => {
      try {
        logger[level](message, ...args);
      } catch {
        // There is nobody left to tell.
      }
    };
  return {
    error: guard('error'),
    warn: guard('warn'),
    info: guard('info'),
    debug: guard('debug'),
    verbose: guard('verbose'),
  };
}
