import { LimitError } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import type { WireReader } from '../wire/reader.ts';
import { cleanText } from '../wire/utf8.ts';
import { AttributeRow, MAX_COUNT } from './decode-attribute-row.ts';
import type { AttributeDecoder } from './decode-attributes.ts';
import { pushName } from './names.ts';
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
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

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
  readonly #row: AttributeRow;
  readonly #hash = new IdentityHash();

  /** The halves of the id of the resource decoded last, and its service's entry in `block.service`. */
  idLow = 0;
  idHigh = 0;
  serviceIndex = 0;

  constructor(context: DecodeContext) {
    const { reader, block, limits } = context;
    this.#context = context;
    this.#row = new AttributeRow(reader, block.resources.attributes, limits);
    // Without its service a span is lost, however many attributes stand before the one that names it.
    this.#row.exempt(SERVICE_NAME_KEY);
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
    this.#row.begin();
    for (let i = 0; i < header.messages.length; i += 2) {
      reader.position = header.messages[i] ?? 0;
      this.#readResource(header.messages[i + 1] ?? 0);
    }
    this.#pushService();
    const schemaUrl = { start: header.schemaUrlStart, end: header.schemaUrlEnd };
    pushName(resources.schemaUrl, this.#context, {
      ...schemaUrl,
      what: 'schema url',
      log: this.#row.log,
    });
    this.#row.finish();
    resources.attributes.endRow();
    resources.ids.push(this.idLow, this.idHigh);
    resources.droppedAttributesCounts.push(Math.min(this.#row.droppedCount, MAX_COUNT));
    return row;
  }

  /**
   * Resource
   *   1  attributes                KeyValue  length-delimited, repeated
   *   2  dropped_attributes_count  uint32    varint
   */
  #readResource(end: number): void {
    const { attributes, reader } = this.#context;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) {
        const attributeEnd = reader.readEnd(end);
        attributes.decode(reader.position, attributeEnd, this.#row);
      } else if (tag === 0x10) {
        reader.readVarint(end);
        this.#row.droppedCount += reader.low >>> 0;
      } else reader.skipUnknown(tag, end, 2);
    }
  }

  #pushService(): void {
    const { block, limits } = this.#context;
    const { service } = block.resources;
    const name = this.#row.find(SERVICE_NAME_KEY);
    if (name === false) service.pushText(MISSING_SERVICE_NAME);
    else if (name === true) service.pushText(WRONG_SERVICE_NAME);
    else if (name.length === 0) service.pushText(EMPTY_SERVICE_NAME);
    else if (name.length <= limits.maxNameBytes) service.push(name, 0, name.length);
    else {
      const clean = cleanText(name, { start: 0, end: name.length }, limits.maxNameBytes);
      service.push(clean.bytes, 0, clean.bytes.length);
      // The service and the attribute that names it are never two names.
      this.#row.replaceString(SERVICE_NAME, decoder.decode(clean.bytes));
      this.#row.log.addTruncated(SERVICE_NAME);
    }
  }
}
