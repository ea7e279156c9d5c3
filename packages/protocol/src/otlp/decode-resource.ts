import { LimitError } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import type { WireReader } from '../wire/reader.ts';
import type { AttributeDecoder } from './decode-attributes.ts';
import { hashGroupHeader } from './group-header.ts';
import type { GroupHeader } from './group-header.ts';
import { IdentityHash } from './identity.ts';
import type { DecodeLimits } from './limits.ts';
import {
  EMPTY_SERVICE_NAME,
  MISSING_SERVICE_NAME,
  SERVICE_NAME,
  WRONG_SERVICE_NAME,
} from './service-name.ts';

const SERVICE_NAME_KEY = new TextEncoder().encode(SERVICE_NAME);

/** What the decoders of the parts of a request have in common. */
export interface DecodeContext {
  readonly reader: WireReader;
  readonly attributes: AttributeDecoder;
  readonly block: SpanBlock;
  readonly limits: DecodeLimits;
}

/** Files each distinct resource of a request in the block once; a known one costs a hash and a look-up. */
export class ResourceDecoder {
  readonly #context: DecodeContext;
  readonly #hash = new IdentityHash();
  #attributeCount = 0;
  #droppedAttributesCount = 0;
  /** What stands for the service's name unless there is one, at `#serviceStart`. */
  #placeholder = '';
  #serviceStart = 0;
  #serviceEnd = 0;

  /** The halves of the id of the resource decoded last, and its service's entry in `block.service`. */
  idLow = 0;
  idHigh = 0;
  serviceIndex = 0;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  decode(header: GroupHeader): void {
    const { reader, block } = this.#context;
    hashGroupHeader(this.#hash, reader.bytes, header);
    this.idLow = this.#hash.low;
    this.idHigh = this.#hash.high;
    const known = block.resources.find(this.idLow, this.idHigh);
    const row = known === -1 ? this.#add(header) : known;
    this.serviceIndex = block.service.internFrom(block.resources.service, row);
  }

  #add(header: GroupHeader): number {
    const { reader, block, limits } = this.#context;
    const { resources } = block;
    const row = resources.count;
    if (row >= limits.maxSpans) {
      throw new LimitError(`more than ${limits.maxSpans} resources in a request`, {
        limit: limits.maxSpans,
        actual: row + 1,
      });
    }
    this.#attributeCount = 0;
    this.#droppedAttributesCount = 0;
    this.#placeholder = MISSING_SERVICE_NAME;
    for (let i = 0; i < header.messages.length; i += 2) {
      reader.position = header.messages[i] ?? 0;
      this.#readResource(header.messages[i + 1] ?? 0);
    }
    resources.attributes.endRow();
    resources.ids.push(this.idLow, this.idHigh);
    resources.schemaUrl.push(reader.bytes, header.schemaUrlStart, header.schemaUrlEnd);
    resources.droppedAttributesCounts.push(this.#droppedAttributesCount);
    if (this.#placeholder !== '') resources.service.pushText(this.#placeholder);
    else resources.service.push(reader.bytes, this.#serviceStart, this.#serviceEnd);
    return row;
  }

  /**
   * Resource
   *   1  attributes                KeyValue  length-delimited, repeated
   *   2  dropped_attributes_count  uint32    varint
   */
  #readResource(end: number): void {
    const { reader } = this.#context;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) this.#readAttribute(reader.readEnd(end));
      else if (tag === 0x10) {
        reader.readVarint(end);
        this.#droppedAttributesCount += reader.low >>> 0;
      } else reader.skipUnknown(tag, end, 2);
    }
  }

  #readAttribute(end: number): void {
    const { attributes, block, limits, reader } = this.#context;
    const start = reader.position;
    if (this.#attributeCount >= limits.maxAttributes) {
      attributes.skip(start, end);
      this.#droppedAttributesCount++;
      return;
    }
    if (attributes.decode(start, end, block.resources.attributes)) this.#attributeCount++;
    else this.#droppedAttributesCount++;
    if (!attributes.hasKey(SERVICE_NAME_KEY)) return;
    this.#serviceStart = attributes.textStart;
    this.#serviceEnd = attributes.textEnd;
    if (!attributes.isText) this.#placeholder = WRONG_SERVICE_NAME;
    else this.#placeholder = this.#serviceEnd > this.#serviceStart ? '' : EMPTY_SERVICE_NAME;
  }
}
