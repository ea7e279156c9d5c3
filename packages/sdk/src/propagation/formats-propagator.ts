import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { Complaints } from '../complaints.ts';
import type { HeaderFormat, HeaderWriter } from './header-format.ts';
import { HeaderReader } from './header-reader.ts';

/**
 * Several formats by their names, in their order. Each writes its headers; each reads them on top of what those before it found, and
 * where several find a parent, that of the last counts: the most trusted one stands last. One that finds none, or a malformed one,
 * leaves what the others have found. Neither direction throws, whatever the carrier, its headers, or the context are; what goes
 * wrong is told once.
 */
export class FormatsPropagator implements TextMapPropagator {
  readonly #formats: ReadonlyMap<string, HeaderFormat>;
  readonly #complaints = new Complaints();

  constructor(formats: ReadonlyMap<string, HeaderFormat>) {
    this.#formats = formats;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const headers: HeaderWriter = {
      set: (name, value) => setter.set(carrier, name, value),
      tell: (complaint) => this.#complaints.tell(complaint),
    };
    for (const [name, format] of this.#formats) {
      try {
        format.inject(context, headers);
      } catch (thrown) {
        // A setter of theirs, headers that cannot be changed, or a context of odd values.
        this.#complaints.tell(`headers cannot be written: ${name}`, thrown);
      }
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const headers = new HeaderReader(carrier, getter, this.#complaints);
    let extracted = context;
    for (const [name, format] of this.#formats) {
      try {
        extracted = format.extract(extracted, headers);
      } catch (thrown) {
        // The reader does not throw, but what the context had before may.
        this.#complaints.tell(`headers cannot be read: ${name}`, thrown);
      }
    }
    return extracted;
  }

  fields(): string[] {
    return [...new Set([...this.#formats.values()].flatMap((format) => format.fields()))];
  }
}
