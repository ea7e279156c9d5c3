import { LimitError } from '@clew/model';
import type { DecodeContext } from './decode-resource.ts';
import { hashGroupHeader } from './group-header.ts';
import type { GroupHeader } from './group-header.ts';
import { IdentityHash } from './identity.ts';

/** Files each distinct instrumentation scope of a request in the block once. */
export class ScopeDecoder {
  readonly #context: DecodeContext;
  readonly #hash = new IdentityHash();
  #attributeCount = 0;
  #droppedAttributesCount = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #versionStart = 0;
  #versionEnd = 0;

  /** The halves of the id of the scope decoded last. */
  idLow = 0;
  idHigh = 0;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  decode(header: GroupHeader): void {
    const { reader, block } = this.#context;
    hashGroupHeader(this.#hash, reader.bytes, header);
    this.idLow = this.#hash.low;
    this.idHigh = this.#hash.high;
    if (block.scopes.find(this.idLow, this.idHigh) === -1) this.#add(header);
  }

  #add(header: GroupHeader): void {
    const { reader, block, limits } = this.#context;
    const { scopes } = block;
    if (scopes.count >= limits.maxSpans) {
      throw new LimitError(`more than ${limits.maxSpans} scopes in a request`, {
        limit: limits.maxSpans,
        actual: scopes.count + 1,
      });
    }
    this.#attributeCount = 0;
    this.#droppedAttributesCount = 0;
    this.#nameStart = this.#nameEnd = 0;
    this.#versionStart = this.#versionEnd = 0;
    for (let i = 0; i < header.messages.length; i += 2) {
      reader.position = header.messages[i] ?? 0;
      this.#readScope(header.messages[i + 1] ?? 0);
    }
    scopes.attributes.endRow();
    scopes.ids.push(this.idLow, this.idHigh);
    scopes.name.push(reader.bytes, this.#nameStart, this.#nameEnd);
    scopes.version.push(reader.bytes, this.#versionStart, this.#versionEnd);
    scopes.schemaUrl.push(reader.bytes, header.schemaUrlStart, header.schemaUrlEnd);
    scopes.droppedAttributesCounts.push(this.#droppedAttributesCount);
  }

  /**
   * InstrumentationScope
   *   1  name                      string    length-delimited
   *   2  version                   string    length-delimited
   *   3  attributes                KeyValue  length-delimited, repeated
   *   4  dropped_attributes_count  uint32    varint
   */
  #readScope(end: number): void {
    const { reader } = this.#context;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      switch (tag) {
        case 0x0a:
          this.#nameEnd = reader.readEnd(end);
          this.#nameStart = reader.position;
          reader.position = this.#nameEnd;
          break;
        case 0x12:
          this.#versionEnd = reader.readEnd(end);
          this.#versionStart = reader.position;
          reader.position = this.#versionEnd;
          break;
        case 0x1a:
          this.#readAttribute(reader.readEnd(end));
          break;
        case 0x20:
          reader.readVarint(end);
          this.#droppedAttributesCount += reader.low >>> 0;
          break;
        default:
          reader.skipUnknown(tag, end, 4);
      }
    }
  }

  #readAttribute(end: number): void {
    const { attributes, block, limits, reader } = this.#context;
    const start = reader.position;
    if (this.#attributeCount >= limits.maxAttributes) attributes.skip(start, end);
    else if (attributes.decode(start, end, block.scopes.attributes)) {
      this.#attributeCount++;
      return;
    }
    this.#droppedAttributesCount++;
  }
}
