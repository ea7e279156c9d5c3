import type { Attributes } from '@opentelemetry/api';

/** Attributes without those of which nothing is known. */
export function present(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined && value !== ''),
  );
}
