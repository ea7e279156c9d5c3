/**
 * Brings spans of Zipkin's first version into the shape of the second. One of the first may hold what both sides of a
 * call reported, each with its endpoint; of the second it becomes a span for each side, under the same id, as Zipkin's
 * own converter makes them:
 *
 * | annotations | become |
 * |---|---|
 * | cs, cr | a client's span, from the one to the other |
 * | sr, ss | a server's span; shared when the client's is here too or the span has no time of its own |
 * | ms, ws | a producer's |
 * | wr, mr | a consumer's |
 * | sa, ca, ma (binary) | the remote endpoint |
 *
 * https://github.com/openzipkin/zipkin/blob/master/zipkin/src/main/java/zipkin2/v1/V1SpanConverter.java
 */
import type { Attribute, AttributeValue, SpanKind } from '@clew/model';
import { ADDRESS_KEYS } from './v1-span.ts';
import type { V1Annotation, V1Span } from './v1-span.ts';
import type { ZipkinAnnotation, ZipkinEndpoint, ZipkinSpan } from './zipkin-span.ts';

export function splitV1Span(span: V1Span): readonly ZipkinSpan[] {
  return new SpanSplitter(span).split();
}

/** What one service reported. */
interface Side {
  endpoint: ZipkinEndpoint | undefined;
  kind: SpanKind;
  startNano: bigint | undefined;
  durationNano: bigint | undefined;
  remoteEndpoint: ZipkinEndpoint | undefined;
  shared: boolean;
  readonly annotations: ZipkinAnnotation[];
  readonly tags: Attribute[];
}

/** The annotations with a meaning of their own: client, server, message and wire, each with send and receive. */
type CoreValue = 'cs' | 'cr' | 'ss' | 'sr' | 'ms' | 'mr' | 'ws' | 'wr';

const KINDS: Readonly<Record<CoreValue, SpanKind | undefined>> = {
  cs: 'client',
  cr: 'client',
  ss: 'server',
  sr: 'server',
  ms: 'producer',
  mr: 'consumer',
  ws: undefined,
  wr: undefined,
};

/** A call has two; what still more services reported stays with the first. */
const MAX_SIDES = 8;

type Core = Partial<Record<CoreValue, V1Annotation>>;

class SpanSplitter {
  readonly #span: V1Span;
  readonly #first: Side = createSide(undefined);
  readonly #sides: Side[] = [this.#first];
  readonly #sideByService = new Map<string, Side>();
  readonly #core: Core = {};

  constructor(span: V1Span) {
    this.#span = span;
  }

  split(): readonly ZipkinSpan[] {
    this.#readAnnotations();
    this.#inferBegin('cs', this.#core.cr);
    this.#inferBegin('sr', this.#core.ss);
    this.#readCall();
    this.#readMessage();
    this.#readBinaryAnnotations();
    return this.#sides.map((side) => this.#toSpan(side));
  }

  #readAnnotations(): void {
    for (const annotation of this.#span.annotations) {
      const side = this.#sideOf(annotation.endpoint);
      if (isCoreValue(annotation.value)) {
        this.#core[annotation.value] = annotation;
        side.kind = KINDS[annotation.value] ?? side.kind;
      } else side.annotations.push(annotation);
    }
  }

  /** An end that lies where the span's own time ends tells where the begin was. */
  #inferBegin(begin: 'cs' | 'sr', end: V1Annotation | undefined): void {
    const { startNano, durationNano } = this.#span;
    if (this.#core[begin] !== undefined || end === undefined) return;
    if (!isPresent(startNano) || !isPresent(durationNano)) return;
    if (startNano + durationNano !== end.timeNano) return;
    this.#core[begin] = { timeNano: startNano, value: begin, endpoint: end.endpoint };
  }

  #readCall(): void {
    const { cs, cr, sr, ss } = this.#core;
    if (cs !== undefined && sr !== undefined) this.#readBothSides(cs, sr);
    else if (cs !== undefined && cr !== undefined) this.#setTimes(cs, cr);
    else if (sr !== undefined && ss !== undefined) this.#setTimes(sr, ss);
    else this.#readHalfCall();
    // A server that joined a span gave it no time of its own, for that was the client's to give.
    const { startNano, durationNano } = this.#span;
    const isJoined = !isPresent(startNano) || (ss !== undefined && !isPresent(durationNano));
    if (cs === undefined && sr !== undefined && isJoined) this.#sideOf(sr.endpoint).shared = true;
  }

  /** The span's own time is the client's; the server's is in its annotations. */
  #readBothSides(cs: V1Annotation, sr: V1Annotation): void {
    const { cr, ss } = this.#core;
    this.#setTimes(cs, cr);
    const client = this.#sideOf(cs.endpoint);
    const server = this.#otherSide(client, cs, sr);
    client.kind = 'client';
    server.kind = 'server';
    server.shared = true;
    server.startNano = sr.timeNano;
    server.durationNano = between(sr, ss);
    // Nobody waits for the answer of a call that goes one way.
    if (cr === undefined && !isPresent(this.#span.durationNano)) client.durationNano = undefined;
  }

  /** The other side of a call, or of a message; a service that calls itself gets a second span. */
  #otherSide(side: Side, { endpoint }: V1Annotation, other: V1Annotation): Side {
    const isLoop = (endpoint?.serviceName ?? '') === (other.endpoint?.serviceName ?? '');
    const found = isLoop ? side : this.#sideOf(other.endpoint);
    if (found !== side) return found;
    const added = createSide(other.endpoint);
    this.#sides.push(added);
    return added;
  }

  #readHalfCall(): void {
    const { cs, cr, sr, ss } = this.#core;
    for (const side of this.#sides) {
      if (side.kind === 'client') takeHalf(side, cs, cr);
      if (side.kind === 'server') takeHalf(side, sr, ss);
    }
    const { startNano, durationNano } = this.#span;
    if (!isPresent(startNano)) return;
    this.#first.startNano = startNano;
    this.#first.durationNano = durationNano;
  }

  #readMessage(): void {
    const { ms, mr, ws, wr } = this.#core;
    if (ms !== undefined && mr !== undefined) {
      const producer = this.#sideOf(ms.endpoint);
      const consumer = this.#otherSide(producer, ms, mr);
      producer.kind = 'producer';
      producer.startNano = ms.timeNano;
      producer.durationNano = between(ms, ws);
      consumer.kind = 'consumer';
      consumer.shared = true;
      consumer.startNano = (wr ?? mr).timeNano;
      consumer.durationNano = wr === undefined ? undefined : between(wr, mr);
    } else if (ms !== undefined) this.#setTimes(ms, ws);
    else if (mr !== undefined) this.#setTimes(wr ?? mr, wr === undefined ? undefined : mr);
    else {
      if (ws !== undefined) this.#sideOf(ws.endpoint).annotations.push(ws);
      if (wr !== undefined) this.#sideOf(wr.endpoint).annotations.push(wr);
    }
  }

  /** The span's own time where it has one, else that of its annotations. */
  #setTimes(begin: V1Annotation, end: V1Annotation | undefined): void {
    const side = this.#sideOf(begin.endpoint);
    const { startNano, durationNano } = this.#span;
    const hasTimes = isPresent(startNano) && isPresent(durationNano);
    side.startNano = hasTimes ? startNano : begin.timeNano;
    side.durationNano = hasTimes ? durationNano : between(begin, end);
  }

  #readBinaryAnnotations(): void {
    const addresses = new Map<string, ZipkinEndpoint>();
    for (const { key, value, endpoint } of this.#span.binaryAnnotations) {
      if (value !== undefined) this.#addTag(key, value, endpoint);
      else if (ADDRESS_KEYS.has(key) && endpoint !== undefined) addresses.set(key, endpoint);
    }
    this.#addAddresses(addresses.get('ca'), addresses.get('sa'));
    const broker = addresses.get('ma');
    if (broker === undefined) return;
    const { ms, mr } = this.#core;
    for (const end of [ms, mr]) {
      if (end !== undefined) this.#sideOf(end.endpoint).remoteEndpoint = broker;
    }
  }

  /** A local component is the namespace of the span's name; an empty one only marks spans inside a service. */
  #addTag(key: string, value: AttributeValue, endpoint: ZipkinEndpoint | undefined): void {
    const side = this.#sideOf(endpoint);
    if (key !== 'lc') side.tags.push({ key, value });
    else if (value.type !== 'string' || value.value !== '')
      side.tags.push({ key: 'component', value });
  }

  #addAddresses(ca: ZipkinEndpoint | undefined, sa: ZipkinEndpoint | undefined): void {
    const { cs, cr, sr, ss } = this.#core;
    const client = cs ?? cr;
    const server = sr ?? ss;
    if (client === undefined && server === undefined) this.#addLoneAddresses(ca, sa);
    if (server !== undefined && ca !== undefined && !isSameEndpoint(ca, server.endpoint)) {
      // Finagle gives the client's port with the server's own name, which would make the server call itself.
      const isOwnName = ca.serviceName === server.endpoint?.serviceName;
      this.#serverSide(server).remoteEndpoint = isOwnName ? { ...ca, serviceName: '' } : ca;
    }
    if (client !== undefined && sa !== undefined) {
      this.#sideOf(client.endpoint).remoteEndpoint = sa;
    }
  }

  /** Without the annotations of a call, an address of the client makes this the server. */
  #addLoneAddresses(ca: ZipkinEndpoint | undefined, sa: ZipkinEndpoint | undefined): void {
    if (ca !== undefined && sa !== undefined) this.#sideOf(ca).remoteEndpoint = sa;
    else if (sa !== undefined) this.#first.remoteEndpoint = sa;
    else if (ca !== undefined) {
      this.#first.kind = 'server';
      this.#first.remoteEndpoint = ca;
    }
  }

  /** Of a service that called itself, the second span is the server's. */
  #serverSide({ endpoint }: V1Annotation): Side {
    return this.#sides.find(({ kind }) => kind === 'server') ?? this.#sideOf(endpoint);
  }

  /** Who said something: each service has a side, and what nobody in particular said is the first's. */
  #sideOf(endpoint: ZipkinEndpoint | undefined): Side {
    const first = this.#first;
    if (endpoint === undefined) return first;
    const { serviceName } = endpoint;
    if ((first.endpoint?.serviceName ?? '') === '') {
      first.endpoint = serviceName === '' ? (first.endpoint ?? endpoint) : endpoint;
      if (serviceName !== '') this.#sideByService.set(serviceName, first);
      return first;
    }
    if (serviceName === '') return first;
    let side = this.#sideByService.get(serviceName);
    if (side === undefined && this.#sides.length >= MAX_SIDES) return first;
    if (side === undefined) {
      side = createSide(endpoint);
      this.#sideByService.set(serviceName, side);
      this.#sides.push(side);
    }
    return side;
  }

  #toSpan(side: Side): ZipkinSpan {
    const { traceId, spanId, parentSpanId, name, debug, changes } = this.#span;
    const isFirst = side === this.#first;
    return {
      traceId,
      spanId,
      parentSpanId,
      name,
      kind: side.kind,
      startNano: side.startNano,
      durationNano: side.durationNano,
      localEndpoint: side.endpoint,
      remoteEndpoint: side.remoteEndpoint,
      annotations: side.annotations,
      tags: side.tags,
      droppedTagsCount: isFirst ? this.#span.droppedTagsCount : 0,
      droppedAnnotationsCount: isFirst ? this.#span.droppedAnnotationsCount : 0,
      debug,
      shared: side.shared,
      changes,
    };
  }
}

function createSide(endpoint: ZipkinEndpoint | undefined): Side {
  return {
    endpoint,
    kind: 'unspecified',
    startNano: undefined,
    durationNano: undefined,
    remoteEndpoint: undefined,
    shared: false,
    annotations: [],
    tags: [],
  };
}

/** Of a call only one end was seen: the begin is a start, the end no more than an event. */
function takeHalf(
  side: Side,
  begin: V1Annotation | undefined,
  end: V1Annotation | undefined,
): void {
  if (begin !== undefined) side.startNano = begin.timeNano;
  if (end !== undefined) side.annotations.push(end);
}

function between(begin: V1Annotation, end: V1Annotation | undefined): bigint | undefined {
  if (begin.timeNano === undefined || end?.timeNano === undefined) return undefined;
  return end.timeNano - begin.timeNano;
}

function isCoreValue(value: string): value is CoreValue {
  return value.length === 2 && Object.hasOwn(KINDS, value);
}

/** 0 stands for a time that is left out. */
function isPresent(nano: bigint | undefined): nano is bigint {
  return nano !== undefined && nano !== 0n;
}

function isSameEndpoint(a: ZipkinEndpoint, b: ZipkinEndpoint | undefined): boolean {
  return a.serviceName === b?.serviceName && a.ip === b.ip && a.port === b.port;
}
