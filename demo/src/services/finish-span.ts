import { Tags } from 'opentracing';
import type { Span } from 'opentracing';

/** Does the work of a span and finishes it; what the work throws is told by the span, as OpenTracing has it, and thrown on. */
export async function finishAfter<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.setTag(Tags.ERROR, true);
    span.log({ event: 'error', 'error.object': error });
    throw error;
  } finally {
    span.finish();
  }
}
