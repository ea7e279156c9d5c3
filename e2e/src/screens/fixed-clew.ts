import { test as base } from '@playwright/test';
import { ClewProcess } from '../clew-process.ts';
import { SPAN_COUNT, fixedRequest } from './fixed-spans.ts';

/** Tests with a Clew that has the fixed spans, which are older every day: they are kept however old they are. */
export const test = base.extend<object, { readonly clew: ClewProcess }>({
  clew: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright wants an object.
    async ({}, use) => {
      const clew = await ClewProcess.start({ from: 'dist', flags: ['--retention', '5000w'] });
      await send(clew);
      await use(clew);
      await clew[Symbol.asyncDispose]();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

async function send({ addresses }: ClewProcess): Promise<void> {
  const sent = await fetch(`${addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fixedRequest()),
  });
  test.expect(sent.status).toBe(200);
  await test.expect
    .poll(async () => {
      const found = await fetch(`${addresses.ui}/api/clew/spans?q={}&limit=1000`);
      return ((await found.json()) as { readonly spans: unknown[] }).spans.length;
    })
    .toBe(SPAN_COUNT);
}
