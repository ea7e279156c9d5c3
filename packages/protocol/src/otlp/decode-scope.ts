import { LimitError } from '@clew/model';
import { AttributeRow, MAX_COUNT } from './decode-attribute-row.ts';
import type { DecodeContext } from './decode-resource.ts';
import { hashGroupHeader } from './group-header.ts';
import type { GroupHeader } from './group-header.ts';
import { IdentityHash } from './identity.ts';
import { pushName } from './names.ts';

/** Files each distinct instrumentation scope of a request in the block once. */
export class ScopeDecoder {
  readonly #context: DecodeContext;
  readonly #row: AttributeRow;
  readonly #hash = new IdentityHash();
  #nameStart = 0;
  #nameEnd = 0;
  #versionStart = 0;
  #versionEnd = 0;

  /** The halves of the id of the scope decoded last. */
  idLow = 0;
  idHigh = 0;

  constructor(context: DecodeContext) {
    const { reader, block, limits } = context;
    this.#context = context;
    this.#row = new AttributeRow(reader, block.scopes.attributes, limits);
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
    this.#row.begin();
    this.#nameStart = this.#nameEnd = 0;
    this.#versionStart = this.#versionEnd = 0;
    for (let i = 0; i < header.messages.length; i += 2) {
      reader.position = header.messages[i] ?? 0;
      this.#readScope(header.messages[i + 1] ?? 0);
    }
    const { log } = this.#row;
    const name = { start: this.#nameStart, end: this.#nameEnd, what: 'scope name', log };
    pushName(scopes.name, this.#context, name);
    const version = {
      start: this.#versionStart,
      end: this.#versionEnd,
      what: 'scope version',
      log,
    };
    pushName(scopes.version, this.#context, version);
    const url = { start: header.schemaUrlStart, end: header.schemaUrlEnd, what: 'schema url', log };
    pushName(scopes.schemaUrl, this.#context, url);
    this.#row.finish();
    scopes.attributes.endRow();
    scopes.ids.push(this.idLow, this.idHigh);
    scopes.droppedAttributesCounts.push(Math.min(this.#row.droppedCount, MAX_COUNT));
  }

  /**
   * InstrumentationScope
   *   1  name                      string    length-delimited
   *   2  version                   string    length-delimited
   *   3  attributes                KeyValue  length-delimited, repeated
   *   4  dropped_attributes_count  uint32    varint
   */
  #readScope(end: number): void {
    const { attributes, reader } = this.#context;
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
        case 0x1a: {
          const attributeEnd = reader.readEnd(end);
          attributes.decode(reader.position, attributeEnd, this.#row);
          break;
        }
        case 0x20:
          reader.readVarint(end);
          this.#row.droppedCount += reader.low >>> 0;
          break;
        default:
          reader.skipUnknown(tag, end, 4);
      }
    }
  }
}
