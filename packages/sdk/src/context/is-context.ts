import type { Context } from '@opentelemetry/api';

/** Whether it is one. Programs without types pass anything, and what is no context must not become the active one. */
export function isContext(value: unknown): value is Context {
  try {
    return typeof (value as Context | null | undefined)?.getValue === 'function';
  } catch {
    return false; // It defends itself.
  }
}
