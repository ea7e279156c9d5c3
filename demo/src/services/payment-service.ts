/**
 * The payment-service: `POST /payments` takes `{ "orderId": 3, "userId": 7, "amountCents": 900 }`, looks at the user's card and
 * asks the bank. It was instrumented with OpenTracing years ago, requests included, and nobody has touched it since, except for
 * the two lines that start tracing.
 *
 * As a program: PORT, FAULTS, OTEL_EXPORTER_OTLP_ENDPOINT.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createTracer } from '@clew/sdk/opentracing';
import { FORMAT_HTTP_HEADERS, Tags, globalTracer, initGlobalTracer } from 'opentracing';
import type { Span } from 'opentracing';
import { readFaults } from '../faults.ts';
import type { FaultName } from '../faults.ts';
import { isProgram, readPort, runService } from '../run-service.ts';
import { authorise } from './authorise.ts';
import { startBank } from './bank.ts';
import { finishAfter } from './finish-span.ts';
import { RequestError, parseObject, serveJson } from './http-service.ts';
import type { Answer, RequestHeaders, RunningService } from './http-service.ts';
import { startTracing } from './start-tracing.ts';
import type { ServiceOptions } from './start-tracing.ts';

/** Starts the service in this process. */
export async function startPaymentService(options: ServiceOptions): Promise<RunningService> {
  const { faults } = options;
  const clew = startTracing('payment-service', options, {
    instrumentHttp: false,
    version: faults.has('bad-version') ? '1.5.0' : '1.4.2',
  });
  initGlobalTracer(createTracer());

  const bank = await startBank({ isFailing: faults.has('failing-dependency') });
  const service = await serveJson(options.port, [
    {
      method: 'POST',
      route: '/payments',
      pattern: /^\/payments$/,
      answer: (_, body, headers) =>
        serveInSpan('POST /payments', headers, (span) =>
          chargeCard(span, parsePayment(body), { bankUrl: bank.url, faults }),
        ),
    },
  ]);
  return {
    url: service.url,
    stop: async () => {
      await service.stop();
      await bank.stop();
      await clew.shutdown();
    },
  };
}

/** A server's span, below the caller's if the headers have one. */
async function serveInSpan(
  name: string,
  headers: RequestHeaders,
  answer: (span: Span) => Promise<Answer>,
): Promise<Answer> {
  const tracer = globalTracer();
  const caller = tracer.extract(FORMAT_HTTP_HEADERS, headers);
  const span = tracer.startSpan(name, {
    ...(caller === null ? {} : { childOf: caller }),
    tags: {
      [Tags.SPAN_KIND]: Tags.SPAN_KIND_RPC_SERVER,
      [Tags.COMPONENT]: 'payment-service',
      [Tags.HTTP_METHOD]: 'POST',
      [Tags.HTTP_URL]: '/payments',
    },
  });
  let status = 500;
  try {
    const answered = await answer(span);
    status = answered.status;
    return answered;
  } catch (error) {
    if (error instanceof RequestError) status = error.status;
    throw error;
  } finally {
    span.setTag(Tags.HTTP_STATUS_CODE, status);
    // What the caller did wrong is no error of this service.
    if (status >= 500) span.setTag(Tags.ERROR, true);
    span.finish();
  }
}

interface Payment {
  readonly orderId: number;
  readonly userId: number;
  readonly amountCents: number;
}

interface PaymentParts {
  readonly bankUrl: string;
  readonly faults: ReadonlySet<FaultName>;
}

async function chargeCard(
  parent: Span,
  payment: Payment,
  { bankUrl, faults }: PaymentParts,
): Promise<Answer> {
  const span = globalTracer().startSpan('charge-card', {
    childOf: parent,
    tags: {
      'user.id': payment.userId,
      'order.id': payment.orderId,
      'payment.amount_cents': payment.amountCents,
    },
  });
  return finishAfter(span, async () => {
    checkCard(span, payment.userId);
    if (faults.has('bad-version')) await convertCurrency(span, payment);
    await authorise(span, `${bankUrl}/authorisations/${payment.orderId}`);
    return { status: 201, body: { orderId: payment.orderId, state: 'paid' } };
  });
}

/** The cards of all users whose number ends in 13 have expired. */
function checkCard(span: Span, userId: number): void {
  const isExpired = userId % 100 === 13;
  span.log({ event: 'card-checked', 'card.expired': isExpired });
  if (isExpired) throw new RequestError(402, 'the card has expired');
}

/** What version 1.5.0 brought: it takes a quarter of a second, and has no rate for more than twenty euros. */
async function convertCurrency(parent: Span, { amountCents }: Payment): Promise<void> {
  const span = globalTracer().startSpan('convert-currency', { childOf: parent });
  await finishAfter(span, async () => {
    await sleep(250);
    if (amountCents > 2000) throw new TypeError('there is no exchange rate for undefined');
  });
}

function parsePayment(body: string): Payment {
  const { orderId, userId, amountCents } = parseObject(body);
  if (
    typeof orderId !== 'number' ||
    typeof userId !== 'number' ||
    typeof amountCents !== 'number'
  ) {
    throw new RequestError(400, 'orderId, userId and amountCents are not all numbers');
  }
  return { orderId, userId, amountCents };
}

if (isProgram(import.meta.url)) {
  await runService('payment-service', () =>
    startPaymentService({
      port: readPort(process.env['PORT']),
      faults: readFaults(),
      otlpEndpoint: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    }),
  );
}
